using static TorchSharp.torch;

namespace Latent.Models.Objectives;

/// <summary>
/// Estimates the maximum mean discrepancy of codes from draws of N(0, I) without bias, with the sum of inverse multiquadratic kernels
/// C/(C + ‖a - b‖²) for C of 2z times 0.1 to 10 (Tolstikhin et al. 2018, algorithm 2 and section 4).
/// </summary>
internal static class Mmd
{
    private static readonly double[] s_scales = [0.1, 0.2, 0.5, 1, 2, 5, 10];

    /// <param name="codes">[n, z], n at least 2.</param>
    /// <param name="draws">[n, z].</param>
    public static Tensor Of(Tensor codes, Tensor draws)
    {
        var n = codes.shape[0];
        var pairs = n * (n - 1.0);
        // A code's kernel with itself is 1 at every scale.
        var own = (Kernels(codes, codes) + Kernels(draws, draws) - (2.0 * n * s_scales.Length)) * (1 / pairs);
        return own - (Kernels(codes, draws) * (2.0 / ((double)n * n)));
    }

    private static Tensor Kernels(Tensor a, Tensor b)
    {
        var distance = (a.square().sum(1).unsqueeze(1) + b.square().sum(1) - (a.mm(b.t()) * 2)).relu();
        return s_scales
            .Select(scale => 2 * scale * a.shape[1])
            .Select(c => ((distance * (1 / c)) + 1.0).pow(-1).sum())
            .Aggregate((x, y) => x + y);
    }
}
