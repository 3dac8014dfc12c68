using Latent.Contracts.Tables;

namespace Latent.Contracts.Tests;

public sealed class ScoreDistributionTests
{
    // Every row of few, as bundles have them: row i of n has the probability i / n, and the last has 1.
    private static ScoreDistribution Of(params double[] sorted) =>
        new()
        {
            Rows = sorted.Length,
            Probabilities = [.. sorted.Select((_, i) => i == sorted.Length - 1 ? 1.0 : (double)i / sorted.Length)],
            Quantiles = sorted,
        };

    [Fact]
    public void P_values_are_the_conformal_ones_between_rows()
    {
        var scores = Of([.. Enumerable.Range(0, 99).Select(i => Math.Exp(i / 10.0))]);
        for (var below = 1; below < 98; below++)
        {
            var (left, right) = (scores.Quantiles[below - 1], scores.Quantiles[below]);
            foreach (var part in (double[])[0.001, 0.5, 0.999, 1])
                Assert.Equal((1 + 99 - below) / 100.0, scores.PValue(left + (part * (right - left))), 1e-12);
        }

        Assert.Equal(1, scores.PValue(0.5));
        Assert.Equal(0.01, scores.PValue(1e9));
        Assert.Equal(double.NaN, scores.PValue(double.NaN));
    }

    [Theory]
    [InlineData(611, 0.01, 6)]
    [InlineData(611, 0.05, 30)]
    [InlineData(199, 0.05, 10)]
    [InlineData(99, 0.02, 2)]
    public void As_many_rows_reach_a_threshold_as_the_alarm_rate_says(int rows, double rate, int rank)
    {
        // Heavy tails, where a threshold between two rows matters.
        var scores = Of([.. Enumerable.Range(0, rows).Select(i => 1 / (1 - ((i + 0.5) / rows)))]);
        var threshold = scores.Threshold(rate);
        // A fresh row is among the highest `rank` of all with a probability of rank / (rows + 1), the next below the rate.
        Assert.Equal(rank - 1, scores.Quantiles.Count(score => score >= threshold));
        Assert.True(threshold <= Math.BitIncrement(scores.Quantiles[rows - rank]));
        Assert.True(scores.PValue(threshold) <= rate + 1e-12);
        Assert.True(scores.PValue(scores.Quantiles[rows - rank]) > rate);
    }

    [Fact]
    public void A_row_is_called_an_anomaly_exactly_if_its_p_value_is_at_most_the_rate()
    {
        // As for many rows: quantiles of the body, and all of the tail.
        var sorted = Enumerable.Range(0, 20_000).Select(i => -Math.Log(1 - ((i + 0.5) / 20_000))).ToList();
        int[] places =
        [
            .. Enumerable.Range(0, 1000).Select(i => i * 19_999 / 999).Concat(Enumerable.Range(19_800, 200)).Distinct().Order(),
        ];
        var scores = new ScoreDistribution
        {
            Rows = sorted.Count,
            Probabilities = [.. places.Select((place, i) => i == places.Length - 1 ? 1.0 : (double)place / sorted.Count)],
            Quantiles = [.. places.Select(place => sorted[place])],
        };
        foreach (var rate in (double[])[0.0001, 0.005, 0.01, 0.05, 0.3])
        {
            var threshold = scores.Threshold(rate);
            Assert.Equal(rate, sorted.Count(score => score >= threshold) / 20_000.0, 0.0001);
            Assert.All(sorted.Where((_, i) => i % 7 == 0), score => Assert.Equal(score >= threshold, scores.PValue(score) <= rate + 1e-12));
        }
    }

    [Fact]
    public void Equal_scores_are_counted_as_at_least_as_high()
    {
        var scores = Of(1, 2, 2, 2, 3, 4);
        Assert.Equal(6 / 7.0, scores.PValue(2), 1e-12);
        Assert.Equal(6 / 7.0, scores.PValue(1.5), 1e-12);
        Assert.Equal(3 / 7.0, scores.PValue(2.5), 1e-12);
    }
}
