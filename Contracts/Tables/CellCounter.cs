namespace Latent.Contracts.Tables;

/// <summary>Counts the cells of a column by bin or level.</summary>
/// <param name="edges">The edges between bins of numbers; null for words.</param>
/// <param name="levels">Number of levels of words; of no meaning for numbers.</param>
internal sealed class CellCounter(IReadOnlyList<double>? edges, int levels = 0)
{
    private readonly double[]? _edges = edges is null ? null : [.. edges];
    private readonly long[] _counts = new long[edges is null ? levels : edges.Count + 1];
    private long _unseen;
    private long _missing;

    /// <summary>Adds a cell; a number that is not finite counts as missing.</summary>
    public void Add(float cell)
    {
        if (_edges is null)
        {
            if (cell >= 0 && cell < _counts.Length)
                _counts[(int)cell]++;
            else if (cell == TableDescription.Missing)
                _missing++;
            else
                _unseen++;
        }
        else if (!float.IsFinite(cell))
        {
            _missing++;
        }
        else
        {
            var edge = Array.BinarySearch(_edges, cell);
            _counts[edge >= 0 ? edge : ~edge]++;
        }
    }

    /// <summary>Gets what was counted.</summary>
    public ColumnDistribution Distribution() =>
        new()
        {
            Edges = _edges,
            Counts = [.. _counts],
            Unseen = _unseen,
            Missing = _missing,
        };
}
