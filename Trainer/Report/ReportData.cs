namespace Latent.Trainer.Report;

/// <summary>The rows that a report is drawn from: held out from training where there are enough.</summary>
public sealed record ReportData
{
    /// <summary>Rows in data units, [n, features].</summary>
    public required float[] Rows { get; init; }

    /// <summary>Whether weights were not fitted to them.</summary>
    public bool HeldOut { get; init; } = true;

    /// <summary>The same rows with the recipe's noise, in data units; null where the recipe adds none.</summary>
    public float[]? Noisy { get; init; }

    /// <summary>A label for each row; null where there are none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Where each row of a table stands; null where that is not known.</summary>
    internal IReadOnlyList<Data.RowPlace>? Places { get; init; }

    /// <summary>The trained tensors by name, as in checkpoint.safetensors: shape and values.</summary>
    public required IReadOnlyDictionary<string, (long[] Shape, float[] Values)> Weights { get; init; }
}
