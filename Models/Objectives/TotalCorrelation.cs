using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>
/// Estimates the total correlation KL(q(z) ‖ Π q(zⱼ)) with the minibatch in place of all rows: the mean of ln of the mean of q(z|xₙ) less
/// Σ ln of the mean of q(zⱼ|xₙ) (Chen et al. 2018, eq. 2 and section 4.1).
/// </summary>
internal static class TotalCorrelation
{
    /// <param name="normal">q(z|x) of the minibatch's rows.</param>
    /// <param name="z">A draw of each, [batch, z].</param>
    public static Tensor Of(DiagonalNormal normal, Tensor z)
    {
        var (rows, length) = (z.shape[0], z.shape[1]);
        var distance = (z.unsqueeze(1) - normal.Mean).square() * (-normal.LogVariance).exp();
        var each = (distance + normal.LogVariance + Math.Log(2 * Math.PI)) * -0.5;
        return (each.sum(2).logsumexp(1) - each.logsumexp(1).sum(1)).mean() + ((length - 1) * Math.Log(rows));
    }
}
