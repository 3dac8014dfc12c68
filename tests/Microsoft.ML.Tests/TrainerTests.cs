using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Latent.ML.Tests;

public class TrainerTests
{
    private readonly MLContext _ml = new(seed: 1);

    // Three round clouds, far from each other.
    private static Point[] Clouds(int count = 300)
    {
        var random = new Random(7);
        (float X, float Y)[] centers = [(0, 0), (10, 0), (0, 10)];
        return [.. Enumerable.Range(0, count).Select(i => new Point
        {
            Label = i % 3,
            Features = [centers[i % 3].X + random.NextSingle() - 0.5f, centers[i % 3].Y + random.NextSingle() - 0.5f],
        })];
    }

    // Points of a plane in five dimensions, and some far off it.
    private static Reading[] Plane(int inliers = 400, int outliers = 20)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, inliers + outliers).Select(i =>
        {
            var (a, b) = (random.NextSingle() - 0.5f, random.NextSingle() - 0.5f);
            var off = i < inliers ? 0.001f * random.NextSingle() : 2f;
            return new Reading { Label = i < inliers ? 0 : 1, Features = [a, b, a + b, a - b + off, off - a] };
        })];
    }

    [Fact]
    public void KMeans_finds_clouds()
    {
        var data = _ml.Data.LoadFromEnumerable(Clouds());
        var model = _ml.Clustering.Trainers.KMeans(numberOfClusters: 3).Fit(data);
        var scored = model.Transform(data);
        var clusters = scored.GetColumn<uint>("PredictedLabel").ToArray();

        Assert.Equal(new KeyDataViewType(typeof(uint), 3), scored.Schema["PredictedLabel"].Type);
        Assert.Equal("Vector<Single, 3>", scored.Schema["Score"].Type.ToString());
        Assert.Equal(3, clusters.Distinct().Count());
        Assert.All(clusters, cluster => Assert.InRange(cluster, 1u, 3u));
        Assert.All(clusters.Select((cluster, i) => (cluster, i)), pair => Assert.Equal(clusters[pair.i % 3], pair.cluster));
    }

    [Fact]
    public void KMeans_scores_are_squared_distances_from_the_centroids()
    {
        var points = Clouds();
        var data = _ml.Data.LoadFromEnumerable(points);
        var model = _ml.Clustering.Trainers.KMeans(new KMeansTrainer.Options { NumberOfClusters = 3 }).Fit(data);
        VBuffer<float>[] centroids = [];
        model.Model.GetClusterCentroids(ref centroids, out var k);
        var scores = model.Transform(data).GetColumn<float[]>("Score").First();

        Assert.Equal(3, k);
        for (var i = 0; i < k; i++)
        {
            var center = centroids[i].DenseValues().ToArray();
            var expected = center.Zip(points[0].Features, (c, x) => (c - x) * (c - x)).Sum();
            Assert.Equal(expected, scores[i], 1e-3f * (1 + expected));
        }
    }

    [Fact]
    public void Clustering_is_evaluated_by_labels_scores_and_features()
    {
        var data = _ml.Data.LoadFromEnumerable(Clouds());
        var scored = _ml.Clustering.Trainers.KMeans(numberOfClusters: 3).Fit(data).Transform(data);
        var metrics = _ml.Clustering.Evaluate(scored, "Label", "Score", "Features");

        Assert.Equal(1, metrics.NormalizedMutualInformation, 1e-6);
        Assert.InRange(metrics.AverageDistance, 0.1, 0.2);
        Assert.InRange(metrics.DaviesBouldinIndex, 0.05, 0.1);
        Assert.True(double.IsNaN(_ml.Clustering.Evaluate(scored).NormalizedMutualInformation));
    }

    [Fact]
    public void KMeans_refuses_columns_that_are_no_float_vectors()
    {
        var data = _ml.Data.LoadFromEnumerable(Clouds());

        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Clustering.Trainers.KMeans("Absent").Fit(data));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Clustering.Trainers.KMeans("Label").Fit(data));
    }

    [Fact]
    public void RandomizedPca_flags_what_lies_off_the_plane()
    {
        var train = _ml.Data.LoadFromEnumerable(Plane(outliers: 0));
        var test = _ml.Data.LoadFromEnumerable(Plane());
        var model = _ml.AnomalyDetection.Trainers.RandomizedPca(rank: 2, oversampling: 3, seed: 3).Fit(train);
        var scored = model.Transform(test);
        var metrics = _ml.AnomalyDetection.Evaluate(scored);

        Assert.Equal(1, metrics.AreaUnderRocCurve);
        Assert.Equal(1, metrics.DetectionRateAtFalsePositiveCount);
        Assert.Equal([.. Plane().Select(row => row.Label > 0)], scored.GetColumn<bool>("PredictedLabel"));
        Assert.All(scored.GetColumn<float>("Score").Take(400), score => Assert.InRange(score, 0, 0.2f));
        Assert.All(scored.GetColumn<float>("Score").Skip(400), score => Assert.InRange(score, 0.5f, 1));
    }

    [Fact]
    public void The_threshold_of_an_anomaly_model_changes()
    {
        var data = _ml.Data.LoadFromEnumerable(Plane());
        var model = _ml.AnomalyDetection.Trainers.RandomizedPca(rank: 2, oversampling: 3, seed: 3).Fit(data);
        var all = _ml.AnomalyDetection.ChangeModelThreshold(model, -1);

        Assert.All(all.Transform(data).GetColumn<bool>("PredictedLabel"), Assert.True);
    }

    [Fact]
    public void Anomalies_are_evaluated_by_ranks_and_ties_count_half()
    {
        float[] scores = [0.9f, 0.8f, 0.8f, 0.5f, 0.1f];
        float[] labels = [1, 1, 0, 0, 1];
        var data = _ml.Data.LoadFromEnumerable(scores.Zip(labels, (score, label) => new Scored { Score = score, Label = label }));
        var metrics = _ml.AnomalyDetection.Evaluate(data, falsePositiveCount: 1);

        Assert.Equal(3.5 / 6, metrics.AreaUnderRocCurve, 1e-6);
        Assert.Equal(2.0 / 3, metrics.DetectionRateAtFalsePositiveCount, 1e-6);
    }

    [Fact]
    public void Principal_components_keep_what_varies()
    {
        var data = _ml.Data.LoadFromEnumerable(Plane(outliers: 0));
        var model = _ml.Transforms.ProjectToPrincipalComponents("Code", "Features", rank: 2, overSampling: 3, seed: 5).Fit(data);
        var codes = model.Transform(data).GetColumn<float[]>("Code").ToArray();
        var features = Plane(outliers: 0).Select(row => row.Features).ToArray();

        Assert.Equal("Vector<Single, 2>", model.GetOutputSchema(data.Schema)["Code"].Type.ToString());
        Assert.Equal(0, codes.Average(code => code[0]), 1e-3f);
        var total = Enumerable.Range(0, 5).Sum(d => Variance([.. features.Select(row => row[d])]));
        Assert.Equal(total, Variance([.. codes.Select(code => code[0])]) + Variance([.. codes.Select(code => code[1])]), 1e-3 * total);
    }

    [Fact]
    public void More_components_than_dimensions_are_refused() =>
        Assert.Throws<InvalidOperationException>(() =>
            _ml.AnomalyDetection.Trainers.RandomizedPca(rank: 6).Fit(_ml.Data.LoadFromEnumerable(Plane())));

    [Fact]
    public void Trained_models_are_saved_with_their_pipeline()
    {
        var data = _ml.Data.LoadFromEnumerable(Plane());
        var pipeline = _ml.Transforms.ProjectToPrincipalComponents("Code", "Features", rank: 2, overSampling: 3, seed: 5)
            .Append(_ml.Clustering.Trainers.KMeans("Code", numberOfClusters: 2))
            .Append(_ml.Transforms.CopyColumns("Cluster", "PredictedLabel"))
            .Append(_ml.AnomalyDetection.Trainers.RandomizedPca(rank: 2, seed: 1));
        var model = pipeline.Fit(data);
        using var zip = new MemoryStream();
        _ml.Model.Save(model, data.Schema, zip);
        zip.Position = 0;
        var loaded = _ml.Model.Load(zip, out _);

        Assert.Equal(model.Transform(data).GetColumn<float>("Score"), loaded.Transform(data).GetColumn<float>("Score"));
        Assert.Equal(model.Transform(data).GetColumn<uint>("Cluster"), loaded.Transform(data).GetColumn<uint>("Cluster"));
        using var engine = _ml.Model.CreatePredictionEngine<Reading, Verdict>(loaded);
        Assert.True(engine.Predict(new Reading { Features = [0, 0, 3, 0, 0] }).Score > 0.5f);
    }

    private static double Variance(float[] values) => values.Average(v => (double)v * v) - Math.Pow(values.Average(v => (double)v), 2);

    private sealed class Point
    {
        public float Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Reading
    {
        public float Label { get; set; }

        [VectorType(5)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public float Label { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class Verdict
    {
        public float Score { get; set; }
    }
}
