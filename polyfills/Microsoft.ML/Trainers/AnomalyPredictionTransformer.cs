using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

public sealed class AnomalyPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private readonly float _threshold;

    internal AnomalyPredictionTransformer(TModel model, string featureColumnName, DataViewType featureColumnType, float threshold)
        : base(model, featureColumnName, featureColumnType) =>
        _threshold = threshold;

    private PcaModelParameters Pca => (PcaModelParameters)(object)Model;

    internal AnomalyPredictionTransformer<TModel> WithThreshold(float threshold) =>
        new(Model, FeatureColumnName, FeatureColumnType, threshold);

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema, DataViewSchema.Column feature) =>
        new Mapper(inputSchema, feature, Pca, _threshold);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(AnomalyPrediction.Signature);
        ctx.Writer.Write(FeatureColumnName);
        ctx.Writer.Write(_threshold);
        Pca.Write(ctx.Writer);
    }

    private sealed class Mapper(DataViewSchema inputSchema, DataViewSchema.Column feature, PcaModelParameters model, float threshold)
        : ScoringMapper<float>(inputSchema, feature)
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } =
        [
            new(PredictedLabel, BooleanDataViewType.Instance, Annotations("AnomalyDetection", PredictedLabel)),
            new(Score, NumberDataViewType.Single, Annotations("AnomalyDetection", Score)),
        ];

        protected override void Compute(ReadOnlySpan<float> features, ref float score) => score = model.Score(features);

        protected override Delegate?[] CreateGetters(Func<float> score) =>
        [
            (ValueGetter<bool>)((ref bool destination) => destination = score() > threshold),
            (ValueGetter<float>)((ref float destination) => destination = score()),
        ];
    }
}

internal static class AnomalyPrediction
{
    public const string Signature = "AnomalyPredXfer";

    public static ITransformer Load(ModelLoadContext ctx)
    {
        var (feature, threshold) = (ctx.Reader.ReadName(), ctx.Reader.ReadSingle());
        var model = PcaModelParameters.Read(ctx.Reader);
        return new AnomalyPredictionTransformer<PcaModelParameters>(
            model, feature, new VectorDataViewType(NumberDataViewType.Single, model.Dimension), threshold);
    }
}
