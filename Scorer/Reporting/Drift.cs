using Latent.Contracts.Tables;

namespace Latent.Scorer.Reporting;

/// <summary>Compares how rows of a column are distributed with how the training rows are.</summary>
internal sealed record Drift
{
    /// <summary>The population stability index from which on a column has drifted, as is usual.</summary>
    public const double UsualLimit = 0.25;

    private const double StableLimit = 0.1;

    // Levels that fewer training rows have are one bin: hundreds of rare ones would hide what happens to the others.
    private const double RareLevel = 0.01;

    // In a thousand columns that haven't drifted, chance exceeds it in one.
    private const double ChanceQuantile = 3.09;

    private Drift() { }

    /// <summary>
    /// Gets the population stability index Σ (q - p)·ln(q / p) over the shares p of training rows and q of new rows in the bins, missing
    /// and unseen among them. Half a row is added to each bin (Jeffreys), so that empty ones have a logarithm.
    /// </summary>
    public double Psi { get; private init; }

    /// <summary>
    /// Gets the largest index that chance gives rows of the same distribution, in all but one of 1,000 cases (Yurdakul 2018: the index is
    /// χ²-distributed times 1 / training rows + 1 / new rows; its quantile by Wilson and Hilferty 1931).
    /// </summary>
    public double Chance { get; private init; }

    /// <summary>
    /// Gets the Kolmogorov-Smirnov distance at the edges of the bins, which is at most that over all numbers; null for words.
    /// </summary>
    public double? Ks { get; private init; }

    /// <summary>Gets the p-value of that distance (Stephens 1970), which is at least that over all numbers; null for words.</summary>
    public double? KsPValue { get; private init; }

    /// <summary>Gets the share of training rows in which the cell is missing.</summary>
    public double MissingBefore { get; private init; }

    /// <summary>Gets the share of new rows in which the cell is missing.</summary>
    public double Missing { get; private init; }

    /// <summary>Gets the share of new rows with a word that no training row has; null for numbers.</summary>
    public double? Unseen { get; private init; }

    /// <summary>Compares two distributions of the same bins or levels.</summary>
    /// <param name="training">That of the training rows.</param>
    /// <param name="rows">That of the new rows, of which there is at least one.</param>
    public static Drift Of(ColumnDistribution training, ColumnDistribution rows)
    {
        var (n, m) = ((double)training.Rows(), (double)rows.Rows());
        var (psi, chance) = Stability(Bins(training, rows), n, m);
        var drift = new Drift
        {
            Psi = psi,
            Chance = chance,
            MissingBefore = training.Missing / n,
            Missing = rows.Missing / m,
            Unseen = training.Edges is null ? rows.Unseen / m : null,
        };
        return training.Edges is null ? drift : Compare(drift, training, rows);
    }

    /// <summary>Judges: "stable" below 0.1, or where chance explains the index, "drift" from a limit on, "some drift" between.</summary>
    /// <param name="limit">The limit, above 0.</param>
    public string Verdict(double limit) =>
        Psi <= Chance || Psi < Math.Min(StableLimit, limit) ? "stable"
        : Psi < limit ? "some drift"
        : "drift";

    private static List<(double Before, double After)> Bins(ColumnDistribution training, ColumnDistribution rows)
    {
        var bins = new List<(double Before, double After)> { (training.Unseen, rows.Unseen), (training.Missing, rows.Missing) };
        var (rare, rareAfter) = (0d, 0d);
        for (var i = 0; i < training.Counts.Count; i++)
        {
            if (training.Edges is not null || training.Counts[i] >= RareLevel * training.Rows())
                bins.Add((training.Counts[i], rows.Counts[i]));
            else
                (rare, rareAfter) = (rare + training.Counts[i], rareAfter + rows.Counts[i]);
        }

        bins.Add((rare, rareAfter));
        bins.RemoveAll(bin => bin is (0, 0));
        return bins;
    }

    private static (double Psi, double Chance) Stability(List<(double Before, double After)> bins, double n, double m)
    {
        var psi = 0d;
        foreach (var (before, after) in bins)
        {
            var (p, q) = ((before + 0.5) / (n + (0.5 * bins.Count)), (after + 0.5) / (m + (0.5 * bins.Count)));
            psi += (q - p) * Math.Log(q / p);
        }

        var freedom = bins.Count - 1d;
        if (freedom == 0)
            return (psi, 0);
        var part = 2 / (9 * freedom);
        return (psi, freedom * Math.Pow(1 - part + (ChanceQuantile * Math.Sqrt(part)), 3) * ((1 / n) + (1 / m)));
    }

    private static Drift Compare(Drift drift, ColumnDistribution training, ColumnDistribution rows)
    {
        var (n, m) = ((double)training.Counts.Sum(), (double)rows.Counts.Sum());
        if (n == 0 || m == 0)
            return drift;
        var (before, after, distance) = (0L, 0L, 0d);
        for (var i = 0; i < training.Counts.Count; i++)
        {
            (before, after) = (before + training.Counts[i], after + rows.Counts[i]);
            distance = Math.Max(distance, Math.Abs((before / n) - (after / m)));
        }

        var root = Math.Sqrt(n * m / (n + m));
        return drift with { Ks = distance, KsPValue = Kolmogorov((root + 0.12 + (0.11 / root)) * distance) };
    }

    // P(K > x) = 2 Σ (-1)^(k-1) exp(-2 k² x²), which is 1 within rounding below 0.2.
    private static double Kolmogorov(double x)
    {
        if (x < 0.2)
            return 1;
        var sum = 0d;
        for (var k = 1; k <= 20; k++)
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * x * x);
        return Math.Clamp(sum, 0, 1);
    }
}
