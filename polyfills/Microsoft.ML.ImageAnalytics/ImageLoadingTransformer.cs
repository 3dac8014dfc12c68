#nullable disable // as the package's annotations are
namespace Microsoft.ML.Data;

/// <summary>A custom mapping from paths to pictures; unlike the package's it can't be saved.</summary>
public sealed class ImageLoadingTransformer : ITransformer
{
    public readonly string ImageFolder;
    private readonly ITransformer _mapping;

    internal ImageLoadingTransformer(string imageFolder, ITransformer mapping) => (ImageFolder, _mapping) = (imageFolder, mapping);

    bool ITransformer.IsRowToRowMapper => _mapping.IsRowToRowMapper;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _mapping.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => _mapping.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _mapping.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _mapping.Save(ctx);
}
