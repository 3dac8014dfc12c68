using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public sealed class EvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Clusters_are_evaluated_without_rows_whose_scores_are_no_numbers()
    {
        Cluster[] rows =
        [
            new() { Label = 0, Score = [1, 2], Features = [0, 0] },
            new() { Label = 0, Score = [1, 3], Features = [2, 0] },
            new() { Label = 1, Score = [4, 2], Features = [9, 0] },
            new() { Label = 1, Score = [float.NaN, 2], Features = [1, 1] },
            new() { Label = 0, Score = [float.PositiveInfinity, 2], Features = [1, 1] },
        ];
        var all = Evaluate(rows);
        var finite = Evaluate(rows[..3]);

        Assert.Equal(1, all.NormalizedMutualInformation, 1e-9);
        Assert.Equal(4 / 3.0, all.AverageDistance, 1e-6);
        Assert.Equal(finite.DaviesBouldinIndex, all.DaviesBouldinIndex);
        Assert.Equal(1 / 8.0, all.DaviesBouldinIndex, 1e-6);
    }

    [Fact]
    public void Rows_without_a_label_are_of_the_first_class()
    {
        Cluster[] rows = [new() { Label = float.NaN, Score = [1, 2] }, new() { Label = 0, Score = [1, 2] }, new() { Label = 1, Score = [2, 1] }];

        Assert.Equal(1, Evaluate(rows).NormalizedMutualInformation, 1e-9);
    }

    [Fact]
    public void Without_rows_to_evaluate_clusters_have_no_distance()
    {
        Assert.Equal(double.NaN, Evaluate(new Cluster { Score = [float.NaN, 2] }).AverageDistance);
        Assert.Equal(double.NaN, Evaluate().AverageDistance);
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(-1f)]
    public void A_label_that_is_no_class_is_refused(float label) =>
        Assert.Throws<InvalidOperationException>(() => Evaluate(new Cluster { Label = label, Score = [1, 2] }));

    [Fact]
    public void Anomalies_are_evaluated_without_rows_that_have_no_label_or_finite_score()
    {
        var data = _ml.Data.LoadFromEnumerable(new[]
        {
            new Verdict { Score = 0.9f, Label = 1 }, new Verdict { Score = 0.8f, Label = 0 }, new Verdict { Score = 0.7f, Label = 1 },
            new Verdict { Score = float.PositiveInfinity, Label = 0 }, new Verdict { Score = float.NaN, Label = 1 },
            new Verdict { Score = 1, Label = float.NaN }, new Verdict { Score = 0.1f, Label = 0 },
        });
        var metrics = _ml.AnomalyDetection.Evaluate(data, falsePositiveCount: 1);

        Assert.Equal(0.75, metrics.AreaUnderRocCurve, 1e-6);
        Assert.Equal(1, metrics.DetectionRateAtFalsePositiveCount, 1e-6);
    }

    [Fact]
    public void Keys_that_are_missing_label_no_anomaly()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { ("b", 0.9f), ("a", 0.8f), ("b", 0.7f), ("?", 1f), ("a", 0.1f) }
            .Select(row => new Named { Name = row.Item1, Score = row.Item2 }));
        var names = _ml.Data.LoadFromEnumerable(new[] { new Named { Name = "a" }, new Named { Name = "b" } });
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(names).Transform(data);

        Assert.Equal(0.75, _ml.AnomalyDetection.Evaluate(keyed).AreaUnderRocCurve, 1e-6);
    }

    private ClusteringMetrics Evaluate(params Cluster[] rows) =>
        _ml.Clustering.Evaluate(_ml.Data.LoadFromEnumerable(rows), "Label", "Score", "Features");

    private sealed class Cluster
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Score { get; set; } = [];

        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];
    }

    private sealed class Verdict
    {
        public float Score { get; set; }

        public float Label { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
