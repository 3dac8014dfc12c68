using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Score has the squared distance from each centroid, PredictedLabel the nearest, from 1 on.</summary>
public sealed class ClusteringPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    internal ClusteringPredictionTransformer(TModel model, string featureColumnName, DataViewType featureColumnType)
        : base(model, featureColumnName, featureColumnType)
    {
    }

    private float[][] Centroids => ((KMeansModelParameters)(object)Model).Centroids;

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema, DataViewSchema.Column feature) =>
        new Mapper(inputSchema, feature, Centroids);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(ClusteringPrediction.Signature);
        ctx.Writer.Write(FeatureColumnName);
        ctx.Writer.Write(Centroids, centroid => ctx.Writer.Write(centroid, ctx.Writer.Write));
    }

    private sealed class Mapper(DataViewSchema inputSchema, DataViewSchema.Column feature, float[][] centroids)
        : ScoringMapper<VBuffer<float>>(inputSchema, feature)
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } =
        [
            new(PredictedLabel, new KeyDataViewType(typeof(uint), centroids.Length), Annotations("Clustering", PredictedLabel)),
            new(Score, new VectorDataViewType(NumberDataViewType.Single, centroids.Length), Annotations("Clustering", Score)),
        ];

        protected override void Compute(ReadOnlySpan<float> features, ref VBuffer<float> score)
        {
            var editor = VBufferEditor.Create(ref score, centroids.Length);
            for (var k = 0; k < centroids.Length; k++)
                editor.Values[k] = VectorMath.SquaredDistance(features, centroids[k]);
            score = editor.Commit();
        }

        protected override Delegate?[] CreateGetters(Func<VBuffer<float>> score) =>
        [
            (ValueGetter<uint>)((ref uint destination) => destination = Nearest(score().GetValues())),
            (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) => score().CopyTo(ref destination)),
        ];

        private static uint Nearest(ReadOnlySpan<float> distances)
        {
            var best = 0;
            for (var k = 1; k < distances.Length; k++)
            {
                if (distances[k] < distances[best])
                    best = k;
            }

            // Keys count from 1; 0 is missing, as where the features are.
            return float.IsNaN(distances[best]) ? 0 : (uint)best + 1;
        }
    }
}

internal static class ClusteringPrediction
{
    public const string Signature = "ClusteringPredXfer";

    public static ITransformer Load(ModelLoadContext ctx)
    {
        var feature = ctx.Reader.ReadName();
        var centroids = ctx.Reader.ReadVectors();
        return new ClusteringPredictionTransformer<KMeansModelParameters>(
            new(centroids), feature, new VectorDataViewType(NumberDataViewType.Single, centroids[0].Length));
    }
}
