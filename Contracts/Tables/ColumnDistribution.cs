namespace Latent.Contracts.Tables;

/// <summary>Represents how many rows have each value of a column: numbers by bins, words by level.</summary>
public sealed record ColumnDistribution
{
    /// <summary>The largest number of edges.</summary>
    public const int MaxEdges = 21;

    /// <summary>
    /// Gets the edges between the bins of numbers, ascending: a bin has the numbers above the edge before it, up to and with the edge after
    /// it, and the first and the last bin are open. Null for words.
    /// </summary>
    public IReadOnlyList<double>? Edges { get; init; }

    /// <summary>Gets the number of rows in each bin, one bin more than there are edges, or with each level.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>Gets the number of rows with a word that is no level.</summary>
    public long Unseen { get; init; }

    /// <summary>Gets the number of rows in which the cell is missing.</summary>
    public long Missing { get; init; }

    /// <summary>Gets the number of all rows.</summary>
    public long Rows() => Counts.Sum() + Unseen + Missing;
}
