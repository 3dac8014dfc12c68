namespace Latent.Contracts.Tables;

/// <summary>
/// Represents the distribution of a table's training rows, by column and by dimension of their codes: what new rows are compared with.
/// </summary>
public sealed record TrainingDistribution
{
    private const int Bins = 20;

    /// <summary>Gets the distribution of each column, in the order of <see cref="TableDescription.Columns"/>.</summary>
    public required IReadOnlyList<ColumnDistribution> Columns { get; init; }

    /// <summary>Gets the distribution of each dimension of the codes (their means, for a variational model).</summary>
    public required IReadOnlyList<ColumnDistribution> Codes { get; init; }

    /// <summary>Computes the distribution of rows. Bins of numbers have 5% of the rows each, as far as their values differ.</summary>
    /// <param name="table">The description of the rows.</param>
    /// <param name="cells">The cells of all rows, row by row; at least one row.</param>
    /// <param name="codes">The codes of all rows, row by row.</param>
    /// <exception cref="ArgumentException">The cells, or the codes, are no whole rows.</exception>
    public static TrainingDistribution Of(TableDescription table, ReadOnlySpan<float> cells, ReadOnlySpan<float> codes)
    {
        ArgumentNullException.ThrowIfNull(table);
        var (columns, rows) = (table.Columns.Count, cells.Length / table.Columns.Count);
        if (rows == 0 || cells.Length != rows * columns || codes.Length % rows != 0)
        {
            throw new ArgumentException(
                $"There are {cells.Length} cells and {codes.Length} values of codes; both must be multiples of the rows, of {columns} cells each, of which there must be one or more."
            );
        }

        var dimensions = codes.Length / rows;
        var (ofColumns, ofCodes) = (new ColumnDistribution[columns], new ColumnDistribution[dimensions]);
        for (var i = 0; i < columns; i++)
            ofColumns[i] = Of(Column(cells, columns, i), table.Columns[i].Levels?.Count);
        for (var i = 0; i < dimensions; i++)
            ofCodes[i] = Of(Column(codes, dimensions, i), levels: null);
        return new TrainingDistribution { Columns = ofColumns, Codes = ofCodes };
    }

    private static ColumnDistribution Of(float[] cells, int? levels)
    {
        var counter = levels is { } count ? new CellCounter(null, count) : new CellCounter(Edges(cells));
        foreach (var cell in cells)
            counter.Add(cell);
        return counter.Distribution();
    }

    // Values that many rows have are edges once, and so the last of a bin.
    private static double[] Edges(float[] cells)
    {
        float[] sorted = [.. cells.Where(float.IsFinite).Order()];
        return sorted.Length == 0
            ? []
            :
            [
                .. Enumerable
                    .Range(1, Bins - 1)
                    .Select(i => (double)sorted[(int)((((long)i * sorted.Length) + Bins - 1) / Bins) - 1])
                    .Distinct(),
            ];
    }

    private static float[] Column(ReadOnlySpan<float> rows, int length, int column)
    {
        var values = new float[rows.Length / length];
        for (var row = 0; row < values.Length; row++)
            values[row] = rows[(row * length) + column];
        return values;
    }
}
