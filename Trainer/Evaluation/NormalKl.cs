namespace Latent.Trainer.Evaluation;

/// <summary>Computes the KL divergence of a posterior from the outputs of a graph.</summary>
internal static class NormalKl
{
    /// <summary>Computes KL(N(mean, exp(logVariance)) || N(0, 1)) in nats (Kingma and Welling 2014, appendix B).</summary>
    public static double Of(double mean, double logVariance) => 0.5 * (Math.Exp(logVariance) + (mean * mean) - 1 - logVariance);
}
