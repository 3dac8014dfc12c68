using static TorchSharp.torch;

namespace Latent.Models.Distributions;

/// <summary>Represents normal distributions with diagonal covariance, one per row.</summary>
/// <param name="Mean">μ, [batch, z].</param>
/// <param name="LogVariance">ln σ², [batch, z].</param>
public sealed record DiagonalNormal(Tensor Mean, Tensor LogVariance)
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    /// <summary>Draws z = μ + σ·ε with ε from N(0, I), differentiable by μ and σ (Kingma and Welling 2014, eq. 10).</summary>
    /// <param name="generator">Source of ε; null for the global one.</param>
    /// <returns>[batch, z].</returns>
    public Tensor Sample(Generator? generator = null) => Mean + ((LogVariance * 0.5).exp() * SliceGenerator.Normal(generator, Mean));

    /// <summary>Draws several z for every row.</summary>
    /// <param name="count">Draws per row, K.</param>
    /// <param name="generator">Source of ε; null for the global one.</param>
    /// <returns>[K, batch, z].</returns>
    public Tensor Sample(int count, Generator? generator = null) => At(Noise(count, generator));

    /// <summary>Draws ε from N(0, I).</summary>
    /// <param name="count">Draws per row, K.</param>
    /// <param name="generator">Source of ε; null for the global one.</param>
    /// <returns>[K, batch, z].</returns>
    internal Tensor Noise(int count, Generator? generator) =>
        SliceGenerator.Draw(
            generator,
            Mean.shape[0],
            1,
            rows => randn([count, rows, .. Mean.shape[1..]], device: Mean.device, generator: generator)
        );

    /// <summary>Computes z = μ + σ·ε, differentiable by μ and σ.</summary>
    /// <param name="noise">ε, [K, batch, z].</param>
    /// <returns>[K, batch, z].</returns>
    internal Tensor At(Tensor noise) => Mean + (LogVariance * 0.5).exp() * noise;

    /// <summary>Computes the log density, summed over the last axis.</summary>
    /// <param name="z">[…, batch, z].</param>
    /// <returns>[…, batch], in nats.</returns>
    public Tensor LogProb(Tensor z) => ((z - Mean).square() * (-LogVariance).exp() + LogVariance + LogTwoPi).sum(-1) * -0.5;

    /// <summary>
    /// Computes the KL divergence from N(0, I) of every row and dimension: ½(σ² + μ² - 1 - ln σ²) (Kingma and Welling 2014, appendix B).
    /// </summary>
    /// <returns>[batch, z], in nats.</returns>
    public Tensor KlPerDimension() => (LogVariance.exp() + Mean.square() - 1 - LogVariance) * 0.5;

    /// <summary>Computes the KL divergence from N(0, I) of every row.</summary>
    /// <returns>[batch], in nats.</returns>
    public Tensor Kl() => KlPerDimension().sum(-1);

    /// <summary>Computes the log density of N(0, I), summed over the last axis.</summary>
    /// <param name="z">[…, z].</param>
    /// <returns>[…], in nats.</returns>
    public static Tensor StandardLogProb(Tensor z) => (z.square() + LogTwoPi).sum(-1) * -0.5;
}
