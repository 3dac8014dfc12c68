using Latent.Contracts;
using Latent.Inference.Pipeline;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Saving;

/// <summary>A bundle's graph with a transformer's columns as its input and outputs, which is what plain ApplyOnnxModel needs.</summary>
internal static class SavedGraph
{
    private const string Prefix = "latent/";

    // Field numbers of onnx.proto: ModelProto, GraphProto, NodeProto and ValueInfoProto.
    private const int Graph = 7;
    private const int Node = 1, Initializer = 5, Input = 11, Output = 12, ValueInfo = 13;
    private const int NodeInput = 1, NodeOutput = 2, OpType = 4;
    private const int ValueName = 1, InitializerName = 8;

    public static void Save(MLContext ml, Mapping mapping, ModelSaveContext ctx)
    {
        using var model = new MemoryStream(mapping.IsSaved ? mapping.Bundle.GraphBytes(Mapping.SavedRole) : Build(mapping));
        var definition = SchemaDefinition.Create(typeof(InputRow));
        var column = definition[nameof(InputRow.Value)];
        column.ColumnName = mapping.Input;
        column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, mapping.InputLength);
        var empty = ml.Data.LoadFromEnumerable<InputRow>([], definition);
        var transformer = ml.Transforms.ApplyOnnxModel([.. mapping.Outputs.Select(o => o.Name)], [mapping.Input], model).Fit(empty);
        ((ICanSaveModel)transformer).Save(ctx);
        (transformer as IDisposable)?.Dispose();
    }

    public static byte[] Build(Mapping mapping)
    {
        Check(mapping);
        var model = WireMessage.Parse(mapping.Bundle.GraphBytes(mapping.GraphFor(mapping.Outputs)));
        model.ReplaceMessages(Graph, graph => Rewrite(graph, mapping));
        SavedMapping.Write(mapping, model);
        return model.ToArray();
    }

    private static void Check(Mapping mapping)
    {
        var name = $"{mapping.Operation} cannot be saved as plain ApplyOnnxModel";
        if (mapping.Outputs.Any(o => o.Kind == OutputKind.Sample))
            throw new LatentException($"{name}: it draws random numbers, which a graph does not; save Encode and put {mapping.Operation} behind it after loading.");
        if (mapping.Outputs.FirstOrDefault(o => o.Name == mapping.Input) is { } same)
            throw new LatentException($"{name}: it reads and writes column '{same.Name}'; give the output another name.");
    }

    // Every tensor gets a prefix, so that a column may have any name; the columns are joined on with Identity nodes.
    private static void Rewrite(WireMessage graph, Mapping mapping)
    {
        var inputs = graph.Messages(Input).ToList();
        var outputs = graph.Messages(Output).ToList();
        graph.ReplaceMessages(Node, node =>
        {
            node.ReplaceStrings(NodeInput, name => Prefix + name);
            node.ReplaceStrings(NodeOutput, name => Prefix + name);
        });
        graph.ReplaceMessages(Initializer, tensor => tensor.ReplaceStrings(InitializerName, name => Prefix + name));
        graph.Fields.RemoveAll(f => f.Number is Input or Output or ValueInfo);

        var input = mapping.InputTensor;
        graph.Fields.InsertRange(0, MakeNode("Identity", mapping.Input, Prefix + input).Fields);
        graph.Add(Input, Renamed(inputs, input, mapping.Input));
        foreach (var column in mapping.Outputs)
        {
            var tensors = BatchCursor.AvailableTensors(column, mapping).ToArray();
            var first = Prefix + tensors[0];
            if (column.Kind == OutputKind.FeatureErrors)
            {
                var difference = $"{Prefix}{column.Name}/difference";
                graph.Fields.AddRange(MakeNode("Sub", Prefix + input, first, difference).Fields);
                graph.Fields.AddRange(MakeNode("Mul", difference, difference, column.Name).Fields);
            }
            else
            {
                graph.Fields.AddRange(tensors.Length == 1
                    ? MakeNode("Identity", first, column.Name).Fields
                    : MakeNode("Add", first, Prefix + tensors[1], column.Name).Fields);
            }
            graph.Add(Output, Renamed(outputs, tensors[0], column.Name));
        }
    }

    // A graph of one node, whose field can be put among another graph's: inputs first, the output last.
    private static WireMessage MakeNode(string type, params ReadOnlySpan<string> tensors)
    {
        var node = new WireMessage();
        foreach (var tensor in tensors[..^1])
            node.Add(NodeInput, tensor);
        return new WireMessage().Add(Node, node.Add(NodeOutput, tensors[^1]).Add(OpType, type));
    }

    private static WireMessage Renamed(List<WireMessage> values, string from, string to)
    {
        var value = values.Find(v => v.Strings(ValueName).First() == from)
            ?? throw new LatentException($"The graph to save has no input or output {from}.");
        var copy = WireMessage.Parse(value.ToArray());
        copy.ReplaceStrings(ValueName, _ => to);
        return copy;
    }

    private sealed class InputRow
    {
        public float[] Value { get; set; } = [];
    }
}
