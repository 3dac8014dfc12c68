using Latent.Inference.Saving;
using static Latent.Inference.Saving.OnnxFields;

namespace Latent.Inference.Scoring;

/// <summary>Leaves out of a graph what its requested outputs don't need: ONNX Runtime computes every node of a graph in each run.</summary>
internal static class GraphPruning
{
    /// <summary>Prunes a graph; inputs stay, and names that it doesn't have are ignored.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="outputs">Names of the outputs that are requested.</param>
    /// <returns>The bytes of the smaller file; the same bytes if there is nothing to leave out.</returns>
    public static byte[] Keep(byte[] model, IReadOnlyCollection<string> outputs)
    {
        var message = WireMessage.Parse(model);
        var isPruned = false;
        message.ReplaceMessages(Graph, graph => isPruned |= Prune(graph, outputs));
        return isPruned ? message.ToArray() : model;
    }

    /// <summary>Prunes a graph in place.</summary>
    /// <param name="graph">The GraphProto.</param>
    /// <param name="outputs">Names of the outputs that are requested.</param>
    /// <returns>Whether there was something to leave out.</returns>
    public static bool Prune(WireMessage graph, IReadOnlyCollection<string> outputs)
    {
        var declared = graph.Messages(Output).Select(Name).ToHashSet(StringComparer.Ordinal);
        var needed = outputs.Where(declared.Contains).ToHashSet(StringComparer.Ordinal);
        var nodes = graph.Messages(Node).ToArray();
        // A graph within a node may use any tensor around it.
        if (needed.Count == 0 || nodes.Any(HasGraph))
            return false;
        var areAll = needed.Count == declared.Count;
        var isNeeded = new bool[nodes.Length];
        // Nodes stand behind what they read.
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            isNeeded[i] = nodes[i].Strings(NodeOutput).Any(needed.Contains);
            if (isNeeded[i])
                needed.UnionWith(nodes[i].Strings(NodeInput));
        }

        if (areAll && isNeeded.All(needed => needed))
            return false;
        var node = 0;
        graph.Fields.RemoveAll(field =>
            field.Number switch
            {
                Node => !isNeeded[node++],
                Initializer => !needed.Contains(WireMessage.Parse(field.Payload).Strings(TensorName).LastOrDefault("")),
                Output => !outputs.Contains(Name(WireMessage.Parse(field.Payload))),
                _ => false,
            }
        );
        return true;
    }

    private static string Name(WireMessage value) => value.Strings(ValueName).LastOrDefault("");

    private static bool HasGraph(WireMessage node) =>
        node.Messages(NodeAttribute).Any(attribute => attribute.Fields.Any(field => field.Number is Subgraph or Subgraphs));
}
