using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Latent.Contracts.Json;

namespace Latent.Contracts.Recipes;

/// <summary>Describes one layer; which keys apply depends on <see cref="Type"/>.</summary>
public sealed record LayerRecipe
{
    /// <summary>Kind of layer.</summary>
    public required LayerType Type { get; init; }

    /// <summary>
    /// linear and gatedLinear: output features, "input" for as many as the model's own rows have; convolutions: output channels.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, 1 << 20)]
    [JsonConverter(typeof(WidthConverter))]
    public int? Out { get; init; }

    /// <summary>Kernel side in pixels (conv2d, gatedConv2d, convTranspose2d, maxPool2d, avgPool2d).</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, 1 << 10)]
    public int? Kernel { get; init; }

    /// <summary>Stride in pixels; 1 for convolutions, the kernel for pooling.</summary>
    /// <value>The default is <see langword="null"/>, which stands for 1 in convolutions and for the kernel in pooling.</value>
    [Range(1, 1 << 10)]
    public int? Stride { get; init; }

    /// <summary>Zero padding on each side in pixels.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0, 1 << 10)]
    public int? Padding { get; init; }

    /// <summary>convTranspose2d: extra pixels at the bottom and right.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0, 1 << 10)]
    public int? OutputPadding { get; init; }

    /// <summary>unflatten: [channels, height, width].</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>dropout: probability of zeroing a value.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    [FormerName("amount", OfType = LayerType.Dropout)]
    public double? P { get; init; }

    /// <summary>leakyRelu: slope where x is negative (default 0.01).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 0.01.</value>
    [FormerName("amount", OfType = LayerType.LeakyRelu)]
    public double? NegativeSlope { get; init; }

    /// <summary>linear, convolutions and gated layers: whether there is a bias (default true).</summary>
    /// <value>The default is <see langword="null"/>, which stands for <see langword="true"/>.</value>
    public bool? Bias { get; init; }

    /// <summary>
    /// residual: the layers f of x + f(x), whose output has the shape of their input; skip: the layers f of [x, f(x)], whose output has
    /// the height and width of their input; branches: a layer for each of sizes.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IReadOnlyList<LayerRecipe>? Layers { get; init; }

    /// <summary>branches: how many of the values each layer takes, one part after the other.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IReadOnlyList<int>? Sizes { get; init; }

    /// <summary>groupNorm: number of groups, which divides the number of channels.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, 1 << 20)]
    public int? Groups { get; init; }

    /// <summary>upsampleNearest: how often each pixel is repeated in both directions.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(2, 64)]
    public int? Factor { get; init; }

    /// <summary>hardTanh: the least value (default -1).</summary>
    /// <value>The default is <see langword="null"/>, which stands for -1.</value>
    [Range(-1e12, 1e12)]
    public double? Min { get; init; }

    /// <summary>hardTanh: the greatest value (default 1).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 1.</value>
    [Range(-1e12, 1e12)]
    public double? Max { get; init; }
}
