using Latent.Models.Distributions;
using Latent.Models.Posteriors;
using Latent.Models.Priors;
using static TorchSharp.torch;

namespace Latent.Models;

/// <summary>Represents the output of an encoder for rows: points, or distributions q(z|x).</summary>
/// <param name="Mean">The code, or the mean of the normal distribution that q(z|x) is or is made of, [batch, z].</param>
/// <param name="LogVariance">ln of its variance, within [-30, 20], [batch, z]; null for a plain autoencoder.</param>
public sealed record Posterior(Tensor Mean, Tensor? LogVariance)
{
    private static readonly double s_logTwoPi = Math.Log(2 * Math.PI);

    /// <summary>Gets the diagonal normal distribution that q(z|x) is, or that flows transform.</summary>
    /// <exception cref="InvalidOperationException">The model is a plain autoencoder.</exception>
    public DiagonalNormal Normal =>
        new(Mean, LogVariance ?? throw new InvalidOperationException("A plain autoencoder has points for codes, not distributions."));

    /// <summary>Gets the flow that transforms draws of <see cref="Normal"/>; null if q(z|x) is the normal distribution itself.</summary>
    internal IFlow? Flow { get; init; }

    /// <summary>Gets the codes that rows are reconstructed from: the mean, transformed by the flow if there is one.</summary>
    /// <returns>[batch, z].</returns>
    public Tensor Code => Flow is null ? Mean : Flow.Transform(Mean.unsqueeze(0)).Z.reshape(Mean.shape);

    /// <summary>Draws one code per row, differentiable; the point itself for a plain autoencoder.</summary>
    /// <param name="generator">Source of randomness; null for the global one.</param>
    /// <returns>[batch, z].</returns>
    public Tensor Sample(Generator? generator = null) =>
        LogVariance is null ? Mean
        : Flow is null ? Normal.Sample(generator)
        : Flow.Transform(Normal.Sample(1, generator)).Z.reshape(Mean.shape);

    /// <summary>Computes the KL divergence of the normal distribution from N(0, I), of every row, [batch], in nats.</summary>
    public Tensor Kl() => Normal.Kl();

    /// <summary>Computes the KL divergence of the normal distribution from N(0, I), by row and dimension, [batch, z], in nats.</summary>
    public Tensor KlPerDimension() => Normal.KlPerDimension();

    /// <summary>Computes the log density of the normal distribution, [batch], in nats.</summary>
    /// <param name="z">[batch, z].</param>
    public Tensor LogProb(Tensor z) => Normal.LogProb(z);

    /// <summary>
    /// Computes draws z and ln q(z|x) - ln p(z) of each. With ε at hand it stays exact where σ is too small for z - μ to be: from N(0, I)
    /// and without flows it is ½Σ(z² - ε² - ln σ²).
    /// </summary>
    /// <param name="noise">ε, [draws, batch, z].</param>
    /// <param name="prior">p(z).</param>
    /// <returns>[draws, batch, z] and [draws, batch].</returns>
    internal (Tensor Z, Tensor LogRatio) Draw(Tensor noise, ISampler prior)
    {
        var z = Normal.At(noise);
        if (Flow is null && prior is StandardNormal)
            return (z, (z.square() - noise.square() - LogVariance!).sum(-1) * 0.5);
        (z, var logDensity) = DrawWithDensity(noise);
        return (z, logDensity - prior.LogProb(z));
    }

    /// <summary>Computes draws z and ln q(z|x) of each.</summary>
    /// <param name="noise">ε, [draws, batch, z].</param>
    /// <returns>[draws, batch, z] and [draws, batch].</returns>
    internal (Tensor Z, Tensor LogDensity) DrawWithDensity(Tensor noise)
    {
        var z = Normal.At(noise);
        var logDensity = (noise.square() + LogVariance! + s_logTwoPi).sum(-1) * -0.5;
        if (Flow is null)
            return (z, logDensity);
        var (transformed, volume) = Flow.Transform(z);
        return (transformed, logDensity - volume);
    }
}
