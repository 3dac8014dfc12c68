using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>Computes the KL term of the ELBO where it is known in closed form.</summary>
internal static class KlTerm
{
    /// <summary>Averages KL(q(z|x) || N(0, I)) over rows, and what of it is minimized.</summary>
    /// <param name="posterior">q(z|x) of the rows, normal.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="freeBits">
    /// Free bits in nats (Kingma et al. 2016, eq. 15): below them a dimension costs as much, without a gradient.
    /// </param>
    /// <returns>Two scalars, in nats.</returns>
    public static (Tensor Kl, Tensor Penalized) Of(Posterior posterior, long rows, double freeBits)
    {
        if (freeBits == 0)
        {
            var kl = posterior.KlPerDimension().sum() / rows;
            return (kl, kl);
        }

        var each = posterior.KlPerDimension().mean([0]);
        return (each.sum(), each.clamp_min(freeBits).sum());
    }
}
