using Latent.Data.Rows;

namespace Latent.Data.Tables;

/// <summary>
/// Reads the records of a table that belong to a part of it, as text. The table is cut by its length, at the next record that begins a
/// batch, so that every part runs the very batches that one process would. What comes before the part is looked through for quotes and line
/// ends, which takes a small part of the time that reading its values would; what comes after it is not read.
/// </summary>
/// <param name="text">The table from its beginning.</param>
/// <param name="hasHeader">Whether its first record is not a row.</param>
/// <param name="from">Number of characters before the part.</param>
/// <param name="to">Number of characters before the next part.</param>
/// <param name="batchSize">Rows of a batch.</param>
internal sealed class RecordRange(TextInput text, bool hasHeader, long from, long to, int batchSize) : TextReader
{
    private long _row = hasHeader ? -1 : 0;
    private long _position;
    private bool _quoted;
    private bool _between = true;
    private bool _begun;
    private bool _ended;

    /// <summary>
    /// Gets the row of the table, counted from 0, with which the part begins; known when the first characters have been read.
    /// </summary>
    public long FirstRow { get; private set; }

    /// <summary>Gets the line of the table, counted from 1, with which the part begins.</summary>
    public long FirstLine { get; private set; } = 1;

    /// <summary>Computes the edges of a part, in characters.</summary>
    public static (long From, long To) Edges(Shard shard, long characters)
    {
        return (Edge(shard.Index - 1), shard.Index == shard.Count ? long.MaxValue : Edge(shard.Index));

        long Edge(int index) => (long)((Int128)characters * index / shard.Count);
    }

    public override int Peek() => throw new NotSupportedException();

    public override int Read() => throw new NotSupportedException();

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int ReadBlock(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int ReadBlock(Span<char> buffer) => Read(buffer);

    public override int Read(Span<char> buffer)
    {
        while (!_ended)
        {
            var read = text.Read(buffer);
            if (read == 0)
                break;
            var (first, count) = Within(buffer[..read]);
            _position += read;
            if (count == 0)
                continue;
            buffer.Slice(first, count).CopyTo(buffer);
            return count;
        }

        return 0;
    }

    // The characters of the part among these: where they begin, and how many they are.
    private (int First, int Count) Within(ReadOnlySpan<char> block)
    {
        var first = _begun ? 0 : block.Length;
        for (var at = 0; at < block.Length; )
        {
            var rest = block[at..];
            if (_between)
            {
                var start = rest.IndexOfAnyExcept('\r', '\n');
                if (start < 0)
                    break;
                at += start;
                _between = false;
                if (_row >= 0 && _row % batchSize == 0)
                {
                    if (_position + at >= to)
                    {
                        _ended = true;
                        return _begun ? (first, at - first) : (0, 0);
                    }

                    if (!_begun && _position + at >= from)
                    {
                        (_begun, first, FirstRow) = (true, at, _row);
                        FirstLine += block[..at].Count('\n');
                    }
                }

                _row++;
                continue;
            }

            var next = _quoted ? rest.IndexOf('"') : rest.IndexOfAny('"', '\r', '\n');
            if (next < 0)
                break;
            if (rest[next] == '"')
                _quoted = !_quoted;
            else
                _between = true;
            at += next + 1;
        }

        if (!_begun)
            FirstLine += block.Count('\n');
        return (first, block.Length - first);
    }
}
