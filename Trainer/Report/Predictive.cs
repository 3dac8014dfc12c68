using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;

namespace Latent.Trainer.Report;

/// <summary>Draws of codes and of observations, of which the four predictives are made.</summary>
internal static class Predictive
{
    /// <summary>n draws z ~ p(z), [n, z].</summary>
    public static float[] Prior(BundleGraphs graphs, int n, Random random)
    {
        var (normal, columns) = (graphs.Noise.Normal, graphs.Noise.Normal + graphs.Noise.Uniform);
        var noise = Enumerable.Range(0, n * columns).Select(i => i % columns < normal ? Gaussian(random) : random.NextSingle());
        return graphs.DrawCodes([.. noise]);
    }

    /// <summary>What codes are drawn from, for captions.</summary>
    public static string PriorName(BundleManifest manifest) =>
        manifest.PriorNoise is null ? "prior N(0, I)"
        : manifest.Recipe.Sampler is null ? $"prior p(z), the {manifest.Prior}"
        : $"sampler, a {manifest.Prior} fitted to the codes";

    /// <summary>A draw z ~ q(z|x) for each row, of the shape of <paramref name="mean"/>.</summary>
    public static float[] Posterior(
        BundleGraphs graphs,
        float[] rows,
        IReadOnlyList<string>? labels,
        float[] mean,
        float[] logVariance,
        Random random
    ) => graphs.DrawPosterior(rows, labels, mean, logVariance, [.. mean.Select(_ => Gaussian(random))]);

    /// <summary>A draw x ~ p(x|z) for each mean: Bernoulli, or normal.</summary>
    /// <param name="manifest">Says which likelihood.</param>
    /// <param name="means">Pixels 0 to 255.</param>
    /// <param name="deviation">Standard deviation of the normal, in pixels.</param>
    /// <param name="random">Source of randomness.</param>
    public static float[] Observe(BundleManifest manifest, float[] means, double deviation, Random random) =>
        manifest.Recipe.Objective.Reconstruction == ReconstructionKind.Bernoulli
            ? [.. means.Select(m => random.NextDouble() < m / 255 ? 255f : 0f)]
            : [.. means.Select(m => m + ((float)deviation * Gaussian(random)))];

    /// <summary>A draw of N(0, 1).</summary>
    public static float Gaussian(Random random) => (float)SeededRandom.Normal(random.NextDouble(), random.NextDouble());
}
