#nullable disable // as the package's annotations are
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Loads the pictures whose paths a text column holds; an empty path gives no picture.</summary>
public sealed class ImageLoadingEstimator : IEstimator<ImageLoadingTransformer>
{
    private readonly string _folder;
    private readonly CustomMappingEstimator<PathRow, ImageRow> _mapping;

    internal ImageLoadingEstimator(TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName)
    {
        _folder = imageFolder;
        var input = SchemaDefinition.Create(typeof(PathRow));
        input[nameof(PathRow.Path)].ColumnName = inputColumnName;
        var output = SchemaDefinition.Create(typeof(ImageRow));
        var image = output[nameof(ImageRow.Image)];
        image.ColumnName = outputColumnName;
        // The attribute can't say that the size differs from row to row.
        image.ColumnType = new ImageDataViewType();
        DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage));
        _mapping = catalog.CustomMapping<PathRow, ImageRow>(
            (source, target) => target.Image = Load(source.Path.ToString()), contractName: null, input, output);
    }

    public ImageLoadingTransformer Fit(IDataView input) => new(_folder, _mapping.Fit(input));

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _mapping.GetOutputSchema(inputSchema);

    private MLImage Load(string path)
    {
        if (path.Length == 0)
            return null;
        if (!string.IsNullOrWhiteSpace(_folder))
            path = Path.Combine(_folder, path);
        var image = MLImage.CreateFromFile(path);
        image.Tag = path;
        return image;
    }

    private sealed class PathRow
    {
        public ReadOnlyMemory<char> Path { get; set; }
    }

    private sealed class ImageRow
    {
        [ImageType(1, 1)]
        public MLImage Image { get; set; }
    }
}
