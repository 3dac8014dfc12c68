namespace Latent.Trainer.Commands;

/// <summary>What evaluate was asked for.</summary>
internal sealed record EvaluateSettings
{
    /// <summary>Folder of the bundle.</summary>
    public required string Bundle { get; init; }

    /// <summary>Path of the data; null for the path in the recipe.</summary>
    public string? Data { get; init; }

    /// <summary>Column of a table's labels; null for the recipe's.</summary>
    public string? Label { get; init; }

    /// <summary>Rows of the highest scores among which anomalies are counted besides; null for none.</summary>
    public int? Top { get; init; }

    /// <summary>Importance samples per row; null for the default.</summary>
    public int? Samples { get; init; }

    /// <summary>Number of rows of a likelihood; null for all.</summary>
    public int? Count { get; init; }

    /// <summary>Rows whose codes are judged, and training rows that classifiers learn from, at most; null for the default.</summary>
    public int? CodeRows { get; init; }

    /// <summary>Number of threads; null for all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether a likelihood is that of the exported graphs.</summary>
    public bool Graphs { get; init; }
}
