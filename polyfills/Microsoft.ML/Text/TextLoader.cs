using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Separated text as rows: columns are ranges of a line's fields.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly Options _options;
    private readonly (int Min, int Max)[][] _ranges;
    private readonly DataViewSchema _schema;

    internal TextLoader(Options options, IMultiStreamSource? sample)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Columns is not { Length: > 0 })
            throw new ArgumentOutOfRangeException(nameof(options), "The text loader has no columns to load.");
        if (options.Separators is not { Length: > 0 })
            throw new ArgumentOutOfRangeException(nameof(options), "The text loader has no separator.");
        _options = options;
        var fields = FieldCount(options, sample);
        _ranges = [.. options.Columns.Select(column => Resolve(column, fields))];
        var header = Header(options, sample);
        var builder = new DataViewSchema.Builder();
        foreach (var (column, ranges) in options.Columns.Zip(_ranges))
            builder.AddColumn(column.Name, TypeOf(column, ranges), Names(column, ranges, header));
        _schema = builder.ToSchema();
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new TextView(source, _options, _schema, _ranges);
    }

    private static (int Min, int Max)[] Resolve(Column column, int? fields)
    {
        if (string.IsNullOrEmpty(column.Name) || column.Source is not { Length: > 0 })
            throw new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' of the text loader needs a name and a field or more.");
        return [.. column.Source.Select(range => (range.Min, range.Max ?? (range.AutoEnd ? LastField(column, fields) : range.Min)))];
    }

    private static int LastField(Column column, int? fields) => fields - 1
        ?? throw new ArgumentOutOfRangeException("Source",
            $"Column '{column.Name}' goes to the end of the line, and there is no line to tell where that is.");

    private static DataViewType TypeOf(Column column, (int Min, int Max)[] ranges)
    {
        var item = KnownTypes.FromKind(column.DataKind);
        if (column.KeyCount is { } key)
            item = new KeyDataViewType(item.RawType, key.Count ?? KeyDataViewType.MaxCount(item.RawType));
        var size = ranges.Sum(range => range.Max - range.Min + 1);
        var isVector = size > 1 || column.Source.Any(range => range.ForceVector || range.AutoEnd) || ranges.Length > 1;
        return isVector ? new VectorDataViewType(item, size) : item;
    }

    // The header's fields name the slots of vectors.
    private static DataViewSchema.Annotations? Names(Column column, (int Min, int Max)[] ranges, string[]? header)
    {
        if (header is null || TypeOf(column, ranges) is not VectorDataViewType)
            return null;
        var names = ranges.SelectMany(range => Enumerable.Range(range.Min, range.Max - range.Min + 1))
            .Select(i => i < header.Length ? header[i] : "").ToArray();
        return names.All(name => name.Length == 0) ? null : AnnotationKinds.Build(builder => builder.AddSlotNames(names));
    }

    private static int? FieldCount(Options options, IMultiStreamSource? sample)
    {
        if (options.InputSize is { } size)
            return size;
        if (!options.Columns.Any(column => column.Source?.Any(range => range.AutoEnd) == true) || sample is not { Count: > 0 })
            return null;
        using var reader = sample.OpenTextReader(0);
        var line = new TextLines(reader, options).FirstOrDefault();
        return line is null ? null : new FieldSplitter(options).Split(line).Count;
    }

    private static string[]? Header(Options options, IMultiStreamSource? sample)
    {
        if (!options.HasHeader || (options.HeaderFile is null && sample is not { Count: > 0 }))
            return null;
        using var reader = options.HeaderFile is { } file ? new StreamReader(file) : sample!.OpenTextReader(0);
        var line = TextLines.First(reader, options);
        return line is null ? null : [.. new FieldSplitter(options).Split(line).Select(field => field.ToString().Trim())];
    }

    /// <summary>How a field becomes a value; a field that is empty or can't be read is the type's default, NaN for reals that can't be read.</summary>
    internal delegate T FieldParser<T>(ReadOnlyMemory<char> field);

    internal static Delegate Parser(DataViewType item, Options options) => item switch
    {
        KeyDataViewType key => (Delegate)RowGetters.Invoke(KeyParser<int>, key.RawType, key),
        TextDataViewType => (FieldParser<ReadOnlyMemory<char>>)(field => field),
        BooleanDataViewType => (FieldParser<bool>)(field => IsTrue(field.Span)),
        _ when item.RawType == typeof(float) => (FieldParser<float>)(field => (float)Real(field.Span, options, single: true)),
        _ when item.RawType == typeof(double) => (FieldParser<double>)(field => Real(field.Span, options, single: false)),
        _ => (Delegate)RowGetters.Invoke(SpanParser<int>, item.RawType),
    };

    private static FieldParser<T> SpanParser<T>()
        where T : ISpanParsable<T> =>
        field => T.TryParse(field.Span, CultureInfo.InvariantCulture, out var value) ? value : default!;

    private static FieldParser<T> KeyParser<T>(KeyDataViewType key) => field =>
        ulong.TryParse(field.Span, CultureInfo.InvariantCulture, out var value) && value < key.Count
            ? (T)Convert.ChangeType(value + 1, typeof(T), CultureInfo.InvariantCulture)
            : default!;

    private static double Real(ReadOnlySpan<char> field, Options options, bool single)
    {
        if (field.IsEmpty)
            return options.MissingRealsAsNaNs ? double.NaN : 0;
        if (options.DecimalMarker != '.')
            field = field.ToString().Replace(options.DecimalMarker, '.');
        if (single)
            return float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : float.NaN;
        return double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : double.NaN;
    }

    private static bool IsTrue(ReadOnlySpan<char> field) => field is "1" or "+1" or "+"
        || field.Equals("true", StringComparison.OrdinalIgnoreCase) || field.Equals("yes", StringComparison.OrdinalIgnoreCase)
        || field.Equals("t", StringComparison.OrdinalIgnoreCase) || field.Equals("y", StringComparison.OrdinalIgnoreCase);
}
