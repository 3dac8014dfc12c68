using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Latent.Data.Files;
using Latent.Data.Tables;

namespace Latent.Data.Columns;

/// <summary>An Arrow IPC file or stream, by record batches; a file holds a stream, between its magic number and its footer.</summary>
internal sealed class ArrowTable : ColumnarTable
{
    private const int DeepestField = 32;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly ArrowStreamReader _reader;
    private readonly ArrowAllocator _allocator = new();
    private readonly List<Message> _messages = [];
    private readonly int[] _batches;
    private readonly Column[] _columns;
    private int _next;

    /// <summary>Opens a file.</summary>
    public ArrowTable(string path)
    {
        _path = path;
        _stream = InputFile.Open(path);
        try
        {
            var start = Scan();
            _batches = [.. Enumerable.Range(0, _messages.Count).Where(i => !_messages[i].IsDictionary)];
            Parts = [.. _batches.Select(i => _messages[i].Rows)];
            _stream.Position = start;
            _reader = new ArrowStreamReader(_stream, _allocator, new CompressionCodecFactory(), leaveOpen: false);
            _columns = [.. _reader.Schema.FieldsList.Select(field => new Column(field.Name ?? "", TypeOf(field.DataType), KindOf(field.DataType)))];
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public override string PartName => "record batch";

    public override IReadOnlyList<Column> Columns => _columns;

    public override IReadOnlyList<long> Parts { get; }

    public override ColumnBlock[] Read(int part, int[] columns)
    {
        RecordBatch? batch = null;
        // Dictionaries on the way there are read, each run of them with the batch after it.
        while (batch is null)
        {
            while (_next < _batches[part] && !_messages[_next].IsDictionary)
                _next++;
            var first = _next;
            while (_messages[_next].IsDictionary)
                _next++;
            var body = _messages.Take(first.._next).Sum(message => message.Body) + _messages[_next].Body;
            if (body > MostBytes)
                throw TooLarge(_path, PartName, Parts[part], body);
            _allocator.Left = Math.Min(MostBytes, (1 << 16) + body * MostRatio);
            _stream.Position = _messages[first].At;
            var read = _reader.ReadNextRecordBatch();
            batch = _next++ == _batches[part] ? read : null;
        }
        if (batch.Length != Parts[part] || batch.ColumnCount != _columns.Length)
            throw new InvalidDataException($"it has {batch.ColumnCount} columns of {batch.Length} rows where {_columns.Length} of {Parts[part]} should be");
        return [.. columns.Select(column => batch.Column(column) is var array && array.Length == batch.Length ? Block(array)
            : throw new InvalidDataException($"column {_columns[column].Name} has {array.Length} of {batch.Length} rows"))];
    }

    public override void Dispose() => _stream.Dispose();

    // Where each message is, and what it holds; Apache.Arrow allocates what messages say, and follows their lists wherever they lead.
    private long Scan()
    {
        Span<byte> bytes = stackalloc byte[8];
        _stream.ReadExactly(bytes);
        var isFile = bytes.StartsWith("ARROW1"u8);
        var (start, end) = (isFile ? 8L : 0, _stream.Length);
        if (isFile)
        {
            _stream.Position = end - 10;
            _stream.ReadExactly(bytes);
            Span<byte> tail = stackalloc byte[2];
            _stream.ReadExactly(tail);
            var footer = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (!bytes[4..].SequenceEqual("ARRO"u8) || !tail.SequenceEqual("W1"u8))
                throw new InvalidDataException("it doesn't end as Arrow does, and may be truncated");
            if (footer <= 0 || footer > end - 18)
                throw new InvalidDataException($"its footer is to have {footer:N0} bytes");
            end -= 10 + footer;
        }
        var hasSchema = false;
        for (var at = start; at < end;)
        {
            _stream.Position = at;
            _stream.ReadExactly(bytes[..4]);
            var (length, head) = (BinaryPrimitives.ReadInt32LittleEndian(bytes), 4);
            if (length == -1)
            {
                _stream.ReadExactly(bytes[4..]);
                (length, head) = (BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), 8);
            }
            if (length == 0)
                break;
            if (length < 0 || length > end - at - head)
                throw new InvalidDataException("it is truncated, or a message is longer than the file");
            var metadata = new byte[length];
            _stream.ReadExactly(metadata);
            var message = FlatTable.Root(metadata);
            var (kind, body) = (message.Number(1, 1), message.Number(3, 8));
            if (body < 0 || body > end - at - head - length)
                throw new InvalidDataException("it is truncated, or a message is longer than the file");
            if (hasSchema ? kind is not (2 or 3) : kind != 1)
                throw new InvalidDataException("it doesn't begin with its columns, or goes on with what is no batch");
            if (kind == 1)
                CheckSchema(message.Table(2));
            else
                _messages.Add(new Message(at, kind == 2, CheckBatch(kind == 2 ? message.Table(2).Table(1) : message.Table(2), body), body));
            hasSchema = true;
            at += head + length + body;
        }
        return hasSchema ? start : throw new InvalidDataException("it ends before its columns are named");
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
        if (depth > DeepestField || ++count > 2 * CsvSource.MostColumns)
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
        // Every column but one of nothing takes a bit of each row.
        return rows >= 0 && rows <= int.MaxValue && (nodes == 0 || buffers == 0 || rows / 8 / (batch.Has(3) ? MostRatio : 1) <= body) ? rows
            : throw new InvalidDataException($"it has {rows:N0} rows in {body:N0} bytes");
    }

    private static string TypeOf(IArrowType type) => type is DictionaryType dictionary ? $"dictionary of {dictionary.ValueType.Name}" : type.Name;

    private static ColumnKind KindOf(IArrowType type) => type.TypeId switch
    {
        ArrowTypeId.Dictionary => KindOf(((DictionaryType)type).ValueType) is ColumnKind.Nested ? ColumnKind.Unreadable : KindOf(((DictionaryType)type).ValueType),
        >= ArrowTypeId.Boolean and <= ArrowTypeId.Double or ArrowTypeId.Decimal32 or ArrowTypeId.Decimal64 or ArrowTypeId.Decimal128 => ColumnKind.Number,
        ArrowTypeId.String or ArrowTypeId.LargeString or ArrowTypeId.StringView or ArrowTypeId.Date32 or ArrowTypeId.Date64 or ArrowTypeId.Timestamp
            or ArrowTypeId.Time32 or ArrowTypeId.Time64 => ColumnKind.Text,
        _ => type is NestedType ? ColumnKind.Nested : ColumnKind.Unreadable,
    };

    private static ColumnBlock Block(IArrowArray array) => array.Data.DataType.TypeId switch
    {
        ArrowTypeId.Boolean => Booleans(array.Data),
        ArrowTypeId.UInt8 => Numbers<byte>(array.Data),
        ArrowTypeId.Int8 => Numbers<sbyte>(array.Data),
        ArrowTypeId.UInt16 => Numbers<ushort>(array.Data),
        ArrowTypeId.Int16 => Numbers<short>(array.Data),
        ArrowTypeId.UInt32 => Numbers<uint>(array.Data),
        ArrowTypeId.Int32 => Numbers<int>(array.Data),
        ArrowTypeId.UInt64 => Numbers<ulong>(array.Data),
        ArrowTypeId.Int64 => Numbers<long>(array.Data),
        ArrowTypeId.HalfFloat => Numbers<Half>(array.Data),
        ArrowTypeId.Float => Numbers<float>(array.Data),
        ArrowTypeId.Double => Numbers<double>(array.Data),
        ArrowTypeId.Decimal32 => Numbers<int>(array.Data, ((Decimal32Type)array.Data.DataType).Scale),
        ArrowTypeId.Decimal64 => Numbers<long>(array.Data, ((Decimal64Type)array.Data.DataType).Scale),
        ArrowTypeId.Decimal128 => Numbers<Int128>(array.Data, ((Decimal128Type)array.Data.DataType).Scale),
        ArrowTypeId.Dictionary => new DictionaryBlock(Block(((DictionaryArray)array).Indices), Block(((DictionaryArray)array).Dictionary)),
        ArrowTypeId.String => Texts<int>(array.Data),
        ArrowTypeId.LargeString => Texts<long>(array.Data),
        ArrowTypeId.StringView => TextViews(array.Data),
        _ => new TextBlock(i => Time(array, i)),
    };

    private static NumberBlock<T> Numbers<T>(ArrayData data, int scale = 0)
        where T : struct, INumberBase<T>
    {
        var (values, length) = (data.Buffers[1].Memory, data.Length);
        return new NumberBlock<T>(() => MemoryMarshal.Cast<byte, T>(values.Span)[..length], Missing(data), scale);
    }

    private static NumberBlock<byte> Booleans(ArrayData data)
    {
        var bits = data.Buffers[1].Span;
        var values = new byte[data.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (byte)((bits[i >> 3] >> (i & 7)) & 1);
        return new NumberBlock<byte>(() => values, Missing(data));
    }

    // The package's own way to texts trusts their places.
    private static TextBlock Texts<TPlace>(ArrayData data)
        where TPlace : unmanaged, INumberBase<TPlace>
    {
        var (places, letters, isMissing) = (data.Buffers[1].Memory, data.Buffers[2].Memory, Missing(data));
        return new TextBlock(i => isMissing?.Invoke(i) == true ? null : Encoding.UTF8.GetString(letters.Span[Place(i)..Place(i + 1)]));

        int Place(int i) => int.CreateChecked(MemoryMarshal.Cast<byte, TPlace>(places.Span)[i]);
    }

    // Of 16 bytes a text, up to 12 letters are its own; others lie in a buffer.
    private static TextBlock TextViews(ArrayData data)
    {
        var (buffers, isMissing) = (data.Buffers, Missing(data));
        return new TextBlock(i =>
        {
            var view = MemoryMarshal.Cast<byte, int>(buffers[1].Span).Slice(4 * i, 4);
            return isMissing?.Invoke(i) == true ? null
                : Encoding.UTF8.GetString(view[0] <= 12 ? MemoryMarshal.AsBytes(view[1..])[..view[0]] : buffers[checked(2 + view[2])].Span.Slice(view[3], view[0]));
        });
    }

    private static Func<int, bool>? Missing(ArrayData data)
    {
        var bits = data.Buffers[0].Memory;
        return data.NullCount == 0 ? null : i => (bits.Span[i >> 3] & (1 << (i & 7))) == 0;
    }

    private static string? Time(IArrowArray array, int row) => array switch
    {
        Date32Array dates => dates.GetDateTime(row)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Date64Array dates => dates.GetDateTime(row)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimestampArray times => times.GetTimestamp(row)?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        Time32Array times => times.GetTime(row)?.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        Time64Array times => times.GetTime(row)?.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        _ => throw new InvalidDataException($"it has a column of type {array.Data.DataType.Name} where text should be"),
    };

    private readonly record struct Message(long At, bool IsDictionary, long Rows, long Body);
}
