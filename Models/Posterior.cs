using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Models;

/// <summary>Represents the output of an encoder for rows: points, or diagonal normal distributions q(z|x).</summary>
/// <param name="Mean">The code, or the mean of q(z|x), [batch, z].</param>
/// <param name="LogVariance">ln of the variance of q(z|x), within [-30, 20], [batch, z]; null for a plain autoencoder.</param>
public sealed record Posterior(Tensor Mean, Tensor? LogVariance)
{
    /// <summary>Gets q(z|x).</summary>
    /// <exception cref="InvalidOperationException">The model is a plain autoencoder.</exception>
    public DiagonalNormal Normal =>
        new(Mean, LogVariance ?? throw new InvalidOperationException("A plain autoencoder has points for codes, not distributions."));

    /// <summary>Draws one code per row, differentiable; the point itself for a plain autoencoder.</summary>
    /// <param name="generator">Source of randomness; null for the global one.</param>
    /// <returns>[batch, z].</returns>
    public Tensor Sample(Generator? generator = null) => LogVariance is null ? Mean : Normal.Sample(generator);

    /// <summary>Computes the KL divergence from N(0, I) of every row, [batch], in nats.</summary>
    public Tensor Kl() => Normal.Kl();

    /// <summary>Computes the KL divergence from N(0, I) of every row and dimension, [batch, z], in nats.</summary>
    public Tensor KlPerDimension() => Normal.KlPerDimension();

    /// <summary>Computes ln q(z|x), [batch], in nats.</summary>
    /// <param name="z">[batch, z].</param>
    public Tensor LogProb(Tensor z) => Normal.LogProb(z);
}
