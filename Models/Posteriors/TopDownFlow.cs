using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Models.Posteriors;

/// <summary>
/// Makes z₁ of q(z₁|x, z₂), beside z₂ of q(z₂|x) (Tomczak and Welling 2018, eq. 12), as a transformation of a draw of N(0, I) in its place:
/// z₁ = μ(x, z₂) + σ(x, z₂) ε with ln |det| = Σ ln σ.
/// </summary>
/// <param name="lower">Makes q(z₁|x, z₂) of rows with z₂ after them.</param>
/// <param name="rows">The rows, [batch, features].</param>
/// <param name="length">Length of z₁.</param>
internal sealed class TopDownFlow(Func<Tensor, DiagonalNormal> lower, Tensor rows, long length) : IFlow
{
    public (Tensor Z, Tensor Volume) Transform(Tensor z)
    {
        var (draws, batch, upperLength) = (z.shape[0], z.shape[1], z.shape[2] - length);
        var upper = z.narrow(2, length, upperLength);
        var given = cat([rows.unsqueeze(0).expand(draws, batch, rows.shape[1]), upper], 2);
        var (mean, logVariance) = lower(given.reshape(-1, given.shape[2]));
        var first = mean + ((logVariance * 0.5).exp() * z.narrow(2, 0, length).reshape(-1, length));
        return (cat([first.reshape(draws, batch, length), upper], 2), (logVariance.sum(1) * 0.5).reshape(draws, batch));
    }
}
