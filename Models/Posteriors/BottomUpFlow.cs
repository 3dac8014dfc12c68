using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Models.Posteriors;

/// <summary>
/// Makes z₂ of q(z₂|z₁), beside z₁ of q(z₁|x) (Burda et al. 2016, eq. 5), as a transformation of a draw of N(0, I) in its place:
/// z₂ = μ(z₁) + σ(z₁) ε with ln |det| = Σ ln σ.
/// </summary>
/// <param name="upper">Makes q(z₂|z₁).</param>
/// <param name="length">Length of z₁.</param>
internal sealed class BottomUpFlow(ConditionalNormal upper, long length) : IFlow
{
    public (Tensor Z, Tensor Volume) Transform(Tensor z)
    {
        var (draws, batch, upperLength) = (z.shape[0], z.shape[1], z.shape[2] - length);
        var first = z.narrow(2, 0, length);
        var (mean, logVariance) = upper.Of(first.reshape(-1, length));
        var second = mean + ((logVariance * 0.5).exp() * z.narrow(2, length, upperLength).reshape(-1, upperLength));
        return (cat([first, second.reshape(draws, batch, upperLength)], 2), (logVariance.sum(1) * 0.5).reshape(draws, batch));
    }
}
