using System.Buffers.Binary;
using Latent.Data.Tables;

namespace Latent.Data.Columns;

/// <summary>
/// Finds the messages of an Arrow file or stream, and checks their own description before Apache.Arrow reads them: it allocates the sizes
/// that they state, and follows their lists without checks.
/// </summary>
internal static class ArrowMessages
{
    private const int DeepestField = 32;
    private const int Schema = 1,
        Dictionary = 2,
        Batch = 3;

    /// <summary>Lists the dictionaries of a file, then its record batches, both in the order of its footer.</summary>
    /// <exception cref="InvalidDataException">The messages can't be read.</exception>
    public static List<ArrowMessage> OfFile(Stream stream)
    {
        Span<byte> tail = stackalloc byte[10];
        if (stream.Length < 18)
            throw new InvalidDataException("it is truncated");
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual("ARROW1"u8))
            throw new InvalidDataException("it doesn't end as Arrow does, and may be truncated");
        if (length <= 0 || length > stream.Length - 18)
            throw new InvalidDataException($"its footer is to have {length:N0} bytes");
        var end = stream.Length - tail.Length - length;
        var bytes = new byte[length];
        stream.Position = end;
        stream.ReadExactly(bytes);
        var footer = FlatTable.Root(bytes);
        CheckSchema(footer.Table(1));
        var messages = new List<ArrowMessage>();
        // Their lists are the fields of their numbers.
        foreach (var kind in (int[])[Dictionary, Batch])
        {
            var count = footer.List(kind, 24, out var first);
            for (var i = 0; i < count; i++)
            {
                var message = Read(stream, footer.NumberAt(first + 24 * i), end, out var found, out _);
                messages.Add(found == kind ? message : throw new InvalidDataException("its footer leads to what is no batch"));
            }
        }

        return messages;
    }

    /// <summary>Lists the dictionaries and the record batches of a stream.</summary>
    /// <exception cref="InvalidDataException">The messages can't be read.</exception>
    public static List<ArrowMessage> OfStream(Stream stream)
    {
        var messages = new List<ArrowMessage>();
        Read(stream, 0, stream.Length, out var kind, out var at);
        if (kind != Schema)
            throw new InvalidDataException("it doesn't begin with its columns");
        // A stream may end without a mark.
        while (at < stream.Length)
        {
            var message = Read(stream, at, stream.Length, out kind, out at);
            if (kind == 0)
                break;
            messages.Add(kind is Dictionary or Batch ? message : throw new InvalidDataException("it goes on with what is no batch"));
        }

        return messages;
    }

    // For a mark that ends a stream, the kind is 0.
    private static ArrowMessage Read(Stream stream, long at, long end, out int kind, out long next)
    {
        Span<byte> head = stackalloc byte[8];
        if (at < 0 || at > end - 4)
            throw Truncated();
        stream.Position = at;
        stream.ReadExactly(head[..4]);
        var (length, used) = (BinaryPrimitives.ReadInt32LittleEndian(head), 4);
        if (length == -1)
        {
            stream.ReadExactly(head[4..]);
            (length, used) = (BinaryPrimitives.ReadInt32LittleEndian(head[4..]), 8);
        }

        (kind, next) = (0, end);
        if (length == 0)
            return default;
        if (length < 0 || length > end - at - used)
            throw Truncated();
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        var message = FlatTable.Root(bytes);
        var body = message.Number(3, 8);
        kind = (int)message.Number(1, 1);
        next = at + used + length + body;
        if (body < 0 || body > end - at - used - length)
            throw Truncated();
        if (kind == Schema)
            CheckSchema(message.Table(2));
        var rows = kind switch
        {
            Dictionary => CheckBatch(message.Table(2).Table(1), body),
            Batch => CheckBatch(message.Table(2), body),
            _ => 0,
        };
        return new ArrowMessage(at, kind == Dictionary, rows, body);
    }

    private static void CheckSchema(FlatTable schema)
    {
        if (schema.Number(0, 2) != 0)
            throw new InvalidDataException("its numbers are big-endian; little-endian ones are needed");
        schema.List(2, 4, out _);
        var count = 0;
        for (var i = schema.List(1, 4, out var first) - 1; i >= 0; i--)
            CheckField(schema.TableAt(first + 4 * i), 0, ref count);
    }

    private static void CheckField(FlatTable field, int depth, ref int count)
    {
        if (depth > DeepestField || ++count > 2 * CsvSource.MaxColumns)
            throw new InvalidDataException($"its columns are nested more than {DeepestField} deep, or too many");
        field.List(6, 4, out _);
        for (var i = field.List(5, 4, out var first) - 1; i >= 0; i--)
            CheckField(field.TableAt(first + 4 * i), depth + 1, ref count);
    }

    private static long CheckBatch(FlatTable batch, long body)
    {
        var (rows, nodes, buffers) = (batch.Number(0, 8), batch.List(1, 16, out _), batch.List(2, 16, out _));
        for (var i = batch.List(4, 8, out var first) - 1; i >= 0; i--)
        {
            if (batch.NumberAt(first + 8 * i) < 0 || batch.NumberAt(first + 8 * i) > buffers)
                throw new InvalidDataException("it has more buffers than there are");
        }
        // Every column except an empty one takes at least one bit per row.
        var mayBe = nodes == 0 || buffers == 0 || rows / 8 / (batch.Has(3) ? ColumnarTable.MaxRatio : 1) <= body;
        return mayBe && rows is >= 0 and <= int.MaxValue
            ? rows
            : throw new InvalidDataException($"it has {rows:N0} rows in {body:N0} bytes");
    }

    private static InvalidDataException Truncated() => new("it is truncated, or a message is longer than the file");
}
