using static TorchSharp.torch;

namespace Latent.Models.Distributions;

/// <summary>Represents independent Bernoulli distributions by the logit of their probability of 1. Stable for logits of any size.</summary>
/// <param name="Logits">ln(p / (1 - p)), [batch, …].</param>
public sealed record BernoulliLogits(Tensor Logits)
{
    /// <summary>Gets the probability of 1, [batch, …].</summary>
    public Tensor Mean => Logits.sigmoid();

    /// <summary>
    /// Computes the log probability x·l - ln(1 + exp(l)) of every row; values between 0 and 1 count as a fraction of a 1.
    /// </summary>
    /// <param name="x">[batch, …], from 0 to 1.</param>
    /// <returns>[batch], in nats.</returns>
    public Tensor LogProb(Tensor x) =>
        -nn.functional.binary_cross_entropy_with_logits(Logits, x, reduction: nn.Reduction.None).flatten(1).sum(1);

    /// <summary>Draws zeros and ones.</summary>
    /// <param name="generator">Source of randomness; null for the global one.</param>
    /// <returns>[batch, …]; not differentiable.</returns>
    public Tensor Sample(Generator? generator = null)
    {
        using var _ = no_grad();
        return (rand(Logits.shape, device: Logits.device, generator: generator) < Mean).to(Logits.dtype);
    }

    /// <summary>Computes the KL divergence from other Bernoulli distributions, of every row.</summary>
    /// <param name="other">The others, of the same shape.</param>
    /// <returns>[batch], in nats.</returns>
    public Tensor Kl(BernoulliLogits other) =>
        (Mean * (Logits - other.Logits) + nn.functional.softplus(other.Logits) - nn.functional.softplus(Logits)).flatten(1).sum(1);
}
