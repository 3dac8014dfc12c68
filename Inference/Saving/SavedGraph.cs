using Latent.Contracts;
using Latent.Inference.Pipeline;
using static Latent.Inference.Saving.OnnxFields;

namespace Latent.Inference.Saving;

/// <summary>
/// Builds a bundle's graph as it is saved. Its input has the name of the column that is read, as ApplyOnnxModel wants it, and its outputs
/// are there twice: in batches, for the transformer that loads again, and as columns of one row, for ApplyOnnxModel.
/// </summary>
internal static class SavedGraph
{
    /// <summary>The prefix of the names of the bundle's own tensors, so that a column may have any name without it.</summary>
    public const string TensorPrefix = Prefix + "tensor/";

    private const string Prefix = "latent/",
        FirstRow = Prefix + "first_row";

    /// <summary>Builds the graph with the mapping in its metadata.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="isPlain">Whether ML.NET without this library is to compute the columns too.</param>
    /// <exception cref="LatentException">A column has a name that the graph needs itself.</exception>
    public static byte[] Build(Mapping mapping, bool isPlain)
    {
        var names = mapping.Outputs.Select(o => o.Name).Append(mapping.Input);
        if (names.FirstOrDefault(n => n.StartsWith(Prefix, StringComparison.Ordinal)) is { } name)
        {
            throw new LatentException(
                $"{mapping.Operation} cannot be saved with a column named '{name}'; give it a name that does not start with '{Prefix}'."
            );
        }

        var model = WireMessage.Parse(mapping.Bundle.GraphBytes(mapping.GraphFor(mapping.Outputs)));
        if (!mapping.IsSaved)
            model.ReplaceMessages(Graph, graph => Rewrite(graph, mapping));
        SavedMapping.Write(mapping, isPlain, model);
        return model.ToArray();
    }

    /// <summary>Gets the names of the graph's inputs: the column that is read, or a table's tensors.</summary>
    public static IReadOnlyList<string> Inputs(Mapping mapping) =>
        mapping.Table is null ? [mapping.Input] : [.. mapping.BundleInputs.Select(name => TensorPrefix + name)];

    /// <summary>Tells whether a graph can compute a column.</summary>
    public static bool IsPlain(OutputColumn column) =>
        column.Kind is not (OutputKind.IsAnomaly or OutputKind.PValue or OutputKind.Explanation or OutputKind.Cell);

    /// <summary>
    /// Gets the name of the graph's output that is a column's value of one row, a vector even where the column is a scalar.
    /// </summary>
    public static string PlainOutput(Mapping mapping, int column) =>
        PlainChain.IsNeeded(mapping) ? $"{Prefix}column/{column}" : mapping.Outputs[column].Name;

    /// <summary>Gets the names of the batched outputs that the columns are made of.</summary>
    public static IReadOnlyList<string> BatchOutputs(Mapping mapping) => [.. Tensors(mapping).Select(t => TensorPrefix + t)];

    private static IEnumerable<string> Tensors(Mapping mapping) =>
        mapping.Outputs.SelectMany(o => BatchCursor.AvailableTensors(o, mapping)).Distinct();

    private static void Rewrite(WireMessage graph, Mapping mapping)
    {
        var inputs = graph.Messages(Input).ToList();
        var outputs = graph.Messages(Output).ToList();
        graph.ReplaceMessages(
            Node,
            node =>
            {
                node.ReplaceStrings(NodeInput, name => TensorPrefix + name);
                node.ReplaceStrings(NodeOutput, name => TensorPrefix + name);
            }
        );
        graph.ReplaceMessages(Initializer, tensor => tensor.ReplaceStrings(TensorName, name => TensorPrefix + name));
        graph.Fields.RemoveAll(f => f.Number is Input or Output or ValueInfo);

        if (mapping.Table is null)
        {
            var input = mapping.BundleInputs[0];
            graph.Fields.InsertRange(0, MakeNode("Identity", mapping.Input, TensorPrefix + input).Fields);
            graph.Add(Input, Renamed(inputs, input, mapping.Input));
        }
        else
        {
            foreach (var input in mapping.BundleInputs)
                graph.Add(Input, Renamed(inputs, input, TensorPrefix + input));
        }

        foreach (var tensor in Tensors(mapping))
            graph.Add(Output, Renamed(outputs, tensor, TensorPrefix + tensor));
        // 0 as a 64-bit integer: the row that ApplyOnnxModel looks at, since it makes batches of one.
        var zero = new WireMessage().Add(DataType, Int64Type).Add(TensorName, FirstRow).Add(TensorBytes, new byte[8]);
        graph.Add(Initializer, zero);
        for (var i = 0; i < mapping.Outputs.Count; i++)
        {
            if (mapping.Table is null && IsPlain(mapping.Outputs[i]))
                AddColumn(graph, mapping, i, outputs);
        }
    }

    private static void AddColumn(WireMessage graph, Mapping mapping, int index, List<WireMessage> outputs)
    {
        var (column, name) = (mapping.Outputs[index], PlainOutput(mapping, index));
        var tensors = BatchCursor.AvailableTensors(column, mapping).ToArray();
        var first = TensorPrefix + tensors[0];
        switch (column.Kind)
        {
            case OutputKind.Sample:
                return;
            case OutputKind.FeatureErrors:
                graph.Fields.AddRange(MakeNode("Sub", TensorPrefix + mapping.BundleInputs[0], first, $"{name}/difference").Fields);
                graph.Fields.AddRange(MakeNode("Mul", $"{name}/difference", $"{name}/difference", $"{name}/square").Fields);
                first = $"{name}/square";
                break;
        }

        if (column.IsScalar)
        {
            graph.Fields.AddRange(
                tensors.Length == 1
                    ? MakeNode("Identity", first, name).Fields
                    : MakeNode("Add", first, TensorPrefix + tensors[1], name).Fields
            );
            graph.Add(Output, Renamed(outputs, tensors[0], name));
            return;
        }
        // Without the batch's axis, which would become an axis of the column.
        graph.Fields.AddRange(MakeNode("Gather", first, FirstRow, name).Fields);
        var shape = new WireMessage();
        foreach (var dimension in column.Shape)
            shape.Add(Dimension, new WireMessage().Add(DimensionValue, dimension));
        var type = new WireMessage().Add(TensorType, new WireMessage().Add(ElementType, FloatType).Add(TensorShape, shape));
        graph.Add(Output, new WireMessage().Add(ValueName, name).Add(ValueInfoType, type));
    }

    // Makes a graph of one node, whose field can be added to another graph's: inputs first, the output last.
    private static WireMessage MakeNode(string type, params ReadOnlySpan<string> tensors)
    {
        var node = new WireMessage();
        foreach (var tensor in tensors[..^1])
            node.Add(NodeInput, tensor);
        return new WireMessage().Add(Node, node.Add(NodeOutput, tensors[^1]).Add(OpType, type));
    }

    private static WireMessage Renamed(List<WireMessage> values, string from, string to)
    {
        var value =
            values.Find(v => v.Strings(ValueName).First() == from)
            ?? throw new LatentException($"The graph to save has no input or output {from}.");
        var copy = WireMessage.Parse(value.ToArray());
        copy.ReplaceStrings(ValueName, _ => to);
        return copy;
    }
}
