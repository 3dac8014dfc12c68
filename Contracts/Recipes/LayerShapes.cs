using Latent.Contracts.Bundles;
using Latent.Contracts.Json;
using Latent.Contracts.Layers;

namespace Latent.Contracts.Recipes;

/// <summary>Represents the shapes of a model without the batch axis, layer by layer.</summary>
/// <param name="Input">Shape of a row.</param>
/// <param name="Encoder">Output shape of each encoder layer.</param>
/// <param name="LatentDimension">Length of a code; of two stochastic layers, that of the lower one; 0 without a code.</param>
/// <param name="Decoder">
/// Output shape of each decoder layer; the last is <paramref name="Input"/>. A denoiser has none, and its encoder ends in that shape.
/// </param>
public sealed record LayerShapes(
    IReadOnlyList<int> Input,
    IReadOnlyList<IReadOnlyList<int>> Encoder,
    int LatentDimension,
    IReadOnlyList<IReadOnlyList<int>> Decoder
)
{
    /// <summary>Gets the number of values that the encoder's last layer gives to the heads.</summary>
    public int EncoderFeatures => (Encoder.Count > 0 ? Encoder[^1] : EncoderInput)[0];

    /// <summary>
    /// Gets the shape of what the encoder's first layer takes, which a table's embeddings make smaller than a row, and a second stochastic
    /// layer that is inferred first makes longer, as do labels: each is a value more or, of rows that are images, a channel.
    /// </summary>
    public IReadOnlyList<int> EncoderInput { get; private init; } = Input;

    /// <summary>Gets the shape of what the decoder's first layer takes.</summary>
    public IReadOnlyList<int> DecoderInput { get; private init; } = [LatentDimension];

    /// <summary>Gets the shape of what the encoder of the second stochastic layer takes; empty without one.</summary>
    public IReadOnlyList<int> UpperInput { get; private init; } = [];

    /// <summary>Gets the output shape of each encoder layer of the second stochastic layer.</summary>
    public IReadOnlyList<IReadOnlyList<int>> UpperEncoder { get; private init; } = [];

    /// <summary>Gets the output shape of each decoder layer of the second stochastic layer.</summary>
    public IReadOnlyList<IReadOnlyList<int>> UpperDecoder { get; private init; } = [];

    /// <summary>Replaces widths that are the input's by numbers.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">Shape of what the first layer takes.</param>
    public static Recipe Resolve(Recipe recipe, IReadOnlyList<int> input)
    {
        var width = input.Aggregate(1, (product, size) => product * size);
        var upper = recipe.Latent.Upper is { } given
            ? given with
            {
                Encoder = [.. given.Encoder.Select(Resolved)],
                Decoder = [.. given.Decoder.Select(Resolved)],
            }
            : null;
        return recipe with
        {
            Encoder = [.. recipe.Encoder.Select(Resolved)],
            Decoder = [.. recipe.Decoder.Select(Resolved)],
            Latent = recipe.Latent with { Upper = upper },
        };

        LayerRecipe Resolved(LayerRecipe layer) =>
            layer.Layers is { } inner ? layer with { Layers = [.. inner.Select(Resolved)] }
            : layer.Out == WidthConverter.OfInput ? layer with { Out = width }
            : layer;
    }

    /// <summary>Computes the shapes of a recipe's layers.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">Shape of a row: [features] or [channels, height, width].</param>
    /// <exception cref="LatentException">
    /// A layer doesn't fit, or the output doesn't have the input's shape; the message names the layer.
    /// </exception>
    public static LayerShapes Of(Recipe recipe, IReadOnlyList<int> input) => Of(recipe, input, input);

    /// <summary>Computes the shapes of a recipe's layers for rows of a description.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">The description of a row.</param>
    /// <exception cref="LatentException">
    /// A layer doesn't fit, or the output doesn't have the input's shape; the message names the layer.
    /// </exception>
    public static LayerShapes Of(Recipe recipe, InputDescription input) => Of(recipe, input.NetworkShape(), input.EncoderShape());

    private static LayerShapes Of(Recipe recipe, IReadOnlyList<int> input, IReadOnlyList<int> encoderInput)
    {
        recipe = Resolve(recipe, input);
        var upper = recipe.Latent.Upper;
        var isTopDown = upper is { Inference: InferenceOrder.TopDown };
        if (isTopDown && encoderInput.Count != 1)
        {
            throw new LatentException(
                $"The rows are {Text(encoderInput)}, but latent.upper.inference topDown puts the code after them; they must be flat."
            );
        }

        var classes = recipe.Condition?.Classes ?? 0;
        if (classes > 0)
            encoderInput = [encoderInput[0] + classes, .. encoderInput.Skip(1)];
        var upperInput = isTopDown ? encoderInput : [recipe.Latent.Dimension];
        if (isTopDown)
            encoderInput = [encoderInput[0] + upper!.Dimension];
        var encoder = Walk("encoder", recipe.Encoder, encoderInput);
        if (recipe.Kind == ModelKind.Denoiser)
            return OfDenoiser(recipe, input, encoder);
        var last = encoder.Count > 0 ? encoder[^1] : encoderInput;
        var latent = recipe.Latent.Dimension;
        if (last.Count != 1)
        {
            throw new LatentException(
                $"The encoder ends in {Text(last)}, but a code is made of flat features; its last layer must be flatten."
            );
        }

        if (recipe.Kind == ModelKind.Autoencoder && !recipe.Latent.Linear && last[0] != latent)
        {
            throw new LatentException(
                $"The encoder ends in {Text(last)}, but latent.dimension is {latent}; with latent.linear false they must agree."
            );
        }

        IReadOnlyList<int> decoderInput = [(isTopDown ? latent + upper!.Dimension : latent) + classes];
        var decoder = Walk("decoder", recipe.Decoder, decoderInput);
        var output = decoder.Count > 0 ? decoder[^1] : decoderInput;
        if (!output.SequenceEqual(input))
        {
            var which = decoder.Count > 0 ? $"decoder[{decoder.Count - 1}] {RecipeNames.Of(recipe.Decoder[^1].Type)}" : "The empty decoder";
            throw new LatentException($"{which} gives {Text(output)}, but the input is {Text(input)}.");
        }

        return new LayerShapes(input, encoder, latent, decoder)
        {
            EncoderInput = encoderInput,
            DecoderInput = decoderInput,
            UpperInput = upper is null ? [] : upperInput,
            UpperEncoder = upper is null ? [] : Flat("latent.upper.encoder", upper.Encoder, upperInput),
            UpperDecoder = upper is null ? [] : Flat("latent.upper.decoder", upper.Decoder, [upper.Dimension]),
        };
    }

    private static LayerShapes OfDenoiser(Recipe recipe, IReadOnlyList<int> input, List<IReadOnlyList<int>> encoder) =>
        encoder.Count > 0 && encoder[^1].SequenceEqual(input)
            ? new LayerShapes(input, encoder, 0, [])
            : throw new LatentException(
                encoder.Count == 0
                    ? "The encoder is empty, but it is all that a denoiser learns; it must have a layer."
                    : $"encoder[{encoder.Count - 1}] {RecipeNames.Of(recipe.Encoder[^1].Type)} gives {Text(encoder[^1])}, but the input is {Text(input)}; a denoiser's last layer must give as much."
            );

    private static List<IReadOnlyList<int>> Flat(string part, IReadOnlyList<LayerRecipe> layers, IReadOnlyList<int> input)
    {
        var shapes = Walk(part, layers, input);
        var last = shapes.Count > 0 ? shapes[^1] : input;
        return last.Count == 1
            ? shapes
            : throw new LatentException(
                $"{part} ends in {Text(last)}, but a code is made of flat features; its last layer must be flatten."
            );
    }

    /// <summary>
    /// Gets the shape of the rows that a recipe makes of images: [channels, height, width] if its encoder begins with a layer that takes
    /// images, else flat.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="image">Size of the images.</param>
    public static IReadOnlyList<int> RowShape(Recipe recipe, ImageDescription image) =>
        recipe
            .Encoder.Select(layer => LayerDefinition.Of(layer.Type).Takes)
            .FirstOrDefault(takes => takes != LayerInput.Values, LayerInput.Features) == LayerInput.Features
            ? [checked(image.Channels * image.Height * image.Width)]
            : [image.Channels, image.Height, image.Width];

    /// <summary>Formats a shape, such as [1, 28, 28].</summary>
    /// <param name="shape">The shape.</param>
    public static string Text(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>Computes the output shape of each layer.</summary>
    internal static List<IReadOnlyList<int>> Walk(string part, IReadOnlyList<LayerRecipe> layers, IReadOnlyList<int> shape)
    {
        var shapes = new List<IReadOnlyList<int>>(layers.Count);
        for (var i = 0; i < layers.Count; i++)
        {
            shape = LayerDefinition.Of(layers[i].Type).OutputOf($"{part}[{i}] {RecipeNames.Of(layers[i].Type)}", layers[i], shape);
            shapes.Add(shape);
        }

        return shapes;
    }
}
