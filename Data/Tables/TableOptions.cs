using Latent.Contracts.Tables;

namespace Latent.Data.Tables;

/// <summary>Represents the options for reading a table; the same for training and for scoring.</summary>
internal sealed record TableOptions
{
    /// <summary>
    /// Gets the columns that make a row: names, positions from 0 and ranges, in order; null for the model's own columns, or all others.
    /// </summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Gets the columns that are passed on to the output, in the same form.</summary>
    public IReadOnlyList<string>? Keep { get; init; }

    /// <summary>Gets the column of labels.</summary>
    public string? Label { get; init; }

    /// <summary>Gets whether a label says that a row is an anomaly, so that it must be 0 or 1, or false or true.</summary>
    public bool LabelIsTruth { get; init; }

    /// <summary>
    /// Gets the separator; null for one of comma, semicolon, tab and bar, chosen so that the requested columns are found.
    /// </summary>
    public char? Separator { get; init; }

    /// <summary>Gets whether the first line has names; null to detect it.</summary>
    public bool? Header { get; init; }

    /// <summary>Gets the encoding of the text; null for UTF-8, or UTF-16 if the text begins with its byte order mark.</summary>
    public string? Encoding { get; init; }

    /// <summary>Gets whether numbers are written 1,5 rather than 1.5.</summary>
    public bool DecimalComma { get; init; }

    /// <summary>
    /// Gets the columns to read by their kinds, with missing cells; null where every field must be a finite number. When training, it
    /// decides instead of <see cref="Columns"/>; when scoring, those stand for its columns, in order.
    /// </summary>
    public TableDescription? Table { get; init; }
}
