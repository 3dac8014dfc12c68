using Latent.Contracts.Tables;

namespace Latent.Contracts.Bundles;

/// <summary>Describes a row of <see cref="TensorNames.Input"/>.</summary>
public sealed record InputDescription
{
    /// <summary>Gets the shape of one row without the batch axis: [features], or [channels, height, width] for images.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Gets the unit of the values: pixels, or values in each column's own unit.</summary>
    public required InputUnit Unit { get; init; }

    /// <summary>Gets the names of a table's columns, in order; null for images, and for tables that were learned in a pipeline.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// Gets, for images, the number of channels (1 grey, 3 red-green-blue), height and width in pixels, even where <see cref="Shape"/> is
    /// flat. Null for tables.
    /// </summary>
    public ImageDescription? Image { get; init; }

    /// <summary>
    /// Gets the description of a table with columns of several kinds, whose row is one cell per column; null for other rows.
    /// </summary>
    public TableDescription? Table { get; init; }

    /// <summary>
    /// Gets the labels that rows are conditioned on, in the order of the units that stand for them in the model; null without a condition.
    /// </summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>
    /// Gets the shape of what the decoder's last layer gives, and the encoder's first takes unless words have embeddings: a table's model
    /// units, else a row.
    /// </summary>
    public IReadOnlyList<int> NetworkShape() => Table is null ? Shape : [new TableLayout(Table).Width];

    /// <summary>Gets the shape of what the encoder's first layer takes.</summary>
    public IReadOnlyList<int> EncoderShape() => Table is null ? Shape : [new TableLayout(Table).EncoderWidth];
}

/// <summary>Specifies the unit of a row's values.</summary>
public enum InputUnit
{
    /// <summary>A pixel's value in a channel, from 0 to 255.</summary>
    Pixel,

    /// <summary>A column's value, in the column's own unit.</summary>
    Table,
}
