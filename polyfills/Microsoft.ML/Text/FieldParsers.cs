using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Reads a field; false, and the type's default, where it says nothing that the type could mean.</summary>
internal delegate bool FieldParser<T>(ReadOnlyMemory<char> field, out T value);

/// <summary>How fields become values. Empty fields are defaults, and what reals and keys can't read is their missing value.</summary>
internal static class FieldParsers
{
    private static readonly string[] s_true = ["true", "yes", "t", "y", "1", "+1", "+"];
    private static readonly string[] s_false = ["false", "no", "f", "n", "0", "-1", "-", ""];

    public static FieldParser<T> Of<T>(DataViewType item, TextLoader.Options options) => (FieldParser<T>)(item switch
    {
        KeyDataViewType key => (Delegate)RowGetters.Invoke(Key<uint>, key.RawType, key),
        TextDataViewType => (FieldParser<ReadOnlyMemory<char>>)Text,
        BooleanDataViewType => (FieldParser<bool>)Flag,
        TimeSpanDataViewType => (FieldParser<TimeSpan>)Time,
        DateTimeDataViewType => (FieldParser<DateTime>)Date,
        DateTimeOffsetDataViewType => (FieldParser<DateTimeOffset>)OffsetDate,
        _ when item.RawType == typeof(float) || item.RawType == typeof(double) =>
            (Delegate)RowGetters.Invoke(Real<float>, item.RawType, options),
        _ => (Delegate)RowGetters.Invoke(Whole<int>, item.RawType),
    });

    private static FieldParser<T> Key<T>(KeyDataViewType key)
        where T : INumberBase<T> => (ReadOnlyMemory<char> field, out T value) =>
        {
            var isKey = ulong.TryParse(field.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < key.Count;
            value = isKey ? T.CreateTruncating(index + 1) : T.Zero;
            return true;
        };

    private static FieldParser<T> Real<T>(TextLoader.Options options)
        where T : IFloatingPointIeee754<T> => (ReadOnlyMemory<char> field, out T value) =>
        {
            var text = options.DecimalMarker == '.' ? field.Span : field.ToString().Replace(options.DecimalMarker, '.');
            if (text.IsEmpty)
                value = options.MissingRealsAsNaNs ? T.NaN : T.Zero;
            else if (!T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value!))
                value = T.NaN;
            return true;
        };

    private static FieldParser<T> Whole<T>()
        where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        var style = T.IsNegative(T.MinValue) ? NumberStyles.AllowLeadingSign : NumberStyles.None;
        return (ReadOnlyMemory<char> field, out T value) =>
        {
            value = T.Zero;
            return field.IsEmpty
                || (field.Span[0] != '+' && T.TryParse(field.Span, style, CultureInfo.InvariantCulture, out value!));
        };
    }

    private static bool Text(ReadOnlyMemory<char> field, out ReadOnlyMemory<char> value)
    {
        value = field;
        return true;
    }

    private static bool Flag(ReadOnlyMemory<char> field, out bool value)
    {
        value = Says(s_true, field);
        return value || Says(s_false, field);
    }

    private static bool Says(string[] words, ReadOnlyMemory<char> field) =>
        Array.Exists(words, word => field.Span.Equals(word, StringComparison.OrdinalIgnoreCase));

    private static bool Time(ReadOnlyMemory<char> field, out TimeSpan value)
    {
        value = default;
        return field.IsEmpty || TimeSpan.TryParse(field.Span, CultureInfo.InvariantCulture, out value);
    }

    // Dates without a zone are UTC, so that they read the same on every machine.
    private static bool Date(ReadOnlyMemory<char> field, out DateTime value)
    {
        value = default;
        return field.IsEmpty || DateTime.TryParse(field.Span, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
    }

    private static bool OffsetDate(ReadOnlyMemory<char> field, out DateTimeOffset value)
    {
        value = default;
        return field.IsEmpty
            || DateTimeOffset.TryParse(field.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
    }
}
