using System.ComponentModel.DataAnnotations;
using Latent.Contracts.Json;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Describes a symmetric convolutional network by four numbers: depth convolutions of stride 2, each with twice the filters of the one
/// before and half the pixels, a linear layer of eight times the code's length, and the way back by transposed convolutions.
/// </summary>
public sealed record ConvolutionRecipe
{
    /// <summary>Filters of the first convolution.</summary>
    /// <value>The default is 8.</value>
    [Range(1, 4096)]
    public int Filters { get; init; } = 8;

    /// <summary>Number of convolutions; the image's sides must be divisible by 2^depth.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 8)]
    public int Depth { get; init; } = 4;

    /// <summary>Kernel side in pixels, odd.</summary>
    /// <value>The default is 3.</value>
    [Range(3, 31)]
    public int Kernel { get; init; } = 3;

    /// <summary>Activation of the output; null: none, as a Bernoulli likelihood wants.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public LayerType? OutputActivation { get; init; }

    /// <summary>Spells the network out in the recipe's encoder and decoder.</summary>
    /// <param name="recipe">A recipe with this network and no layers of its own.</param>
    /// <param name="source">Origin of the recipe, for messages.</param>
    /// <exception cref="LatentException">
    /// The recipe also has layers, has no image size, or has one that can't be halved that often.
    /// </exception>
    internal static Recipe Expand(Recipe recipe, string source)
    {
        if (recipe.Convolution is not { } network)
            return recipe;
        if (recipe.Kind == Bundles.ModelKind.Denoiser)
            throw new LatentException($"convolution is given, but it leads to a code, which a denoiser has not; leave it out ({source}).");
        RangeCheck.Check(network, "convolution", source);
        if (recipe.Encoder.Count > 0 || recipe.Decoder.Count > 0)
            throw new LatentException($"convolution stands beside encoder or decoder; it describes both, so leave them out ({source}).");
        if (network.Kernel % 2 == 0)
            throw new LatentException($"convolution.kernel is {network.Kernel}; it must be odd ({source}).");
        if (RecipeValidation.Image(recipe.Data) is not { } image)
            throw new LatentException($"convolution needs data.image, the size of the images ({source}).");
        var step = 1 << network.Depth;
        if (image.Height % step != 0 || image.Width % step != 0)
        {
            throw new LatentException(
                $"convolution.depth is {network.Depth}, but {image.Width}x{image.Height} images can't be halved so often; both sides must be divisible by {step} ({source})."
            );
        }

        return recipe with
        {
            Convolution = null,
            Encoder = network.Encoder(recipe.Latent),
            Decoder = network.Decoder(image),
        };
    }

    private List<LayerRecipe> Encoder(LatentRecipe latent)
    {
        var layers = new List<LayerRecipe>();
        for (var i = 0; i < Depth; i++)
        {
            layers.Add(
                new LayerRecipe
                {
                    Type = LayerType.Conv2d,
                    Out = Filters << i,
                    Kernel = Kernel,
                    Stride = 2,
                    Padding = Kernel / 2,
                }
            );
            layers.Add(Relu);
        }

        layers.AddRange([
            new LayerRecipe { Type = LayerType.Flatten },
            new LayerRecipe { Type = LayerType.Linear, Out = latent.Dimension * 8 },
            Relu,
        ]);
        return layers;
    }

    private List<LayerRecipe> Decoder(Bundles.ImageDescription image)
    {
        var (channels, height, width) = (Filters << (Depth - 1), image.Height >> Depth, image.Width >> Depth);
        var layers = new List<LayerRecipe>
        {
            new() { Type = LayerType.Linear, Out = channels * height * width },
            Relu,
            new() { Type = LayerType.Unflatten, Shape = [channels, height, width] },
        };
        for (var i = Depth - 1; i >= 0; i--)
        {
            layers.Add(
                new LayerRecipe
                {
                    Type = LayerType.ConvTranspose2d,
                    Out = Filters << i,
                    Kernel = Kernel,
                    Stride = 2,
                    Padding = Kernel / 2,
                    OutputPadding = 1,
                }
            );
            layers.Add(Relu);
        }

        layers.Add(
            new LayerRecipe
            {
                Type = LayerType.Conv2d,
                Out = image.Channels,
                Kernel = Kernel,
                Padding = Kernel / 2,
            }
        );
        if (OutputActivation is { } activation)
            layers.Add(new LayerRecipe { Type = activation });
        return layers;
    }

    private static LayerRecipe Relu => new() { Type = LayerType.Relu };
}
