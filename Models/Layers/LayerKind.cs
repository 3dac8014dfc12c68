using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>
/// Represents a kind of layer: how a recipe's description becomes a torch module, and how that module writes itself as ONNX.
/// </summary>
/// <param name="Create">Makes the module of a description for rows of a shape (without the batch axis).</param>
/// <param name="Write">Writes the module's nodes to a graph and returns the name of the output.</param>
internal sealed record LayerKind(Func<LayerRecipe, IReadOnlyList<int>, nn.Module<Tensor, Tensor>> Create, Func<LayerWriting, string> Write)
{
    public static LayerKind Of(LayerType type) =>
        type switch
        {
            LayerType.Linear => LinearLayer.Kind,
            LayerType.Conv2d => ConvolutionLayers.Conv2d,
            LayerType.ConvTranspose2d => ConvolutionLayers.ConvTranspose2d,
            LayerType.MaxPool2d => PoolingLayers.MaxPool2d,
            LayerType.AvgPool2d => PoolingLayers.AvgPool2d,
            LayerType.BatchNorm1d => BatchNormLayers.BatchNorm1d,
            LayerType.BatchNorm2d => BatchNormLayers.BatchNorm2d,
            LayerType.Dropout => DropoutLayer.Kind,
            LayerType.Flatten => ShapeLayers.Flatten,
            LayerType.Unflatten => ShapeLayers.Unflatten,
            LayerType.GatedLinear => GatedLayers.Linear,
            LayerType.GatedConv2d => GatedLayers.Conv2d,
            LayerType.Residual => ResidualLayer.Kind,
            LayerType.Skip => SkipLayer.Kind,
            LayerType.Branches => BranchesLayer.Kind,
            LayerType.LayerNorm => NormLayers.LayerNorm,
            LayerType.GroupNorm => NormLayers.GroupNorm,
            LayerType.UpsampleNearest => UpsampleLayer.Kind,
            LayerType.Relu => Activations.Relu,
            LayerType.LeakyRelu => Activations.LeakyRelu,
            LayerType.Elu => Activations.Elu,
            LayerType.Gelu => Activations.Gelu,
            LayerType.Silu => Activations.Silu,
            LayerType.Tanh => Activations.Tanh,
            LayerType.Sigmoid => Activations.Sigmoid,
            LayerType.Softplus => Activations.Softplus,
            LayerType.HardTanh => Activations.HardTanh,
            _ => throw new LatentException($"There is no layer of kind {type}."),
        };

    public static Sequential Stack(
        IReadOnlyList<LayerRecipe> layers,
        IReadOnlyList<int> input,
        IReadOnlyList<IReadOnlyList<int>> outputs
    ) => nn.Sequential(layers.Select((layer, i) => Of(layer.Type).Create(layer, i == 0 ? input : outputs[i - 1])));

    /// <summary>Writes layers one after the other.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">What stands before a layer's place in its name, such as decoder.</param>
    /// <param name="layers">The layers' descriptions.</param>
    /// <param name="modules">Their modules.</param>
    /// <param name="input">Input shape of a row.</param>
    /// <param name="outputs">Output shape of each layer.</param>
    /// <param name="tensor">Name of the input tensor.</param>
    /// <returns>The name of the output.</returns>
    public static string WriteStack(
        OnnxGraph graph,
        string name,
        IReadOnlyList<LayerRecipe> layers,
        Sequential modules,
        IReadOnlyList<int> input,
        IReadOnlyList<IReadOnlyList<int>> outputs,
        string tensor
    )
    {
        foreach (var (i, module) in modules.children().Index())
        {
            var shape = i == 0 ? input : outputs[i - 1];
            tensor = Of(layers[i].Type).Write(new LayerWriting(graph, $"{name}.{i}", layers[i], module, tensor, shape, outputs[i]));
        }

        return tensor;
    }
}

/// <summary>Contains what a layer needs to write itself.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">The layer's name in the graph and in the state_dict, such as decoder.2.</param>
/// <param name="Layer">The layer's description.</param>
/// <param name="Module">The layer's torch module.</param>
/// <param name="Input">Name of the input tensor.</param>
/// <param name="Shape">Input shape of a row.</param>
/// <param name="Output">Output shape of a row.</param>
internal sealed record LayerWriting(
    OnnxGraph Graph,
    string Name,
    LayerRecipe Layer,
    nn.Module Module,
    string Input,
    IReadOnlyList<int> Shape,
    IReadOnlyList<int> Output
);
