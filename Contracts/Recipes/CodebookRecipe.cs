using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Describes a codebook of a plain autoencoder (VQ-VAE, van den Oord et al. 2017): the code is divided into vectors, each of which the
/// decoder takes as the nearest one of the codebook. The model's code then is their places in the codebook, counted from 0. Of n vectors,
/// the values of the first are at 0, n, 2n and so on of the encoder's output, as the channels of one pixel are.
/// </summary>
public sealed record CodebookRecipe
{
    /// <summary>Number of vectors in the codebook.</summary>
    [Range(2, 1 << 16)]
    public required int Size { get; init; }

    /// <summary>Length of a vector, which divides latent.dimension.</summary>
    [Range(1, 1 << 16)]
    public required int Width { get; init; }

    /// <summary>What a moving average keeps at each step, [0, 1): each vector is that of the encodings nearest to it.</summary>
    /// <value>The default is 0.99.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    public double Decay { get; init; } = 0.99;

    /// <summary>Weight of the squared distance of the encoder's output from the codebook.</summary>
    /// <value>The default is 0.25.</value>
    [Range(0d, 1e12)]
    public double Commitment { get; init; } = 0.25;

    /// <summary>
    /// Least uses of a vector a minibatch, as a moving average; one with fewer becomes an encoding of the minibatch. 0: never.
    /// </summary>
    /// <value>The default is 0.01.</value>
    [Range(0d, 1e6)]
    public double Revive { get; init; } = 0.01;
}
