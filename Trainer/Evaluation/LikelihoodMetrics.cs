namespace Latent.Trainer.Evaluation;

/// <summary>Represents the likelihood of rows by importance sampling, in nats per row.</summary>
/// <param name="Nll">-ln p(x), the mean over rows.</param>
/// <param name="StandardError">Standard deviation of -ln p(x) over rows, divided by the square root of their number.</param>
/// <param name="Elbo">The evidence lower bound, mean over rows.</param>
/// <param name="Reconstruction">-ln p(x|z), mean over draws and rows.</param>
/// <param name="Kl">KL(q(z|x) || N(0, I)), mean over rows.</param>
/// <param name="ActiveUnits">Code dimensions whose mean varies over the rows by more than 0.01 (Burda et al. 2016, section 5.2).</param>
internal sealed record LikelihoodMetrics(double Nll, double StandardError, double Elbo, double Reconstruction, double Kl, int ActiveUnits)
{
    private const double ActiveVariance = 0.01;

    /// <summary>Summarizes rows.</summary>
    /// <param name="logLikelihood">ln p(x) of each row.</param>
    /// <param name="reconstruction">-ln p(x|z) of each row.</param>
    /// <param name="kl">KL of each row.</param>
    /// <param name="means">Mean code of each row, [n, z].</param>
    /// <param name="latent">Length of a code, z.</param>
    public static LikelihoodMetrics Of(
        List<double> logLikelihood,
        List<double> reconstruction,
        List<double> kl,
        List<float> means,
        int latent
    )
    {
        var n = logLikelihood.Count;
        var active = Enumerable
            .Range(0, latent)
            .Count(d => Variance([.. Enumerable.Range(0, n).Select(i => (double)means[(i * latent) + d])], n) > ActiveVariance);
        return new(
            -logLikelihood.Average(),
            Math.Sqrt(Variance(logLikelihood, n - 1) / n),
            -(reconstruction.Average() + kl.Average()),
            reconstruction.Average(),
            kl.Average(),
            active
        );
    }

    /// <summary>Lists the figures by their names in a manifest.</summary>
    public IEnumerable<(string Name, double Value)> Named(int samples) =>
        [
            ("evaluate.nll", Nll),
            ("evaluate.nll_standard_error", StandardError),
            ("evaluate.elbo", Elbo),
            ("evaluate.reconstruction", Reconstruction),
            ("evaluate.kl", Kl),
            ("evaluate.active_units", ActiveUnits),
            ("evaluate.samples", samples),
        ];

    private static double Variance(List<double> values, int divisor)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, divisor);
    }
}
