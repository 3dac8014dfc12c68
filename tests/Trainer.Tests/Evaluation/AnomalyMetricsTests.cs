using Latent.Trainer.Evaluation;

namespace Latent.Trainer.Tests.Evaluation;

public class AnomalyMetricsTests
{
    [Fact]
    public void The_interval_of_the_AUROC_by_hand()
    {
        // Three of four pairs are in order. The anomalies are above 1 and 1/2 of the others, and these below 1/2 and 1 of the anomalies:
        // either
        // variance is 1/8, and that of the AUROC 1/8 / 2 + 1/8 / 2.
        var (value, low, high) = AnomalyMetrics.Of([0.8f, 0.4f, 0.6f, 0.2f], [true, true, false, false]).Auroc;
        Assert.Equal(0.75, value, 1e-12);
        Assert.Equal(0.75 - (1.959964 * Math.Sqrt(0.125)), low, 1e-6);
        Assert.Equal(1, high);
    }

    [Fact]
    public void Equal_scores_count_half_in_the_interval_too()
    {
        // The anomalies stand above 3/4 and 1 of the others, which are below 1 and 3/4 of them.
        var (value, low, _) = AnomalyMetrics.Of([1, 2, 1, 0], [true, true, false, false]).Auroc;
        Assert.Equal(0.875, value, 1e-12);
        Assert.Equal(0.875 - (1.959964 * Math.Sqrt(0.03125)), low, 1e-6);
    }

    [Fact]
    public void One_anomaly_tells_nothing_of_the_interval()
    {
        var metrics = AnomalyMetrics.Of([3, 2, 1], [true, false, false]);
        Assert.Equal(new Estimate(1, 0, 1), metrics.Auroc);
    }

    [Fact]
    public void Intervals_of_samples_of_two_rows_by_hand()
    {
        // Of the samples with an anomaly, two in three have the other row above it, and one in three has the anomaly twice.
        var metrics = AnomalyMetrics.Of([1, 2], [true, false]);
        Assert.Equal(new Estimate(0.5, 0.5, 1), metrics.AveragePrecision);
        Assert.Equal((1, new Estimate(0, 0, 1)), Assert.Single(metrics.PrecisionAt));

        var found = AnomalyMetrics.Of([2, 1], [true, false]);
        Assert.Equal(new Estimate(1, 1, 1), found.AveragePrecision);
    }

    [Fact]
    public void Precision_at_k_takes_what_is_to_be_expected_of_equal_scores()
    {
        // Above all one anomaly; of the three rows of score 5, one of which is an anomaly, one more counts.
        var metrics = AnomalyMetrics.Of([9, 5, 5, 5, 1], [true, true, false, false, false], 4, 5);
        Assert.Equal([2, 4, 5], metrics.PrecisionAt.Select(at => at.K));
        Assert.Equal((1 + (1 / 3.0)) / 2, metrics.PrecisionAt[0].Precision.Value, 1e-12);
        Assert.Equal(0.5, metrics.PrecisionAt[1].Precision.Value, 1e-12);
        Assert.Equal(0.4, metrics.PrecisionAt[2].Precision.Value, 1e-12);
    }

    [Fact]
    public void Figures_are_those_of_the_curves_and_lie_in_their_intervals()
    {
        var random = new Random(3);
        bool[] anomalies = [.. Enumerable.Range(0, 400).Select(row => row % 8 == 0)];
        float[] scores = [.. anomalies.Select(isAnomaly => random.Next(20) + (isAnomaly ? 6f : 0))];
        var metrics = AnomalyMetrics.Of(scores, anomalies);
        var ranking = Ranking.Of(scores, [.. anomalies.Select(isAnomaly => isAnomaly ? "1" : "0")])!;
        Assert.Equal(ranking.Auroc, metrics.Auroc.Value, 1e-9);
        Assert.Equal(ranking.AveragePrecision, metrics.AveragePrecision.Value, 1e-9);
        Assert.All(
            new[] { metrics.Auroc, metrics.AveragePrecision, metrics.PrecisionAt[0].Precision },
            figure => Assert.True(figure.Low < figure.Value && figure.Value < figure.High)
        );
    }
}
