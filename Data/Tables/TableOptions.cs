namespace Latent.Data.Tables;

/// <summary>How a table is read; the same for training and for scoring.</summary>
internal sealed record TableOptions
{
    /// <summary>Columns that make a row: names, positions from 0 and ranges, in order; null for the model's own columns, or all others.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns that are passed on to the output, said likewise.</summary>
    public IReadOnlyList<string>? Keep { get; init; }

    /// <summary>Column of labels.</summary>
    public string? Label { get; init; }

    /// <summary>Whether a label says that a row is an anomaly, so that it must be 0 or 1, or false or true.</summary>
    public bool LabelIsTruth { get; init; }

    /// <summary>Separator; null: one of comma, semicolon, tab and bar, so that the columns that are asked for are found.</summary>
    public char? Separator { get; init; }

    /// <summary>Whether the first line has names; null to find out.</summary>
    public bool? Header { get; init; }

    /// <summary>What the text is encoded in; null: UTF-8, or UTF-16 where it begins with its mark.</summary>
    public string? Encoding { get; init; }

    /// <summary>Whether numbers are written 1,5 rather than 1.5.</summary>
    public bool DecimalComma { get; init; }
}
