namespace Latent.Models.Layers;

/// <summary>Defines normalization within rows, which is the same in training and inference.</summary>
internal static class NormLayers
{
    public static readonly LayerKind LayerNorm = new(
        (_, input) => new GroupNorm(1, [.. input.Select(n => (long)n)]),
        w => Write(w, 1, "layerNorm")
    );

    public static readonly LayerKind GroupNorm = new(
        (layer, input) => new GroupNorm(layer.Groups!.Value, [input[0], 1, 1]),
        w => Write(w, w.Layer.Groups!.Value, "groupNorm")
    );

    private static string Write(LayerWriting w, long groups, string kind)
    {
        var (graph, name, norm) = (w.Graph, $"{w.Name}.{kind}", (GroupNorm)w.Module);
        long[] last = [2];
        var grouped = graph.Add("Reshape", $"{name}.grouped", [w.Input, graph.Integers($"{name}.groups", [0, groups, -1])]);
        var mean = graph.Add("ReduceMean", $"{name}.mean", [grouped], ("axes", last), ("keepdims", 1));
        var centered = graph.Add("Sub", $"{name}.centered", [grouped, mean]);
        var squares = graph.Add("Mul", $"{name}.squares", [centered, centered]);
        var variance = graph.Add("ReduceMean", $"{name}.variance", [squares], ("axes", last), ("keepdims", 1));
        var sum = graph.Add("Add", $"{name}.sum", [variance, graph.Constant($"{name}.epsilon", (float)Layers.GroupNorm.Epsilon)]);
        var normal = graph.Add("Div", $"{name}.normal", [centered, graph.Add("Sqrt", $"{name}.deviation", [sum])]);
        long[] shape = [0, .. w.Shape.Select(n => (long)n)];
        var rows = graph.Add("Reshape", $"{name}.rows", [normal, graph.Integers($"{name}.shape", shape)]);
        var scaled = graph.Add("Mul", $"{name}.scaled", [rows, graph.Weight($"{w.Name}.weight", norm.Weight)]);
        return graph.Add("Add", name, [scaled, graph.Weight($"{w.Name}.bias", norm.Bias)]);
    }
}
