using Microsoft.ML.Data;

namespace Latent.Tests;

/// <summary>A row of the table bundle.</summary>
public sealed class TableRow
{
    [VectorType(6)]
    public float[] Features { get; set; } = [];

    public string Name { get; set; } = "";

    public static IEnumerable<TableRow> From(float[][] rows) => rows.Select((r, i) => new TableRow { Features = r, Name = $"row {i}" });
}
