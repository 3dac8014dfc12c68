using Latent.Contracts.Recipes;

namespace Latent.Models.Layers;

/// <summary>Defines the layers that open and close each of their outputs by a gate.</summary>
internal static class GatedLayers
{
    public static readonly LayerKind Linear = Of(LinearLayer.Kind);

    public static readonly LayerKind Conv2d = Of(ConvolutionLayers.Conv2d);

    private static LayerKind Of(LayerKind plain) =>
        new(
            (layer, input) => new Gated(plain.Create(layer, input), plain.Create(layer, input)),
            w =>
            {
                var gated = (Gated)w.Module;
                var value = plain.Write(w with { Name = $"{w.Name}.value", Module = gated.Value });
                var gate = plain.Write(w with { Name = $"{w.Name}.gate", Module = gated.Gate });
                var name = $"{w.Name}.{RecipeNames.Of(w.Layer.Type)}";
                return w.Graph.Add("Mul", name, [value, w.Graph.Add("Sigmoid", $"{name}.open", [gate])]);
            }
        );
}
