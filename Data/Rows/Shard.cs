using System.Globalization;

namespace Latent.Data.Rows;

/// <summary>The Ith of N contiguous parts of the input, cut between batches so that every process runs the very batches that one process would.</summary>
/// <param name="Index">From 1 to <paramref name="Count"/>.</param>
/// <param name="Count">Number of parts.</param>
internal sealed record Shard(int Index, int Count)
{
    public static readonly Shard Whole = new(1, 1);

    public bool IsWhole => Count == 1;

    public bool IsFirst => Index == 1;

    /// <summary>Reads "2/4"; null where it is something else.</summary>
    public static Shard? Parse(string text)
    {
        var parts = text.Split('/');
        return
            parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && index >= 1
            && index <= count
            ? new Shard(index, count)
            : null;
    }

    /// <summary>The rows of this part: from the first, up to but without the second.</summary>
    public (long From, long To) Range(long rows, int batchSize)
    {
        var batches = (rows + batchSize - 1) / batchSize;
        return (Math.Min(rows, Edge(Index - 1) * batchSize), Math.Min(rows, Edge(Index) * batchSize));

        long Edge(int index) => (long)((Int128)batches * index / Count);
    }
}
