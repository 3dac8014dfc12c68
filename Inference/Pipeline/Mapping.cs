using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Latent.Inference.Pipeline;

/// <summary>Maps one column to others through one run of a graph.</summary>
/// <param name="Bundle">The bundle that has the graph.</param>
/// <param name="Operation">Name of the operation in the catalog, for messages.</param>
/// <param name="Input">The column that is read: rows of the bundle's input or, where <paramref name="ReadsCodes"/>, codes.</param>
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

    /// <summary>Gets the name of the graph's input.</summary>
    public string InputTensor =>
        IsSaved ? Input
        : ReadsCodes ? TensorNames.Latent
        : TensorNames.Input;

    /// <summary>Gets the graph's own names of the outputs that columns are made of.</summary>
    public IReadOnlyList<string> GraphTensors(IEnumerable<string> tensors) =>
        [.. tensors.Select(t => IsSaved ? SavedGraph.TensorPrefix + t : t)];

    /// <summary>Gets the smallest graph that computes some of the columns.</summary>
    public BundleRole GraphFor(IEnumerable<OutputColumn> columns) =>
        IsSaved ? SavedRole
        : ReadsCodes ? BundleRole.Decoder
        : columns.SelectMany(c => c.Tensors).All(t => t is TensorNames.LatentMean or TensorNames.LatentLogVariance) ? BundleRole.Encoder
        : BundleRole.Autoencoder;

    /// <summary>The role of the only graph of a bundle that came out of a saved model.</summary>
    public const BundleRole SavedRole = BundleRole.Other;

    /// <summary>Finds the column that is read, and checks its type.</summary>
    /// <exception cref="LatentException">There is no such column, or its type is not suitable.</exception>
    public DataViewSchema.Column InputColumn(DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(Input) is not { } column)
        {
            throw new LatentException(
                $"{Operation} reads column '{Input}', which the data does not have; it has {string.Join(", ", schema.Select(c => $"'{c.Name}'"))}."
            );
        }

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
        InputColumn(input);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (var output in Outputs)
            builder.AddColumn(output.Name, output.Type);
        return builder.ToSchema();
    }

    private static string Describe(DataViewType type) =>
        type switch
        {
            VectorDataViewType { IsKnownSize: true } vector => $"a vector of {vector.Size} {vector.ItemType} values",
            VectorDataViewType vector => $"a vector of {vector.ItemType} values",
            ImageDataViewType => "an image",
            _ => $"of type {type}",
        };
}
