using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Latent.Inference.Saving;
using Latent.Inference.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Latent.Inference.Pipeline;

/// <summary>Maps one column, or those of a table, to others through one run of a graph.</summary>
/// <param name="Bundle">The bundle that has the graph.</param>
/// <param name="Operation">Name of the operation in the catalog, for messages.</param>
/// <param name="Input">
/// The column that is read: rows of the bundle's input or, where <paramref name="ReadsCodes"/>, codes; empty where <see cref="Table"/>
/// names the columns.
/// </param>
/// <param name="ReadsCodes">Whether the decoder is run.</param>
/// <param name="Outputs">The columns that are added.</param>
/// <param name="BatchSize">Number of rows of a run.</param>
internal sealed record Mapping(
    LatentBundle Bundle,
    string Operation,
    string Input,
    bool ReadsCodes,
    IReadOnlyList<OutputColumn> Outputs,
    int BatchSize
)
{
    /// <summary>Gets whether the graph comes out of a saved model: it is the only one, and its tensors have other names.</summary>
    public bool IsSaved { get; init; }

    /// <summary>
    /// Gets why ML.NET, without this library, could not compute the columns from the data that the transformer was fitted to, with the
    /// remedy; null where it can.
    /// </summary>
    public string? PlainRefusal { get; init; }

    public int InputLength => ReadsCodes ? Bundle.LatentDimension : Bundle.InputLength;

    /// <summary>Gets the description of input images; null if the input can't be an image.</summary>
    public ImageDescription? Image => ReadsCodes ? null : Bundle.Manifest.Input.Image;

    /// <summary>Gets the table whose columns are read, each as it is; null if one column is.</summary>
    public TableDescription? Table => ReadsCodes ? null : Bundle.Manifest.Input.Table;

    /// <summary>Gets the names of the inputs of the bundle's graph.</summary>
    public IReadOnlyList<string> BundleInputs => ReadsCodes ? [TensorNames.Latent] : new RowTensors(Bundle.Manifest.Input).Names;

    /// <summary>Gets the description of the column of labels that rows or codes are conditioned on; null without a condition.</summary>
    public TableColumn? Label { get; init; }

    /// <summary>Gets the graph's own names of the outputs that columns are made of.</summary>
    public IReadOnlyList<string> GraphTensors(IEnumerable<string> tensors) =>
        [.. tensors.Select(t => IsSaved ? SavedGraph.TensorPrefix + t : t)];

    /// <summary>Makes a runner of the graph that computes some of the columns.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="tensors">The graph's outputs that they are made of.</param>
    /// <param name="batchSize">Number of rows of a run.</param>
    public GraphRunner MakeRunner(IReadOnlyList<OutputColumn> columns, IReadOnlyList<string> tensors, int batchSize)
    {
        var prefix = IsSaved ? SavedGraph.TensorPrefix : "";
        var words = ReadsCodes ? RowTensors.OfCodes(Bundle.Manifest) : RowTensors.OfSeveral(Bundle.Manifest.Input, prefix);
        var input = IsSaved && Table is null ? Input : prefix + BundleInputs[0];
        return new GraphRunner(Bundle, GraphFor(columns), input, words, batchSize, GraphTensors(tensors));
    }

    /// <summary>Gets the smallest graph that computes some of the columns.</summary>
    public BundleRole GraphFor(IEnumerable<OutputColumn> columns) =>
        IsSaved ? SavedRole
        : ReadsCodes ? BundleRole.Decoder
        : columns.SelectMany(c => c.Tensors).All(t => t is TensorNames.LatentMean or TensorNames.LatentLogVariance) ? BundleRole.Encoder
        : BundleRole.Autoencoder;

    /// <summary>The role of the only graph of a bundle that came out of a saved model.</summary>
    public const BundleRole SavedRole = BundleRole.Other;

    /// <summary>Finds the columns that are read, in the order of the row's values, and checks their types.</summary>
    /// <exception cref="LatentException">A column is missing, or its type is not suitable.</exception>
    public DataViewSchema.Column[] InputColumns(DataViewSchema schema)
    {
        if (Label is not null)
            return [InputColumn(schema), CellColumn(schema, Label)];
        if (Table is null)
            return [InputColumn(schema)];
        var found = new DataViewSchema.Column[Table.Columns.Count];
        foreach (var (i, column) in Table.Columns.Index())
            found[i] = CellColumn(schema, column);
        return found;
    }

    private DataViewSchema.Column CellColumn(DataViewSchema schema, TableColumn column)
    {
        var found = Find(schema, column.Name);
        var type = found.Type;
        var vector = type as VectorDataViewType;
        RequireFits(column, vector?.ItemType ?? type, type is KeyDataViewType, vector is not null);
        return found;
    }

    /// <summary>Refuses a column whose values can't be cells of a column of the table.</summary>
    /// <exception cref="LatentException">They can't.</exception>
    public void RequireFits(TableColumn column, DataViewType item, bool isKey, bool isVector)
    {
        if (isVector || !CellReader.Fits(column, item, isKey))
        {
            throw new LatentException(
                $"{Operation} reads column '{column.Name}', which is {(isVector ? "a vector of" : isKey ? "a key of type" : "of type")} {item}; it must be {CellReader.Expected(column)}."
            );
        }
    }

    private DataViewSchema.Column InputColumn(DataViewSchema schema)
    {
        var column = Find(schema, Input);

        var fits = column.Type switch
        {
            VectorDataViewType { ItemType: NumberDataViewType item } vector when item == NumberDataViewType.Single => !vector.IsKnownSize
                || vector.Size == InputLength,
            ImageDataViewType => Image is not null,
            _ => false,
        };
        return fits
            ? column
            : throw new LatentException($"{Operation} reads column '{Input}', which is {Describe(column.Type)}; it must be {Expected}.");
    }

    /// <summary>Gets the expected type of the input column, for messages.</summary>
    public string Expected => $"a vector of {InputLength} Single values{(Image is null ? "" : " or an image")}";

    /// <summary>Gets the schema of the data with the columns added.</summary>
    public DataViewSchema OutputSchema(DataViewSchema input)
    {
        InputColumns(input);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (var output in Outputs)
            builder.AddColumn(output.Name, output.Type, output.Annotations);
        return builder.ToSchema();
    }

    private DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name)
        ?? throw new LatentException(
            $"{Operation} reads column '{name}', which the data does not have; it has {string.Join(", ", schema.Select(c => $"'{c.Name}'"))}."
        );

    private static string Describe(DataViewType type) =>
        type switch
        {
            VectorDataViewType { IsKnownSize: true } vector => $"a vector of {vector.Size} {vector.ItemType} values",
            VectorDataViewType vector => $"a vector of {vector.ItemType} values",
            ImageDataViewType => "an image",
            _ => $"of type {type}",
        };
}
