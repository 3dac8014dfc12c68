using Latent.Contracts.Bundles;

namespace Latent.Contracts.Recipes;

/// <summary>Shapes without the batch axis, layer by layer.</summary>
/// <param name="Input">Shape of a row.</param>
/// <param name="Encoder">Output shape of each encoder layer.</param>
/// <param name="LatentDimension">Length of a code.</param>
/// <param name="Decoder">Output shape of each decoder layer; the last is <paramref name="Input"/>.</param>
public sealed record LayerShapes(
    IReadOnlyList<int> Input, IReadOnlyList<IReadOnlyList<int>> Encoder, int LatentDimension, IReadOnlyList<IReadOnlyList<int>> Decoder)
{
    private const long MostValues = 1L << 28;

    /// <summary>Number of values that the encoder's last layer gives the heads.</summary>
    public int EncoderFeatures => (Encoder.Count > 0 ? Encoder[^1] : Input)[0];

    /// <summary>Walks a recipe's layers.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">Shape of a row: [features] or [channels, height, width].</param>
    /// <exception cref="LatentException">A layer doesn't fit, or the output isn't of the input's shape; the message names the layer.</exception>
    public static LayerShapes Of(Recipe recipe, IReadOnlyList<int> input)
    {
        var encoder = Walk("encoder", recipe.Encoder, input);
        var last = encoder.Count > 0 ? encoder[^1] : input;
        var latent = recipe.Latent.Dimension;
        if (last.Count != 1)
            throw new LatentException(
                $"The encoder ends in {Text(last)}, but a code is made of flat features; its last layer must be flatten.");
        if (recipe.Kind == ModelKind.Autoencoder && !recipe.Latent.Linear && last[0] != latent)
            throw new LatentException($"The encoder ends in {Text(last)}, but latent.dimension is {latent}; with latent.linear false they must agree.");
        var decoder = Walk("decoder", recipe.Decoder, [latent]);
        var output = decoder.Count > 0 ? decoder[^1] : [latent];
        if (!output.SequenceEqual(input))
        {
            var which = decoder.Count > 0 ? $"decoder[{decoder.Count - 1}] {RecipeNames.Of(recipe.Decoder[^1].Type)}" : "The empty decoder";
            throw new LatentException($"{which} gives {Text(output)}, but the input is {Text(input)}.");
        }
        return new LayerShapes(input, encoder, latent, decoder);
    }

    /// <summary>
    /// Shape of the rows that a recipe takes of pictures: [channels, height, width] if its encoder begins with a layer of pictures, else
    /// flat.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="image">Size of the pictures.</param>
    public static IReadOnlyList<int> RowShape(Recipe recipe, ImageDescription image) =>
        recipe.Encoder.Select(l => l.Type).FirstOrDefault(t => !IsElementwise(t), LayerType.Linear)
            is LayerType.Conv2d or LayerType.ConvTranspose2d or LayerType.MaxPool2d or LayerType.AvgPool2d
            or LayerType.BatchNorm2d or LayerType.Flatten
            ? [image.Channels, image.Height, image.Width]
            : [checked(image.Channels * image.Height * image.Width)];

    /// <summary>A shape as [1, 28, 28].</summary>
    /// <param name="shape">The shape.</param>
    public static string Text(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";

    private static List<IReadOnlyList<int>> Walk(string part, IReadOnlyList<LayerRecipe> layers, IReadOnlyList<int> shape)
    {
        var shapes = new List<IReadOnlyList<int>>(layers.Count);
        for (var i = 0; i < layers.Count; i++)
        {
            shape = Next($"{part}[{i}] {RecipeNames.Of(layers[i].Type)}", layers[i], shape);
            shapes.Add(shape);
        }
        return shapes;
    }

    private static IReadOnlyList<int> Next(string name, LayerRecipe layer, IReadOnlyList<int> shape)
    {
        var output = layer.Type switch
        {
            LayerType.Linear => Flat() ? [(long)layer.Out!.Value] : throw Takes("[features]", "; put flatten before it"),
            LayerType.BatchNorm1d => Flat() ? Same() : throw Takes("[features]", ""),
            LayerType.BatchNorm2d => Picture() ? Same() : throw Takes("[channels, height, width]", ""),
            LayerType.Conv2d => [layer.Out!.Value, Convolved(1, 1), Convolved(2, 1)],
            LayerType.ConvTranspose2d => [layer.Out!.Value, Transposed(1), Transposed(2)],
            LayerType.MaxPool2d or LayerType.AvgPool2d => [Channels(), Convolved(1, layer.Kernel!.Value), Convolved(2, layer.Kernel.Value)],
            LayerType.Flatten => [Count(Same())],
            LayerType.Unflatten => !Flat() ? throw Takes("[features]", "")
                : Count([.. layer.Shape!]) == shape[0] ? [.. layer.Shape!]
                : throw new LatentException(
                    $"{name} to {Text(layer.Shape!)} needs {Count([.. layer.Shape!])} features, but is given {Text(shape)}."),
            _ => Same(),
        };
        if (Count(output) > MostValues)
            throw new LatentException(
                $"{name} gives [{string.Join(", ", output)}], more than the {MostValues} values that a row may have.");
        return [.. output.Select(n => (int)n)];

        bool Flat() => shape.Count == 1;
        bool Picture() => shape.Count == 3;
        long[] Same() => [.. shape];
        long Channels() => Picture() ? shape[0] : throw Takes("[channels, height, width]", "; put unflatten before it, or give data.image");

        long Pixels(int axis) => Channels() > 0 ? shape[axis] : 0;

        long Convolved(int axis, int usualStride)
        {
            var (kernel, padding) = (layer.Kernel!.Value, layer.Padding ?? 0);
            var room = Pixels(axis) + (2L * padding) - kernel;
            return room >= 0
                ? (room / (layer.Stride ?? usualStride)) + 1
                : throw new LatentException(
                    $"{name} has a kernel of {kernel} pixels, more than {Text(shape)} with a padding of {padding} has room for.");
        }

        long Transposed(int axis)
        {
            var (kernel, more) = (layer.Kernel!.Value, layer.OutputPadding ?? 0);
            var pixels = ((Pixels(axis) - 1) * (layer.Stride ?? 1)) - (2L * (layer.Padding ?? 0)) + kernel + more;
            return pixels > 0
                ? pixels
                : throw new LatentException(
                    $"{name} gives {pixels} pixels of {Text(shape)}: its padding of {layer.Padding} takes all of them away.");
        }

        LatentException Takes(string expected, string hint) => new($"{name} takes {expected}, but is given {Text(shape)}{hint}.");
    }

    private static long Count(IReadOnlyList<long> shape) => shape.Aggregate(1L, (product, n) => Math.Min(product * n, 1L << 40));

    private static bool IsElementwise(LayerType type) =>
        type is LayerType.Dropout or LayerType.Relu or LayerType.LeakyRelu or LayerType.Elu or LayerType.Gelu or LayerType.Silu
            or LayerType.Tanh or LayerType.Sigmoid or LayerType.Softplus;
}
