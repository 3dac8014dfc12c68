using Latent.Contracts.Recipes;

namespace Latent.Models.Layers;

/// <summary>Defines the residual block.</summary>
internal static class ResidualLayer
{
    public static readonly LayerKind Kind = new(
        (layer, input) => new Residual(LayerKind.Stack(layer.Layers!, input, LayerShapes.Walk("layers", layer.Layers!, input))),
        w =>
        {
            var (layers, name) = (w.Layer.Layers!, $"{w.Name}.layers");
            var outputs = LayerShapes.Walk(name, layers, w.Shape);
            var made = LayerKind.WriteStack(w.Graph, name, layers, ((Residual)w.Module).Layers, w.Shape, outputs, w.Input);
            return w.Graph.Add("Add", $"{w.Name}.residual", [w.Input, made]);
        }
    );
}
