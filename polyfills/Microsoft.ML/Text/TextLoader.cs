namespace Microsoft.ML.Data;

/// <summary>Separated text as rows: columns are ranges of a line's fields.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    /// <summary>The end of a range that goes to the end of each line.</summary>
    internal const int LineEnd = int.MaxValue;
    private readonly Options _options;
    private readonly (int Min, int Max)[][] _ranges;
    private readonly DataViewSchema _schema;

    internal TextLoader(Options options, IMultiStreamSource? sample)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = WithColumns(options, sample);
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

    // Columns that nobody names are those that the file describes itself with, or a label and features.
    private static Options WithColumns(Options options, IMultiStreamSource? sample)
    {
        if (options.Columns is { Length: > 0 })
            return options;
        var file = HeaderFile(options) ?? sample;
        if (!options.LeaveAllToTheFile || file is not { Count: > 0 } || TextDescription.Read(file) is not { } described)
            return options.With([new("Label", DataKind.Single, 0), new("Features", DataKind.Single, [new Range(1, null)])]);
        (described.UseThreads, described.HeaderFile, described.MaxRows) = (options.UseThreads, options.HeaderFile, options.MaxRows);
        return described;
    }

    private static MultiFileSource? HeaderFile(Options options) =>
        string.IsNullOrWhiteSpace(options.HeaderFile) ? null : new MultiFileSource(options.HeaderFile);

    private static (int Min, int Max)[] Resolve(Column column, int? fields)
    {
        if (string.IsNullOrEmpty(column.Name) || column.Source is not { Length: > 0 })
            throw new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' of the text loader needs a name and a field or more.");
        return [.. column.Source.Select(range => (range.Min,
            range.Max ?? (range.AutoEnd ? LastField(column, fields) : range.VariableEnd ? LineEnd : range.Min)))];
    }

    private static int LastField(Column column, int? fields) => fields - 1
        ?? throw new ArgumentOutOfRangeException("Source",
            $"Column '{column.Name}' goes to the end of the line, and there is no line to tell where that is.");

    private static DataViewType TypeOf(Column column, (int Min, int Max)[] ranges)
    {
        var item = KnownTypes.FromKind(column.DataKind);
        if (column.KeyCount is { } key)
            item = new KeyDataViewType(item.RawType, key.Count ?? KeyDataViewType.MaxCount(item.RawType));
        if (ranges.Any(range => range.Max == LineEnd))
            return new VectorDataViewType(item);
        var size = ranges.Sum(range => range.Max - range.Min + 1);
        var isVector = size > 1 || column.Source.Any(range => range.ForceVector || range.AutoEnd) || ranges.Length > 1;
        return isVector ? new VectorDataViewType(item, size) : item;
    }

    // The header's fields name the slots of vectors.
    private static DataViewSchema.Annotations? Names(Column column, (int Min, int Max)[] ranges, FieldSplitter? header)
    {
        if (header is null || TypeOf(column, ranges) is not VectorDataViewType { IsKnownSize: true })
            return null;
        var names = ranges.SelectMany(range => Enumerable.Range(range.Min, range.Max - range.Min + 1))
            .Select(i => header[i].ToString().Trim()).ToArray();
        return names.All(name => name.Length == 0) ? null : AnnotationKinds.Build(builder => builder.AddSlotNames(names));
    }

    private static int? FieldCount(Options options, IMultiStreamSource? sample)
    {
        if (options.InputSize is { } size)
            return size;
        if (!options.Columns.Any(column => column.Source?.Any(range => range.AutoEnd) == true) || sample is not { Count: > 0 })
            return null;
        using var reader = sample.OpenTextReader(0);
        var fields = new FieldSplitter(options);
        foreach (var line in new TextLines(reader, options))
        {
            fields.Split(line.Text);
            return fields.Count;
        }

        return null;
    }

    private static FieldSplitter? Header(Options options, IMultiStreamSource? sample)
    {
        var file = HeaderFile(options) ?? (options.HasHeader ? sample : null);
        if (file is not { Count: > 0 })
            return null;
        using var reader = file.OpenTextReader(0);
        if (new TextLines(reader, options).First() is not { } line)
            return null;
        var fields = new FieldSplitter(options);
        fields.Split(line.Text);
        return fields;
    }
}
