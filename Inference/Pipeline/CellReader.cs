using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Data.Tables;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>Reads columns of any type as the cells of a table; see <see cref="TableDescription"/>.</summary>
/// <param name="operation">Name of the operation, for messages.</param>
/// <param name="table">The table.</param>
internal sealed class CellReader(string operation, TableDescription table)
{
    private const string KeyValues = "KeyValues";
    private readonly CellParser _parser = new(table, '.');

    /// <summary>Reads the cell of the row in which the input is.</summary>
    /// <param name="position">The row, for messages.</param>
    /// <param name="word">The text of a word that the training rows do not have; else null.</param>
    public delegate float Reader(long position, out string? word);

    /// <summary>Tells what a column may be, to end "it must be".</summary>
    public static string Expected(TableColumn column) =>
        column.Kind == TableColumnKind.DateTime ? "a DateTime, a DateTimeOffset or text"
        : column.Levels is null ? "a number, a Boolean, text or a key"
        : HasNumbers(column) ? $"text, {(column.Kind == TableColumnKind.Boolean ? "a Boolean, " : "")}a number or a key"
        : $"text{(column.Kind == TableColumnKind.Boolean ? ", a Boolean" : "")} or a key";

    /// <summary>Tells whether values of a type can be cells of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="type">The type of a value; of a key, any.</param>
    /// <param name="isKey">Whether the value is a key.</param>
    public static bool Fits(TableColumn column, DataViewType type, bool isKey)
    {
        if (column.Kind == TableColumnKind.DateTime)
            return !isKey && type is DateTimeDataViewType or DateTimeOffsetDataViewType or TextDataViewType;
        return isKey
            || type is TextDataViewType
            || (type is BooleanDataViewType && (column.Levels is null || column.Kind == TableColumnKind.Boolean))
            || (type is NumberDataViewType && (column.Levels is null || HasNumbers(column)));
    }

    /// <summary>Makes a reader of a column.</summary>
    /// <param name="index">The column's index in the table.</param>
    /// <param name="column">The column of the data.</param>
    /// <param name="source">Makes the getter of the column's values.</param>
    public Reader Create(int index, DataViewSchema.Column column, ISource source) =>
        column.Type switch
        {
            KeyDataViewType => Keys(index, column, source),
            TextDataViewType => Make<ReadOnlyMemory<char>>(index, source, Text),
            BooleanDataViewType => Make<bool>(index, source, Boolean),
            DateTimeDataViewType => Make<DateTime>(index, source, Moment),
            DateTimeOffsetDataViewType => Make<DateTimeOffset>(index, source, (i, value, _) => Moment(i, value.UtcDateTime, 0)),
            { RawType: var type } when type == typeof(float) => Make<float>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(double) => Make<double>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(sbyte) => Make<sbyte>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(byte) => Make<byte>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(short) => Make<short>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(ushort) => Make<ushort>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(int) => Make<int>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(uint) => Make<uint>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(long) => Make<long>(index, source, (i, value, _) => Number(i, value)),
            { RawType: var type } when type == typeof(ulong) => Make<ulong>(index, source, (i, value, _) => Number(i, value)),
            var type => throw new ArgumentOutOfRangeException(nameof(column), type, "No cell can be of this type."),
        };

    private static bool HasNumbers(TableColumn column) =>
        column.Kind == TableColumnKind.Boolean || column.Levels!.Any(level => Data.Tables.Number.Is(level, '.'));

    private Reader Make<T>(int index, ISource source, Func<int, T, long, float> convert)
    {
        var get = source.Getter<T>();
        var isWord = table.Columns[index].Levels is not null;
        var value = default(T)!;
        return (long position, out string? word) =>
        {
            get(ref value);
            var cell = convert(index, value, position);
            word = isWord && cell == TableDescription.Unseen ? FormattableString.Invariant($"{value}").Trim() : null;
            return cell;
        };
    }

    // The texts that keys stand for are parsed once; a text that can be no cell is told when a row has it. Keys without texts were loaded
    // as numbers from 0, which ML.NET counts from 1.
    private Reader Keys(int index, DataViewSchema.Column column, ISource source)
    {
        var texts = KeyTexts(column);
        return column.Type.RawType switch
        {
            var type when type == typeof(byte) => Of<byte>(),
            var type when type == typeof(ushort) => Of<ushort>(),
            var type when type == typeof(uint) => Of<uint>(),
            _ => Of<ulong>(),
        };

        Reader Of<T>()
            where T : IConvertible
        {
            var get = source.Getter<T>();
            var value = default(T)!;
            float[] cells = new float[texts.Length];
            bool[] isKnown = new bool[texts.Length];
            return (long position, out string? word) =>
            {
                get(ref value);
                var key = value.ToUInt64(null);
                var text =
                    key == 0 ? ""
                    : texts.Length > 0 && key <= (ulong)texts.Length ? texts[key - 1]
                    : FormattableString.Invariant($"{key - 1}");
                if (key == 0 || key > (ulong)texts.Length)
                    return Read(text, out word);
                if (!isKnown[key - 1])
                    (cells[key - 1], isKnown[key - 1]) = (Read(text, out _), true);
                word = table.Columns[index].Levels is not null && cells[key - 1] == TableDescription.Unseen ? text : null;
                return cells[key - 1];

                float Read(string read, out string? unseen)
                {
                    var cell = Text(index, read.AsMemory(), position);
                    unseen = table.Columns[index].Levels is not null && cell == TableDescription.Unseen ? read : null;
                    return cell;
                }
            };
        }
    }

    private static string[] KeyTexts(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(KeyValues) is not { Type: VectorDataViewType { ItemType: var type } })
            return [];
        return type is TextDataViewType ? Values<ReadOnlyMemory<char>>()
            : type.RawType == typeof(float) ? Values<float>()
            : type.RawType == typeof(double) ? Values<double>()
            : type.RawType == typeof(int) ? Values<int>()
            : type.RawType == typeof(uint) ? Values<uint>()
            : type.RawType == typeof(long) ? Values<long>()
            : type.RawType == typeof(bool) ? Values<bool>()
            : [];

        string[] Values<T>()
        {
            var values = default(VBuffer<T>);
            column.Annotations.GetValue(KeyValues, ref values);
            return [.. values.DenseValues().Select(value => FormattableString.Invariant($"{value}"))];
        }
    }

    private float Text(int index, ReadOnlyMemory<char> text, long position)
    {
        if (_parser.TryParse(index, text.Span, out var cell, out _))
            return cell;
        var field = text.Span.Trim();
        throw new LatentException(
            $"{operation} reads column '{table.Columns[index].Name}', which is '{Short(field)}' in row {position}; it must be {_parser.Wanted(index, field)}."
        );
    }

    private float Boolean(int index, bool value, long position) =>
        table.Columns[index].Levels is not null ? _parser.OfTruth(index, value)
        : value ? 1
        : 0;

    // The date that stands for no date in ML.NET.
    private float Moment(int index, DateTime value, long position) =>
        value == default ? float.NaN : _parser.OfMoment(index, value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value);

    private float Number(int index, double value) => table.Columns[index].Levels is null ? (float)value : _parser.OfNumber(index, value);

    private static string Short(ReadOnlySpan<char> text) => Printable.Of(text.Length <= 40 ? text.ToString() : $"{text[..40]}…");

    /// <summary>Represents a column of the row that is read.</summary>
    public interface ISource
    {
        /// <summary>Makes a getter of the column's values.</summary>
        ValueGetter<T> Getter<T>();
    }
}
