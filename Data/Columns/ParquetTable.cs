using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Latent.Data.Files;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using Kind = Parquet.Meta.Type;

namespace Latent.Data.Columns;

/// <summary>Reads a Parquet file by row groups.</summary>
internal sealed class ParquetTable : ColumnarTable
{
    private const int LongestFooter = 1 << 28;

    private readonly string _path;
    private readonly ParquetStream _stream;
    private readonly ParquetReader _reader;
    private readonly List<Column> _columns = [];

    // For each column, the footer's description, and its position among those that aren't nested.
    private readonly List<(SchemaElement Element, int Leaf)> _leaves = [];
    private readonly Dictionary<(int Column, System.Type Type), Array> _buffers = [];

    /// <summary>Opens a file.</summary>
    public ParquetTable(string path)
    {
        _path = path;
        InputFile.RequireRegular(path);
        _stream = new ParquetStream(path);
        try
        {
            CheckFooter();
            _reader = ParquetReader.CreateAsync(_stream, leaveStreamOpen: false).GetAwaiter().GetResult();
            var groups = _reader.Metadata!.RowGroups;
            Parts = [.. groups.Select(group => group.NumRows)];
            if (Parts.Any(rows => rows < 0) || Parts.Aggregate(Int128.Zero, (sum, rows) => sum + rows) != _reader.Metadata.NumRows)
                throw new InvalidDataException("its row groups don't have the rows that its footer says");
            var (schema, at, leaf) = (_reader.Metadata.Schema, 1, 0);
            for (var i = 0; i < (schema[0].NumChildren ?? 0); i++)
            {
                var element = schema[at];
                _columns.Add(Describe(element));
                _leaves.Add((element, leaf));
                for (var open = 1; open > 0; at++)
                {
                    open += Math.Max(0, schema[at].NumChildren ?? 0) - 1;
                    leaf += schema[at].NumChildren > 0 ? 0 : 1;
                }
            }
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public override string PartName => "row group";

    public override IReadOnlyList<Column> Columns => _columns;

    public override IReadOnlyList<long> Parts { get; }

    public override ColumnBlock[] Read(int part, int[] columns)
    {
        var (group, rows) = (_reader.RowGroups[part], Parts[part]);
        var chunks = columns.ToDictionary(column => column, column => group.RowGroup.Columns[_leaves[column].Leaf]);
        var bytes = chunks.Sum(pair => Room(pair.Value.MetaData!, _leaves[pair.Key].Element, rows));
        if (bytes > MaxBytes)
            throw TooLarge(_path, PartName, rows, (long)bytes);
        foreach (var (column, chunk) in chunks)
        {
            var (meta, element) = (chunk.MetaData!, _leaves[column].Element);
            if (meta.Type != element.Type || meta.PathInSchema is not [var name] || name != element.Name)
            {
                throw new InvalidDataException(
                    $"it has {string.Join('.', meta.PathInSchema)} ({meta.Type}) where {element.Name} ({element.Type}) should be"
                );
            }

            ParquetPages.Check(_stream, meta, rows);
        }

        return [.. columns.Select(column => Block(group, column, (int)rows))];
    }

    public override void Dispose() => _stream.Dispose();

    private void CheckFooter()
    {
        var tail = new byte[8];
        if (_stream.Length < 12)
            throw new InvalidDataException("it is truncated");
        _stream.Position = _stream.Length - tail.Length;
        _stream.ReadExactly(tail);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8))
            throw new InvalidDataException("it doesn't end as Parquet does, and may be truncated");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > _stream.Length - 12 || length > LongestFooter)
            throw new InvalidDataException($"its footer is to have {length:N0} bytes");
        var footer = new byte[length];
        _stream.End = _stream.Length - 8 - length;
        _stream.Position = _stream.End;
        _stream.ReadExactly(footer);
        new ThriftWalk(footer, []).File();
    }

    private static Column Describe(SchemaElement element)
    {
        var (logical, converted) = (element.LogicalType, element.ConvertedType);
        if (element.NumChildren > 0 || element.Type is null || element.RepetitionType == FieldRepetitionType.REPEATED)
        {
            var isList = logical?.LIST is not null || converted == ConvertedType.LIST;
            return new Column(
                element.Name,
                isList ? "list"
                    : logical?.MAP is not null ? "map"
                    : "structure",
                ColumnKind.Nested
            );
        }

        var (type, kind) = element.Type switch
        {
            Kind.FIXED_LEN_BYTE_ARRAY when IsDecimal(element) && element.TypeLength > 16 => ("large decimal", ColumnKind.Unreadable),
            _ when IsDecimal(element) => ("decimal", ColumnKind.Number),
            Kind.BOOLEAN => ("boolean", ColumnKind.Number),
            Kind.FLOAT => ("float", ColumnKind.Number),
            Kind.DOUBLE => ("double", ColumnKind.Number),
            Kind.INT96 => ("timestamp", ColumnKind.Text),
            Kind.INT32 or Kind.INT64 when IsTime(element) => ("time", ColumnKind.Text),
            Kind.INT32 or Kind.INT64 when IsDate(element) => (element.Type == Kind.INT32 ? "date" : "timestamp", ColumnKind.Text),
            Kind.INT32 or Kind.INT64 => ("integer", ColumnKind.Number),
            Kind.BYTE_ARRAY => ("string", ColumnKind.Text),
            _ when logical?.FLOAT16 is not null && element.TypeLength == 2 => ("half float", ColumnKind.Number),
            _ when logical?.UUID is not null && element.TypeLength == 16 => ("UUID", ColumnKind.Text),
            _ => ("binary", ColumnKind.Unreadable),
        };
        return new Column(element.Name, type, kind);
    }

    private static bool IsDecimal(SchemaElement element) =>
        element.LogicalType?.DECIMAL is not null || element.ConvertedType == ConvertedType.DECIMAL;

    private static bool IsTime(SchemaElement element) =>
        element.LogicalType?.TIME is not null || element.ConvertedType is ConvertedType.TIME_MILLIS or ConvertedType.TIME_MICROS;

    private static bool IsDate(SchemaElement element) =>
        element.LogicalType is { DATE: not null } or { TIMESTAMP: not null }
        || element.ConvertedType is ConvertedType.DATE or ConvertedType.TIMESTAMP_MILLIS or ConvertedType.TIMESTAMP_MICROS;

    // Texts of a dictionary share their letters, others are at most what is packed.
    private static decimal Room(ColumnMetaData meta, SchemaElement element, decimal rows) =>
        (IsNullable(element) ? 5 : 0) * rows
        + meta.Type switch
        {
            Kind.BOOLEAN => rows,
            Kind.INT32 or Kind.FLOAT => 4 * rows,
            Kind.INT64 or Kind.DOUBLE or Kind.INT96 => 8 * rows,
            Kind.BYTE_ARRAY => 16 * rows + 2m * Math.Max(0, meta.TotalUncompressedSize),
            _ => 64 * rows,
        };

    private static bool IsNullable(SchemaElement element) => element.RepetitionType != FieldRepetitionType.REQUIRED;

    private ColumnBlock Block(ParquetRowGroupReader group, int column, int rows)
    {
        var element = _leaves[column].Element;
        var scale = IsDecimal(element) ? element.LogicalType?.DECIMAL?.Scale ?? element.Scale ?? 0 : 0;
        switch (element.Type!.Value)
        {
            case Kind.BOOLEAN:
                return Numbers<bool, byte>();
            case Kind.FLOAT:
                return Numbers<float, float>();
            case Kind.DOUBLE:
                return Numbers<double, double>();
            case Kind.INT96:
                var (moments, noMoment) = Values<DateTime>(group, column, rows);
                return new MomentBlock(i => noMoment?[i] == true ? null : moments[i], Moment);
            // The package doesn't read times in every encoding, but it always reads integers.
            case Kind.INT32 when _columns[column].Kind == ColumnKind.Text:
                var (days, noDay) = Values<int>(group, column, rows);
                return Times(i => noDay?[i] == true ? null : days[i]);
            case Kind.INT64 when _columns[column].Kind == ColumnKind.Text:
                var (times, noTime) = Values<long>(group, column, rows);
                return Times(i => noTime?[i] == true ? null : times[i]);
            case Kind.INT32:
                return IsUnsigned(element) ? Numbers<int, uint>() : Numbers<int, int>();
            case Kind.INT64:
                return IsUnsigned(element) ? Numbers<long, ulong>() : Numbers<long, long>();
            case Kind.BYTE_ARRAY when !IsDecimal(element):
                var (texts, noText) = Values<ReadOnlyMemory<char>>(group, column, rows);
                return new TextBlock(i => noText?[i] == true ? null : texts[i].ToString());
            default:
                var (bytes, noBytes) = Values<ReadOnlyMemory<byte>>(group, column, rows);
                Func<int, bool>? isMissing = noBytes is null ? null : i => noBytes[i];
                if (element.LogicalType?.UUID is not null)
                    return new TextBlock(i => noBytes?[i] == true ? null : new Guid(bytes[i].Span, bigEndian: true).ToString());
                if (IsDecimal(element))
                {
                    var decimals = Array.ConvertAll(bytes[..rows], value => (Int128)new BigInteger(value.Span, isBigEndian: true));
                    return new NumberBlock<Int128>(() => decimals, isMissing, scale);
                }
                // A missing value has no bytes.
                var halves = Array.ConvertAll(
                    bytes[..rows],
                    half => half.IsEmpty ? default : BinaryPrimitives.ReadHalfLittleEndian(half.Span)
                );
                return new NumberBlock<Half>(() => halves, isMissing);
        }

        ColumnBlock Times(Func<int, long?> times) =>
            IsTime(element)
                ? new TextBlock(i =>
                    times(i) is { } time ? MomentOf(element, time).ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) : null
                )
                : new MomentBlock(i => times(i) is { } time ? MomentOf(element, time) : null, element.Type == Kind.INT32 ? Day : Moment);

        ColumnBlock Numbers<TStored, T>()
            where TStored : struct
            where T : struct, INumberBase<T>
        {
            var (values, missing) = Values<TStored>(group, column, rows);
            Func<int, bool>? isMissing = missing is null ? null : i => missing[i];
            return new NumberBlock<T>(() => MemoryMarshal.Cast<TStored, T>(values.AsSpan(0, rows)), isMissing, scale);
        }
    }

    private static bool IsUnsigned(SchemaElement element) =>
        element.LogicalType?.INTEGER is { IsSigned: false } || element.ConvertedType is ConvertedType.UINT_32 or ConvertedType.UINT_64;

    // Of a time of day, on the first day.
    private static DateTime MomentOf(SchemaElement element, long value)
    {
        var unit = element.LogicalType?.TIME?.Unit ?? element.LogicalType?.TIMESTAMP?.Unit;
        if (!IsTime(element) && element.Type == Kind.INT32)
            return DateTime.UnixEpoch.AddDays(value);
        var ticks =
            unit?.NANOS is not null ? value / TimeSpan.NanosecondsPerTick
            : unit?.MILLIS is not null || element.ConvertedType is ConvertedType.TIME_MILLIS or ConvertedType.TIMESTAMP_MILLIS
                ? checked(value * TimeSpan.TicksPerMillisecond)
            : checked(value * TimeSpan.TicksPerMicrosecond);
        return DateTime.UnixEpoch.AddTicks(ticks);
    }

    // For a column that may have gaps, the package returns the values without them, and for each row whether it has one.
    private (T[] Values, bool[]? Missing) Values<T>(ParquetRowGroupReader group, int column, int rows)
        where T : struct
    {
        var element = _leaves[column].Element;
        var isNullable = IsNullable(element);
        var field = new DataField(element.Name, typeof(T), isNullable, isArray: false);
        _ = new ParquetSchema(field);
        var values = Buffer<T>(column, rows);
        var levels = isNullable ? Buffer<int>(-1, rows) : null;
        group.ReadRawAsync(field, values.AsMemory(0, rows), levels?.AsMemory(0, rows), null).AsTask().GetAwaiter().GetResult();
        var present = levels is null ? rows : levels.AsSpan(0, rows).Count(1);
        if (present == rows)
            return (values, null);
        var missing = Buffer<bool>(column, rows);
        for (var i = rows - 1; i >= 0; i--)
        {
            missing[i] = levels![i] != 1;
            values[i] = missing[i] ? default : values[--present];
        }

        return (values, missing);
    }

    private T[] Buffer<T>(int column, int rows)
    {
        if (!_buffers.TryGetValue((column, typeof(T)), out var buffer) || buffer.Length < rows)
            _buffers[(column, typeof(T))] = buffer = new T[rows];
        return (T[])buffer;
    }
}
