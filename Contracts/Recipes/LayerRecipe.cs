using System.ComponentModel.DataAnnotations;
using Latent.Contracts.Json;

namespace Latent.Contracts.Recipes;

/// <summary>One layer; which keys apply depends on <see cref="Type"/>.</summary>
public sealed record LayerRecipe
{
    /// <summary>Kind of layer.</summary>
    public required LayerType Type { get; init; }

    /// <summary>linear: output features; conv2d and convTranspose2d: output channels.</summary>
    [Range(1, 1 << 20)]
    public int? Out { get; init; }

    /// <summary>Kernel side in pixels (conv2d, convTranspose2d, maxPool2d, avgPool2d).</summary>
    [Range(1, 1 << 10)]
    public int? Kernel { get; init; }

    /// <summary>Stride in pixels; 1 for convolutions, the kernel for pooling.</summary>
    [Range(1, 1 << 10)]
    public int? Stride { get; init; }

    /// <summary>Zero padding on each side in pixels.</summary>
    [Range(0, 1 << 10)]
    public int? Padding { get; init; }

    /// <summary>convTranspose2d: extra pixels at the bottom and right.</summary>
    [Range(0, 1 << 10)]
    public int? OutputPadding { get; init; }

    /// <summary>unflatten: [channels, height, width].</summary>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>dropout: probability of zeroing a value.</summary>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    [FormerName("amount", OfType = LayerType.Dropout)]
    public double? P { get; init; }

    /// <summary>leakyRelu: slope where x is negative (default 0.01).</summary>
    [FormerName("amount", OfType = LayerType.LeakyRelu)]
    public double? NegativeSlope { get; init; }

    /// <summary>linear, conv2d, convTranspose2d: whether there is a bias (default true).</summary>
    public bool? Bias { get; init; }
}
