using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Lloyd's algorithm from a k-means++ start.</summary>
public class KMeansTrainer : IEstimator<ClusteringPredictionTransformer<KMeansModelParameters>>
{
    private readonly Options _options;
    private readonly int _seed;

    internal KMeansTrainer(Options options, int seed)
    {
        if (options.NumberOfClusters <= 0)
            throw new ArgumentOutOfRangeException(nameof(options), $"The number of clusters is positive, not {options.NumberOfClusters}.");
        if (options.MaximumNumberOfIterations <= 0 || !(options.OptimizationTolerance > 0))
            throw new ArgumentOutOfRangeException(nameof(options), "The number of iterations and the tolerance are positive.");
        _options = options;
        _seed = seed;
    }

    public ClusteringPredictionTransformer<KMeansModelParameters> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var rows = FeatureReader.Read(input, _options.FeatureColumnName, _options.ExampleWeightColumnName);
        if (rows.Count < _options.NumberOfClusters)
            throw new InvalidOperationException($"{rows.Count} rows can't make {_options.NumberOfClusters} clusters.");
        var model = new KMeansModelParameters(Train(rows));
        return new(model, _options.FeatureColumnName, input.Schema[_options.FeatureColumnName].Type);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        FeatureReader.Check(inputSchema, _options.FeatureColumnName, _options.ExampleWeightColumnName);
        return inputSchema.With(
            new SchemaShape.Column("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false),
            new SchemaShape.Column("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true));
    }

    private float[][] Train(List<(float[] Features, float Weight)> rows)
    {
        var random = new Random(_seed);
        var centroids = PlusPlus(rows, random);
        var previous = double.PositiveInfinity;
        for (var iteration = 0; iteration < _options.MaximumNumberOfIterations; iteration++)
        {
            var score = Step(rows, centroids);
            if (previous - score <= _options.OptimizationTolerance * Math.Max(1, Math.Abs(score)))
                break;
            previous = score;
        }

        return centroids;
    }

    // Each next centroid is a row drawn by its squared distance from the nearest so far (Arthur and Vassilvitskii 2007).
    private float[][] PlusPlus(List<(float[] Features, float Weight)> rows, Random random)
    {
        var centroids = new float[_options.NumberOfClusters][];
        var distances = new double[rows.Count];
        Array.Fill(distances, double.PositiveInfinity);
        var chosen = random.Next(rows.Count);
        for (var k = 0; ; k++)
        {
            centroids[k] = [.. rows[chosen].Features];
            if (k + 1 == centroids.Length)
                return centroids;
            var total = 0.0;
            for (var i = 0; i < rows.Count; i++)
            {
                distances[i] = Math.Min(distances[i], rows[i].Weight * (double)VectorMath.SquaredDistance(rows[i].Features, centroids[k]));
                total += distances[i];
            }

            var draw = random.NextDouble() * total;
            chosen = 0;
            while (chosen < rows.Count - 1 && (draw -= distances[chosen]) >= 0)
                chosen++;
        }
    }

    // Moves the centroids to the means of their rows; gives the mean squared distance before.
    private static double Step(List<(float[] Features, float Weight)> rows, float[][] centroids)
    {
        var sums = centroids.Select(centroid => new double[centroid.Length]).ToArray();
        var weights = new double[centroids.Length];
        var (score, total) = (0.0, 0.0);
        var farthest = (Distance: -1f, Row: 0);
        for (var i = 0; i < rows.Count; i++)
        {
            var (features, weight) = rows[i];
            var (nearest, distance) = Nearest(features, centroids);
            if (distance > farthest.Distance)
                farthest = (distance, i);
            score += weight * distance;
            total += weight;
            weights[nearest] += weight;
            for (var d = 0; d < features.Length; d++)
                sums[nearest][d] += weight * features[d];
        }

        for (var k = 0; k < centroids.Length; k++)
        {
            // A centroid without rows starts again from the row that is worst off.
            centroids[k] = weights[k] > 0
                ? [.. sums[k].Select(sum => (float)(sum / weights[k]))]
                : [.. rows[farthest.Row].Features];
        }

        return score / total;
    }

    private static (int Index, float Distance) Nearest(float[] features, float[][] centroids)
    {
        var best = (Index: 0, Distance: float.PositiveInfinity);
        for (var k = 0; k < centroids.Length; k++)
        {
            var distance = VectorMath.SquaredDistance(features, centroids[k]);
            if (distance < best.Distance)
                best = (k, distance);
        }

        return best;
    }

    public sealed class Options : UnsupervisedTrainerInputBaseWithWeight
    {
        public Options()
        {
        }

        public int NumberOfClusters = 5;

        public float OptimizationTolerance = 1e-7f;

        public int MaximumNumberOfIterations = 1000;
    }
}
