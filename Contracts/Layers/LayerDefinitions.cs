using Latent.Contracts.Recipes;

namespace Latent.Contracts.Layers;

/// <summary>Contains the definition of every kind of layer.</summary>
internal static class LayerDefinitions
{
    private const string NeedsImages = "; put unflatten before it, or give data.image";

    private static readonly LayerDefinition s_activation = new() { Takes = LayerInput.Values };

    private static readonly LayerDefinition s_pooling = new()
    {
        Takes = LayerInput.Images,
        Hint = NeedsImages,
        Keys = ["kernel", "stride", "padding"],
        RequiredKeys = ["kernel"],
        Wrong = layer =>
            (layer.Padding ?? 0) * 2 <= layer.Kernel ? null : ("padding", layer.Padding, $"at most half of the kernel, {layer.Kernel / 2}"),
        OutputShape = (layer, input, name) => Windows.Shrink(layer, input, name, input[0], layer.Kernel!.Value),
    };

    /// <summary>Gets the definitions by kind.</summary>
    public static IReadOnlyDictionary<LayerType, LayerDefinition> All { get; } =
        new Dictionary<LayerType, LayerDefinition>
        {
            [LayerType.Linear] = new()
            {
                Takes = LayerInput.Features,
                Hint = "; put flatten before it",
                Keys = ["out", "bias"],
                RequiredKeys = ["out"],
                OutputShape = (layer, _, _) => [layer.Out!.Value],
                Parameters = (layer, input) => ((double)input[0] * layer.Out!.Value) + Bias(layer),
            },
            [LayerType.Conv2d] = new()
            {
                Takes = LayerInput.Images,
                Hint = NeedsImages,
                Keys = ["out", "kernel", "stride", "padding", "bias"],
                RequiredKeys = ["out", "kernel"],
                OutputShape = (layer, input, name) => Windows.Shrink(layer, input, name, layer.Out!.Value, 1),
                Parameters = Convolution,
            },
            [LayerType.ConvTranspose2d] = new()
            {
                Takes = LayerInput.Images,
                Hint = NeedsImages,
                Keys = ["out", "kernel", "stride", "padding", "outputPadding", "bias"],
                RequiredKeys = ["out", "kernel"],
                Wrong = layer =>
                    (layer.OutputPadding ?? 0) < (layer.Stride ?? 1)
                        ? null
                        : ("outputPadding", layer.OutputPadding, $"less than the stride, {layer.Stride ?? 1}"),
                OutputShape = Windows.Grow,
                Parameters = Convolution,
            },
            [LayerType.MaxPool2d] = s_pooling,
            [LayerType.AvgPool2d] = s_pooling,
            [LayerType.BatchNorm1d] = new()
            {
                Takes = LayerInput.Features,
                Parameters = ScaleAndShift,
                MixesRows = true,
            },
            [LayerType.BatchNorm2d] = new()
            {
                Takes = LayerInput.Images,
                Parameters = ScaleAndShift,
                MixesRows = true,
            },
            [LayerType.Dropout] = new()
            {
                Takes = LayerInput.Values,
                Keys = ["p"],
                RequiredKeys = ["p"],
                IsRandom = true,
            },
            [LayerType.Flatten] = new()
            {
                Takes = LayerInput.Rows,
                OutputShape = (_, input, _) => [LayerDefinition.Count(input.Select(n => (long)n))],
            },
            [LayerType.Unflatten] = new()
            {
                Takes = LayerInput.Features,
                Keys = ["shape"],
                RequiredKeys = ["shape"],
                Wrong = layer =>
                    layer.Shape!.Count == 3 && layer.Shape.All(n => n is > 0 and <= 1 << 20)
                        ? null
                        : ("shape", LayerShapes.Text(layer.Shape), "[channels, height, width], each at least 1"),
                OutputShape = (layer, input, name) =>
                {
                    long[] shape = [.. layer.Shape!];
                    var features = LayerDefinition.Count(shape);
                    return features == input[0]
                        ? shape
                        : throw new LatentException(
                            $"{name} to {LayerShapes.Text(layer.Shape!)} needs {features} features, but is given {LayerShapes.Text(input)}."
                        );
                },
            },
            [LayerType.GatedLinear] = new()
            {
                Takes = LayerInput.Features,
                Hint = "; put flatten before it",
                Keys = ["out", "bias"],
                RequiredKeys = ["out"],
                OutputShape = (layer, _, _) => [layer.Out!.Value],
                Parameters = (layer, input) => 2 * (((double)input[0] * layer.Out!.Value) + Bias(layer)),
            },
            [LayerType.GatedConv2d] = new()
            {
                Takes = LayerInput.Images,
                Hint = NeedsImages,
                Keys = ["out", "kernel", "stride", "padding", "bias"],
                RequiredKeys = ["out", "kernel"],
                OutputShape = (layer, input, name) => Windows.Shrink(layer, input, name, layer.Out!.Value, 1),
                Parameters = (layer, input) => 2 * Convolution(layer, input),
            },
            [LayerType.Residual] = new()
            {
                Takes = LayerInput.Rows,
                Keys = ["layers"],
                RequiredKeys = ["layers"],
                Wrong = NoLayers,
                OutputShape = (layer, input, name) =>
                {
                    var output = LayerShapes.Walk($"{name}.layers", layer.Layers!, input)[^1];
                    return output.SequenceEqual(input)
                        ? [.. input]
                        : throw new LatentException(
                            $"{name} is given {LayerShapes.Text(input)}, but its layers make {LayerShapes.Text(output)} of it; they must keep the shape, since both are added."
                        );
                },
                Parameters = OfStack,
            },
            [LayerType.Skip] = new()
            {
                Takes = LayerInput.Images,
                Hint = NeedsImages,
                Keys = ["layers"],
                RequiredKeys = ["layers"],
                Wrong = NoLayers,
                OutputShape = (layer, input, name) =>
                {
                    var output = LayerShapes.Walk($"{name}.layers", layer.Layers!, input)[^1];
                    return output.Count == 3 && output.Skip(1).SequenceEqual(input.Skip(1))
                        ? [(long)input[0] + output[0], input[1], input[2]]
                        : throw new LatentException(
                            $"{name} is given {LayerShapes.Text(input)}, but its layers make {LayerShapes.Text(output)} of it; they must keep height and width, since the channels of both are put together."
                        );
                },
                Parameters = OfStack,
            },
            [LayerType.Branches] = new()
            {
                Takes = LayerInput.Features,
                Hint = "; put flatten before it",
                Keys = ["sizes", "layers"],
                RequiredKeys = ["sizes", "layers"],
                Wrong = layer =>
                    layer.Sizes!.Any(size => size is < 1 or > 1 << 20)
                        ? ("sizes", LayerShapes.Text(layer.Sizes!), "a list of sizes, each at least 1")
                    : layer.Layers!.Count == 0 || layer.Layers.Count != layer.Sizes!.Count
                        ? ("layers", $"a list of {layer.Layers.Count}", "a list of layers, one for each of sizes")
                    : null,
                OutputShape = (layer, input, name) =>
                {
                    if (layer.Sizes!.Sum(size => (long)size) != input[0])
                    {
                        throw new LatentException(
                            $"{name} has branches of {LayerShapes.Text(layer.Sizes!)}, but is given {LayerShapes.Text(input)}."
                        );
                    }

                    var outputs = layer.Layers!.Select((inner, i) => LayerShapes.Walk($"{name}.layers", [inner], [layer.Sizes![i]])[0]);
                    return outputs.All(output => output.Count == 1)
                        ? [outputs.Sum(output => (long)output[0])]
                        : throw new LatentException($"{name} has a branch that makes images; its layers must make values.");
                },
                Parameters = (layer, _) =>
                    layer.Layers!.Select((inner, i) => LayerDefinition.Of(inner.Type).Parameters(inner, [layer.Sizes![i]])).Sum(),
            },
            [LayerType.LayerNorm] = new()
            {
                Takes = LayerInput.Rows,
                Parameters = (_, input) => 2d * LayerDefinition.Count(input.Select(n => (long)n)),
            },
            [LayerType.GroupNorm] = new()
            {
                Takes = LayerInput.Images,
                Hint = NeedsImages,
                Keys = ["groups"],
                RequiredKeys = ["groups"],
                OutputShape = (layer, input, name) =>
                    input[0] % layer.Groups!.Value == 0
                        ? [.. input]
                        : throw new LatentException($"{name} has {layer.Groups} groups, which {input[0]} channels can't be divided into."),
                Parameters = ScaleAndShift,
            },
            [LayerType.UpsampleNearest] = new()
            {
                Takes = LayerInput.Images,
                Hint = NeedsImages,
                Keys = ["factor"],
                RequiredKeys = ["factor"],
                OutputShape = (layer, input, _) => [input[0], (long)input[1] * layer.Factor!.Value, (long)input[2] * layer.Factor.Value],
            },
            [LayerType.Relu] = s_activation,
            [LayerType.LeakyRelu] = s_activation with { Keys = ["negativeSlope"] },
            [LayerType.Elu] = s_activation,
            [LayerType.Gelu] = s_activation,
            [LayerType.Silu] = s_activation,
            [LayerType.Tanh] = s_activation,
            [LayerType.Sigmoid] = s_activation,
            [LayerType.Softplus] = s_activation,
            [LayerType.HardTanh] = s_activation with
            {
                Keys = ["min", "max"],
                Wrong = layer =>
                    (layer.Min ?? -1) < (layer.Max ?? 1) ? null : ("min", layer.Min ?? -1, $"below the greatest value, {layer.Max ?? 1}"),
            },
        };

    private static (string, object?, string)? NoLayers(LayerRecipe layer) =>
        layer.Layers!.Count > 0 ? null : ("layers", "[]", "a list of at least one layer");

    private static double OfStack(LayerRecipe layer, IReadOnlyList<int> input)
    {
        var shapes = LayerShapes.Walk("layers", layer.Layers!, input);
        return layer.Layers!.Select((l, i) => LayerDefinition.Of(l.Type).Parameters(l, i == 0 ? input : shapes[i - 1])).Sum();
    }

    private static double Convolution(LayerRecipe layer, IReadOnlyList<int> input) =>
        ((double)input[0] * layer.Out!.Value * layer.Kernel!.Value * layer.Kernel.Value) + Bias(layer);

    private static double ScaleAndShift(LayerRecipe layer, IReadOnlyList<int> input) => 2d * input[0];

    private static double Bias(LayerRecipe layer) => layer.Bias ?? true ? layer.Out!.Value : 0;
}
