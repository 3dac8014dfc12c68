using Latent.Contracts.Recipes;

namespace Latent.Models.Layers;

/// <summary>Defines the skip connection of a U-shaped network.</summary>
internal static class SkipLayer
{
    public static readonly LayerKind Kind = new(
        (layer, input) => new Skip(LayerKind.Stack(layer.Layers!, input, LayerShapes.Walk("layers", layer.Layers!, input))),
        w => w.Graph.Add("Concat", $"{w.Name}.skip", [w.Input, ResidualLayer.WriteLayers(w, ((Skip)w.Module).Layers)], ("axis", 1))
    );
}
