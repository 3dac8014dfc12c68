using System.IO.Compression;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using Field = Apache.Arrow.Field;

namespace Latent.Data.Tests.Columns;

/// <summary>Files of columns, by their packages' own writers: .parquet, .arrow or .arrows, in parts of the same columns.</summary>
internal static class ColumnarFiles
{
    /// <summary>Writes a file; an array of T? is a column that may have gaps.</summary>
    public static string Write(string path, params (string Name, System.Array Values)[][] parts) => Write(path, null, parts);

    /// <summary>Writes a file that is packed, by Parquet's name of a method or Arrow's of a codec; null: not.</summary>
    public static string Write(string path, string? packed, (string Name, System.Array Values)[][] parts)
    {
        if (path.EndsWith(".parquet", StringComparison.Ordinal))
            WriteParquet(path, packed, parts).GetAwaiter().GetResult();
        else
            WriteArrow(path, packed, parts);
        return path;
    }

    /// <summary>An Arrow array of numbers, or of what is stored as such.</summary>
    public static IArrowArray Array<T>(IArrowType type, T[] values, bool[]? present = null)
        where T : unmanaged
    {
        var bits = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++)
            bits[i / 8] |= (byte)(present?[i] == false ? 0 : 1 << (i % 8));
        var missing = present?.Count(there => !there) ?? 0;
        ArrowBuffer[] buffers =
        [
            missing == 0 ? ArrowBuffer.Empty : new ArrowBuffer(bits),
            new ArrowBuffer(MemoryMarshal.AsBytes<T>(values).ToArray()),
        ];
        return ArrowArrayFactory.BuildArray(new ArrayData(type, values.Length, missing, 0, buffers));
    }

    /// <summary>Writes an Arrow file, or stream, of arrays.</summary>
    public static string WriteArrow(string path, string? packed, string[] names, params IArrowArray[][] parts)
    {
        var schema = new Schema([.. names.Zip(parts[0], (name, array) => new Field(name, array.Data.DataType, nullable: true))], null);
        var options = new IpcOptions
        {
            CompressionCodecFactory = new CompressionCodecFactory(),
            CompressionCodec = packed is null ? null : Enum.Parse<CompressionCodecType>(packed),
        };
        using var file = File.Create(path);
        using var writer = path.EndsWith(".arrows", StringComparison.Ordinal)
            ? new ArrowStreamWriter(file, schema, leaveOpen: true, options)
            : new ArrowFileWriter(file, schema, leaveOpen: true, options);
        writer.WriteStart();
        foreach (var part in parts)
            writer.WriteRecordBatch(new RecordBatch(schema, part, part[0].Length));
        writer.WriteEnd();
        return path;
    }

    private static void WriteArrow(string path, string? packed, (string Name, System.Array Values)[][] parts) =>
        WriteArrow(
            path,
            packed,
            [.. parts[0].Select(column => column.Name)],
            [.. parts.Select(part => part.Select(column => ArrayOf(column.Values)).ToArray())]
        );

    private static IArrowArray ArrayOf(System.Array values) =>
        Of(values) switch
        {
            TypeCode.String => new StringArray.Builder().AppendRange((string?[])values).Build(),
            TypeCode.Boolean => new BooleanArray.Builder().AppendRange((bool[])values).Build(),
            TypeCode.DateTime => Array(
                new TimestampType(TimeUnit.Microsecond, "UTC"),
                System.Array.ConvertAll((DateTime[])values, time => (time - DateTime.UnixEpoch).Ticks / 10)
            ),
            TypeCode.Object when values is DateOnly[] dates => Array(
                Date32Type.Default,
                System.Array.ConvertAll(dates, date => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber)
            ),
            TypeCode.Decimal => Array(
                new Decimal128Type(18, 3),
                System.Array.ConvertAll((decimal[])values, value => (Int128)(value * 1000))
            ),
            TypeCode.Byte => Numbers<byte>(UInt8Type.Default, values),
            TypeCode.SByte => Numbers<sbyte>(Int8Type.Default, values),
            TypeCode.UInt16 => Numbers<ushort>(UInt16Type.Default, values),
            TypeCode.Int16 => Numbers<short>(Int16Type.Default, values),
            TypeCode.UInt32 => Numbers<uint>(UInt32Type.Default, values),
            TypeCode.Int32 => Numbers<int>(Int32Type.Default, values),
            TypeCode.UInt64 => Numbers<ulong>(UInt64Type.Default, values),
            TypeCode.Int64 => Numbers<long>(Int64Type.Default, values),
            TypeCode.Object => Numbers<Half>(HalfFloatType.Default, values),
            TypeCode.Single => Numbers<float>(FloatType.Default, values),
            TypeCode.Double => Numbers<double>(DoubleType.Default, values),
            _ => throw new NotSupportedException(values.GetType().Name),
        };

    private static IArrowArray Numbers<T>(IArrowType type, System.Array values)
        where T : unmanaged =>
        values is T?[] some
            ? Array(
                type,
                System.Array.ConvertAll(some, value => value ?? default),
                System.Array.ConvertAll(some, value => value is not null)
            )
            : Array(type, (T[])values);

    // To the runtime, arrays of sbyte are arrays of byte too.
    private static TypeCode Of(System.Array values) =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(values.GetType().GetElementType()!) ?? values.GetType().GetElementType()!);

    private static async Task WriteParquet(string path, string? packed, (string Name, System.Array Values)[][] parts)
    {
        DataField[] fields =
        [
            .. parts[0]
                .Select(column =>
                    column.Values switch
                    {
                        DateOnly[] => new DateTimeDataField(column.Name, DateTimeFormat.Date),
                        DateTime[] => new DateTimeDataField(
                            column.Name,
                            DateTimeFormat.Timestamp,
                            isAdjustedToUTC: true,
                            unit: DateTimeTimeUnit.Micros
                        ),
                        decimal[] => new DecimalDataField(column.Name, 18, 3),
                        string?[] texts => new DataField(column.Name, typeof(string), isNullable: texts.Contains(null)),
                        var values => new DataField(column.Name, values.GetType().GetElementType()!),
                    }
                ),
        ];
        var options = new ParquetOptions
        {
            CompressionMethod = packed is null ? CompressionMethod.None : Enum.Parse<CompressionMethod>(packed),
            CompressionLevel = CompressionLevel.Fastest,
        };
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file, options);
        foreach (var part in parts)
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, (_, values)) in fields.Zip(part))
            {
                await (
                    Of(values) switch
                    {
                        TypeCode.String => group.WriteAsync(field, (string?[])values),
                        TypeCode.Object when values is DateOnly[] dates => Put<DateTime>(
                            System.Array.ConvertAll(dates, date => date.ToDateTime(default))
                        ),
                        TypeCode.DateTime => Put<DateTime>(values),
                        TypeCode.Boolean => Put<bool>(values),
                        TypeCode.Decimal => Put<decimal>(values),
                        TypeCode.Byte => Put<byte>(values),
                        TypeCode.SByte => Put<sbyte>(values),
                        TypeCode.UInt16 => Put<ushort>(values),
                        TypeCode.Int16 => Put<short>(values),
                        TypeCode.UInt32 => Put<uint>(values),
                        TypeCode.Int32 => Put<int>(values),
                        TypeCode.UInt64 => Put<ulong>(values),
                        TypeCode.Int64 => Put<long>(values),
                        TypeCode.Single => Put<float>(values),
                        TypeCode.Double => Put<double>(values),
                        _ => throw new NotSupportedException(values.GetType().Name),
                    }
                );

                Task Put<T>(System.Array column)
                    where T : struct =>
                    column is T[] all
                        ? group.WriteAsync(field, (ReadOnlyMemory<T>)all)
                        : group.WriteAsync(field, (ReadOnlyMemory<T?>)(T?[])column);
            }
        }
    }
}
