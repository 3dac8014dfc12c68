using System.Globalization;

namespace Latent.Data.Rows;

/// <summary>
/// Represents the Ith of N contiguous parts of the input, cut between batches so that every process runs the very batches that one process
/// would.
/// </summary>
/// <param name="Index">Number of the part, from 1 to <paramref name="Count"/>.</param>
/// <param name="Count">Number of parts.</param>
internal sealed record Shard(int Index, int Count)
{
    public static readonly Shard Whole = new(1, 1);

    public bool IsWhole => Count == 1;

    public bool IsFirst => Index == 1;

    /// <summary>Parses text such as "2/4"; null if it has another form.</summary>
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

    /// <summary>Computes the range of rows of this part, without its end.</summary>
    public (long From, long To) Range(long rows, int batchSize)
    {
        var batches = (rows + batchSize - 1) / batchSize;
        return (Math.Min(rows, Edge(Index - 1) * batchSize), Math.Min(rows, Edge(Index) * batchSize));

        long Edge(int index) => (long)((Int128)batches * index / Count);
    }
}
