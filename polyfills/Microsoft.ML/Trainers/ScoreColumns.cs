namespace Microsoft.ML.Data;

/// <summary>Two columns, Score and PredictedLabel, of one model over one feature vector.</summary>
internal abstract class ScoringMapper<TScore>(DataViewSchema inputSchema, DataViewSchema.Column feature) : RowMapper(inputSchema)
{
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";

    public override IEnumerable<int> InputsOf(int output) => [feature.Index];

    public override Delegate?[] CreateGetters(DataViewRow row, bool[] active, ICollection<IDisposable> owned)
    {
        var getter = row.GetGetter<VBuffer<float>>(row.Schema[feature.Index]);
        VBuffer<float> features = default;
        VBuffer<float> dense = default;
        TScore score = default!;
        var position = -2L;
        return CreateGetters(() =>
        {
            if (position != row.Position)
            {
                getter(ref features);
                features.CopyToDense(ref dense);
                Compute(dense.GetValues(), ref score);
                position = row.Position;
            }

            return score;
        });
    }

    protected abstract void Compute(ReadOnlySpan<float> features, ref TScore score);

    protected abstract Delegate?[] CreateGetters(Func<TScore> score);

    protected static DataViewSchema.Annotations Annotations(string kind, string value) => AnnotationKinds.Build(builder =>
    {
        builder.AddPrimitiveValue(AnnotationKinds.ScoreColumnSetId, new KeyDataViewType(typeof(uint), 2147483646), 1u);
        builder.AddPrimitiveValue(AnnotationKinds.ScoreColumnKind, TextDataViewType.Instance, kind.AsMemory());
        builder.AddPrimitiveValue(AnnotationKinds.ScoreValueKind, TextDataViewType.Instance, value.AsMemory());
    });
}
