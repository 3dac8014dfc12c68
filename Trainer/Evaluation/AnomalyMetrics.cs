namespace Latent.Trainer.Evaluation;

/// <summary>Represents how well a score finds anomalies, with 95% intervals.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Anomalies">Rows that are anomalies.</param>
/// <param name="Auroc">
/// How probably an anomaly scores above another row, ties counted half; the interval is that of DeLong et al. (1988), [0, 1] where there
/// are not two rows of each kind.
/// </param>
/// <param name="AveragePrecision">Area under the steps of precision over recall; the interval is a bootstrap's, over rows.</param>
/// <param name="PrecisionAt">
/// For each k the share of anomalies among the k rows of the highest scores, of equal scores the share to be expected; the interval is a
/// bootstrap's, over rows.
/// </param>
internal sealed record AnomalyMetrics(
    int Rows,
    int Anomalies,
    Estimate Auroc,
    Estimate AveragePrecision,
    IReadOnlyList<(int K, Estimate Precision)> PrecisionAt
)
{
    /// <summary>Samples of the bootstrap.</summary>
    public const int Samples = 1000;

    private const int Seed = 1;

    // The 97.5% quantile of a standard normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>Average precision, and precision at k, of scores drawn at random: the share of anomalies.</summary>
    public double Chance => (double)Anomalies / Rows;

    /// <summary>Computes the metrics.</summary>
    /// <param name="scores">One score a row, higher for what is less usual.</param>
    /// <param name="anomalies">Whether each row is an anomaly; some are and some are not.</param>
    /// <param name="tops">The ks besides the number of anomalies, each from 1 to the number of rows.</param>
    /// <exception cref="ArgumentException">All rows are anomalies, or none.</exception>
    public static AnomalyMetrics Of(IReadOnlyList<float> scores, IReadOnlyList<bool> anomalies, params IReadOnlyList<int> tops)
    {
        var positives = anomalies.Count(isAnomaly => isAnomaly);
        if (positives == 0 || positives == anomalies.Count)
            throw new ArgumentException($"{positives} of {anomalies.Count} rows are anomalies; some must be and some must not.");
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(row => scores[row])];
        bool[] hits = [.. order.Select(row => anomalies[row])];
        // Rows of equal scores are on one side of every threshold.
        bool[] ends = [.. order.Select((row, i) => i == order.Length - 1 || scores[row] != scores[order[i + 1]])];
        int[] ks = [.. tops.Prepend(positives).Distinct()];
        var all = new int[order.Length];
        Array.Fill(all, 1);
        var figures = Figures(hits, ends, all, ks);
        var samples = Bootstrap(hits, ends, ks);
        Estimate[] estimates = [.. figures.Select((value, i) => Interval(value, [.. samples.Select(sample => sample[i]).Order()]))];
        return new(scores.Count, positives, DeLong(scores, anomalies), estimates[0], [.. ks.Zip(estimates.Skip(1))]);
    }

    /// <summary>Lists the metrics by their names in a manifest.</summary>
    public IEnumerable<(string Name, double Value)> Named()
    {
        yield return ("evaluate.rows", Rows);
        yield return ("evaluate.anomalies", Anomalies);
        var named = new List<(string, Estimate)> { ("evaluate.auroc", Auroc), ("evaluate.average_precision", AveragePrecision) };
        // The first k is the number of anomalies.
        named.AddRange(PrecisionAt.Select((at, i) => ($"evaluate.precision_at_{(i == 0 ? "anomalies" : $"{at.K}")}", at.Precision)));
        foreach (var (name, (value, low, high)) in named)
        {
            yield return (name, value);
            yield return ($"{name}_low", low);
            yield return ($"{name}_high", high);
        }
    }

    // The variance of an AUROC by its structural components: how each row of one kind stands among those of the other.
    private static Estimate DeLong(IReadOnlyList<float> scores, IReadOnlyList<bool> anomalies)
    {
        int[] rows = [.. Enumerable.Range(0, scores.Count)];
        var among = MidRanks(scores, rows);
        double[] Components(bool ofAnomalies)
        {
            int[] own = [.. rows.Where(row => anomalies[row] == ofAnomalies)];
            var ranks = MidRanks(scores, own);
            return [.. own.Select((row, i) => (among[row] - ranks[i]) / (rows.Length - own.Length))];
        }

        var (above, below) = (Components(true), Components(false));
        var auroc = above.Average();
        if (above.Length < 2 || below.Length < 2)
            return new(auroc, 0, 1);
        var deviation = Math.Sqrt((Variance(above) / above.Length) + (Variance(below) / below.Length));
        return new(auroc, Math.Max(0, auroc - (Z * deviation)), Math.Min(1, auroc + (Z * deviation)));
    }

    // Ranks from 1 among the rows given, in their order; equal scores share the mean of their ranks.
    private static double[] MidRanks(IReadOnlyList<float> scores, int[] rows)
    {
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderBy(i => scores[rows[i]])];
        var ranks = new double[rows.Length];
        for (var (first, next) = (0, 0); first < order.Length; first = next)
        {
            while (next < order.Length && scores[rows[order[next]]] == scores[rows[order[first]]])
                next++;
            for (var i = first; i < next; i++)
                ranks[order[i]] = (first + 1 + next) / 2.0;
        }

        return ranks;
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    // Average precision, then precision at each k, of rows from the highest score on that count so many times.
    private static double[] Figures(bool[] hits, bool[] ends, int[] counts, int[] ks)
    {
        var positives = 0;
        for (var i = 0; i < hits.Length; i++)
            positives += hits[i] ? counts[i] : 0;
        var figures = new double[1 + ks.Length];
        var (found, passed, newFound, newPassed) = (0, 0, 0, 0);
        for (var i = 0; i < hits.Length; i++)
        {
            newPassed += counts[i];
            newFound += hits[i] ? counts[i] : 0;
            if (!ends[i] || newPassed == 0)
                continue;
            figures[0] += (double)newFound / positives * (found + newFound) / (passed + newPassed);
            for (var k = 0; k < ks.Length; k++)
            {
                if (passed < ks[k] && passed + newPassed >= ks[k])
                    figures[1 + k] = (found + ((double)newFound / newPassed * (ks[k] - passed))) / ks[k];
            }

            (found, passed, newFound, newPassed) = (found + newFound, passed + newPassed, 0, 0);
        }

        return figures;
    }

    private static List<double[]> Bootstrap(bool[] hits, bool[] ends, int[] ks)
    {
        var random = new Random(Seed);
        var samples = new List<double[]>();
        var counts = new int[hits.Length];
        while (samples.Count < Samples)
        {
            Array.Clear(counts);
            var some = false;
            for (var i = 0; i < counts.Length; i++)
            {
                var row = random.Next(counts.Length);
                counts[row]++;
                some |= hits[row];
            }

            // Without an anomaly there is nothing to find.
            if (some)
                samples.Add(Figures(hits, ends, counts, ks));
        }

        return samples;
    }

    private static Estimate Interval(double value, double[] sorted) =>
        new(value, sorted[(int)(0.025 * (sorted.Length - 1))], sorted[(int)Math.Ceiling(0.975 * (sorted.Length - 1))]);
}
