using System.ComponentModel.DataAnnotations;
using Latent.Contracts.Json;

namespace Latent.Contracts.Recipes;

/// <summary>Describes the noise that is added to the input at every minibatch.</summary>
public sealed record NoiseRecipe
{
    /// <summary>Kind of noise.</summary>
    /// <value>The default is <see cref="NoiseKind.None"/>.</value>
    public NoiseKind Kind { get; init; } = NoiseKind.None;

    /// <summary>
    /// Gaussian: standard deviation in model units; masking, salt and pepper: fraction of values; cutout: side as a fraction of the
    /// image's; swap: fraction of cells.
    /// </summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1e12)]
    public double Amount { get; init; }

    /// <summary>Denoisers: what the layers give, the clean image or the noise that is then subtracted (Zhang et al. 2017).</summary>
    /// <value>The default is <see cref="NoisePrediction.Image"/>.</value>
    public NoisePrediction Predict { get; init; } = NoisePrediction.Image;
}

/// <summary>Specifies what a denoiser's layers give.</summary>
public enum NoisePrediction
{
    /// <summary>The clean image.</summary>
    Image,

    /// <summary>The noise, the difference of the noisy image from the clean one.</summary>
    Noise,
}

/// <summary>Specifies the kind of noise.</summary>
public enum NoiseKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>Adds N(0, amount²).</summary>
    Gaussian,

    /// <summary>Sets values to 0.</summary>
    Masking,

    /// <summary>Sets values to 0 or 1.</summary>
    SaltAndPepper,

    /// <summary>Sets a square at a random place to 0.</summary>
    [FormerName("hole")]
    Cutout,

    /// <summary>Replaces cells of a table by those of other rows in the same column.</summary>
    Swap,
}
