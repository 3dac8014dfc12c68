namespace Latent.Models.Layers;

/// <summary>
/// Defines nearest upsampling. A graph joins copies of the pixels by Concat, whose result has a size that no number in the graph decides.
/// </summary>
internal static class UpsampleLayer
{
    public static readonly LayerKind Kind = new(
        (layer, _) => new UpsampleNearest(layer.Factor!.Value),
        w =>
        {
            long channels = w.Shape[0],
                height = w.Shape[1],
                width = w.Shape[2];
            var across = Repeat(
                w,
                "across",
                w.Input,
                [0, channels, height * width, 1],
                [0, channels, height, 1, width * w.Layer.Factor!.Value]
            );
            return Repeat(w, "down", across, null, [0, channels, height * w.Layer.Factor.Value, width * w.Layer.Factor.Value]);
        }
    );

    // Copies are joined along the fourth axis, which the first shape, or the tensor itself, has of length 1.
    private static string Repeat(LayerWriting w, string name, string tensor, long[]? before, long[] after)
    {
        name = $"{w.Name}.upsampleNearest.{name}";
        if (before is not null)
            tensor = w.Graph.Add("Reshape", $"{name}.before", [tensor, w.Graph.Integers($"{name}.before.shape", before)]);
        var copies = w.Graph.Add("Concat", $"{name}.copies", Enumerable.Repeat(tensor, w.Layer.Factor!.Value), ("axis", 3));
        return w.Graph.Add("Reshape", name, [copies, w.Graph.Integers($"{name}.shape", after)]);
    }
}
