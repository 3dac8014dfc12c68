using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>
/// Defines layers that change only the shape; the graph's Reshape takes the first axis (0) from its input, so it stays dynamic.
/// </summary>
internal static class ShapeLayers
{
    public static readonly LayerKind Flatten = new((_, _) => nn.Flatten(), w => Write(w, "flatten"));

    public static readonly LayerKind Unflatten = new(
        (layer, _) => nn.Unflatten(1, [.. layer.Shape!.Select(n => (long)n)]),
        w => Write(w, "unflatten")
    );

    private static string Write(LayerWriting w, string kind) =>
        w.Graph.Add("Reshape", $"{w.Name}.{kind}", [w.Input, w.Graph.Integers($"{w.Name}.shape", [0, .. w.Output.Select(n => (long)n)])]);
}
