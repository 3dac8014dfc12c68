namespace Microsoft.ML.Data;

/// <summary>Scores one vector column with a model.</summary>
public abstract class SingleFeaturePredictionTransformerBase<TModel> : ISingleFeaturePredictionTransformer<TModel>, IDisposable
    where TModel : class
{
    private protected SingleFeaturePredictionTransformerBase(TModel model, string featureColumnName, DataViewType featureColumnType)
    {
        Model = model;
        FeatureColumnName = featureColumnName;
        FeatureColumnType = featureColumnType;
    }

    public TModel Model { get; }

    public string FeatureColumnName { get; }

    public DataViewType FeatureColumnType { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Map(input.Schema));
    }

    public void Dispose() => (Model as IDisposable)?.Dispose();

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Map(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        SaveModel(ctx);
    }

    private protected abstract RowMapper CreateMapper(DataViewSchema inputSchema, DataViewSchema.Column feature);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    private RowMapping Map(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var feature = inputSchema.GetColumnOrNull(FeatureColumnName)
            ?? throw SchemaErrors.Missing(nameof(inputSchema), "feature", FeatureColumnName);
        if (!feature.Type.Equals(FeatureColumnType))
            throw SchemaErrors.Mismatch(nameof(inputSchema), "feature", FeatureColumnName, FeatureColumnType.ToString()!,
                feature.Type.ToString()!);
        return RowMapping.Append(CreateMapper(inputSchema, feature));
    }
}
