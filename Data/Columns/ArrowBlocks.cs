using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Latent.Data.Columns;

/// <summary>Reads the columns of a record batch; access outside of their buffers throws an exception.</summary>
internal static class ArrowBlocks
{
    /// <summary>Describes what can be read from a column.</summary>
    public static Column Describe(Field field)
    {
        var (values, type) = field.DataType is DictionaryType dictionary
            ? (dictionary.ValueType, $"dictionary of {dictionary.ValueType.Name}")
            : (field.DataType, field.DataType.Name);
        return new Column(field.Name ?? "", type, KindOf(values));
    }

    /// <summary>Gets the values of a column.</summary>
    public static ColumnBlock Of(IArrowArray array) =>
        array.Data.DataType.TypeId switch
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
            ArrowTypeId.Dictionary => new DictionaryBlock(Of(((DictionaryArray)array).Indices), Of(((DictionaryArray)array).Dictionary)),
            ArrowTypeId.String => Texts<int>(array.Data),
            ArrowTypeId.LargeString => Texts<long>(array.Data),
            ArrowTypeId.StringView => TextViews(array.Data),
            ArrowTypeId.Date32 when array is Date32Array dates => new MomentBlock(i => dates.GetDateTime(i), ColumnarTable.Day),
            ArrowTypeId.Date64 when array is Date64Array dates => new MomentBlock(i => dates.GetDateTime(i), ColumnarTable.Day),
            ArrowTypeId.Timestamp when array is TimestampArray times => new MomentBlock(
                i => times.GetTimestamp(i)?.UtcDateTime,
                ColumnarTable.Moment
            ),
            _ => new TextBlock(i => Time(array, i)),
        };

    private static ColumnKind KindOf(IArrowType type) =>
        type.TypeId switch
        {
            >= ArrowTypeId.Boolean and <= ArrowTypeId.Double => ColumnKind.Number,
            ArrowTypeId.Decimal32 or ArrowTypeId.Decimal64 or ArrowTypeId.Decimal128 => ColumnKind.Number,
            ArrowTypeId.String or ArrowTypeId.LargeString or ArrowTypeId.StringView => ColumnKind.Text,
            ArrowTypeId.Date32 or ArrowTypeId.Date64 or ArrowTypeId.Timestamp or ArrowTypeId.Time32 or ArrowTypeId.Time64 =>
                ColumnKind.Text,
            _ => type is NestedType ? ColumnKind.Nested : ColumnKind.Unreadable,
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

    // Of 16 bytes per text, up to 12 hold the text itself; longer texts lie in a buffer.
    private static TextBlock TextViews(ArrayData data)
    {
        var (buffers, isMissing) = (data.Buffers, Missing(data));
        return new TextBlock(i =>
        {
            var view = MemoryMarshal.Cast<byte, int>(buffers[1].Span).Slice(4 * i, 4);
            if (isMissing?.Invoke(i) == true)
                return null;
            return Encoding.UTF8.GetString(
                view[0] <= 12 ? MemoryMarshal.AsBytes(view[1..])[..view[0]] : buffers[checked(2 + view[2])].Span.Slice(view[3], view[0])
            );
        });
    }

    private static Func<int, bool>? Missing(ArrayData data)
    {
        var bits = data.Buffers[0].Memory;
        return data.NullCount == 0 ? null : i => (bits.Span[i >> 3] & (1 << (i & 7))) == 0;
    }

    private static string? Time(IArrowArray array, int row) =>
        array switch
        {
            Time32Array times => times.GetTime(row)?.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            Time64Array times => times.GetTime(row)?.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            _ => throw new InvalidDataException($"it has a column of type {array.Data.DataType.Name} where text should be"),
        };
}
