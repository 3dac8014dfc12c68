namespace Latent.Scorer.Inputs;

/// <summary>How a table is read.</summary>
internal sealed record CsvOptions
{
    /// <summary>Columns that make the model's row: names, indices from 0 and ranges, in order; null for the model's own columns, or all others.</summary>
    public string? Columns { get; init; }

    /// <summary>Columns that are passed on to the output.</summary>
    public string? Keep { get; init; }

    /// <summary>Column that says which rows are anomalies.</summary>
    public string? Label { get; init; }

    /// <summary>Separator; null to find out.</summary>
    public string? Separator { get; init; }

    /// <summary>Whether the first line has names; null to find out.</summary>
    public bool? Header { get; init; }
}
