using Latent.Contracts.Recipes;
using TorchSharp.Modules;

namespace Latent.Models.Layers;

/// <summary>Defines the residual block.</summary>
internal static class ResidualLayer
{
    public static readonly LayerKind Kind = new(
        (layer, input) => new Residual(LayerKind.Stack(layer.Layers!, input, LayerShapes.Walk("layers", layer.Layers!, input))),
        w => w.Graph.Add("Add", $"{w.Name}.residual", [w.Input, WriteLayers(w, ((Residual)w.Module).Layers)])
    );

    /// <summary>Writes the layers within a layer.</summary>
    /// <param name="w">The layer around them, whose input they take.</param>
    /// <param name="modules">Their modules.</param>
    /// <returns>The name of their output.</returns>
    public static string WriteLayers(LayerWriting w, Sequential modules)
    {
        var (layers, name) = (w.Layer.Layers!, $"{w.Name}.layers");
        return LayerKind.WriteStack(w.Graph, name, layers, modules, w.Shape, LayerShapes.Walk(name, layers, w.Shape), w.Input);
    }
}
