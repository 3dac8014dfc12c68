using Microsoft.ML.Data;

namespace Microsoft.ML;

public static class TextLoaderSaverCatalog
{
    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Column[] columns, char separatorChar = '\t',
        bool hasHeader = false, IMultiStreamSource? dataSample = null, bool allowQuoting = false, bool trimWhitespace = false,
            bool allowSparse = false) =>
        new(Options(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Options options,
        IMultiStreamSource? dataSample = null) =>
        new(options, dataSample);

    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, char separatorChar = '\t', bool hasHeader = false,
        IMultiStreamSource? dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false) =>
        catalog.CreateTextLoader(TextLoader.ColumnsOf(typeof(TInput)), separatorChar, hasHeader, dataSample, allowQuoting, trimWhitespace,
            allowSparse);

    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, TextLoader.Options options,
        IMultiStreamSource? dataSample = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Columns = TextLoader.ColumnsOf(typeof(TInput));
        return new(options, dataSample);
    }

    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns,
        char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        var source = Source(path);
        return catalog.CreateTextLoader(columns, separatorChar, hasHeader, null, allowQuoting, trimWhitespace, allowSparse).Load(source);
    }

    /// <summary>Only this overload looks into the file, as in ML.NET: for the header's names, the number of fields, and how it describes itself.</summary>
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options? options = null)
    {
        var source = Source(path);
        return catalog.CreateTextLoader(options ?? new(), source).Load(source);
    }

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t',
        bool hasHeader = false,
        bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        var source = Source(path);
        return catalog.CreateTextLoader<TInput>(separatorChar, hasHeader, null, allowQuoting, trimWhitespace, allowSparse).Load(source);
    }

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        var source = Source(path);
        return catalog.CreateTextLoader<TInput>(options).Load(source);
    }

    /// <summary>Rows are always written dense, where ML.NET writes sparse ones that are shorter unless <paramref name="forceDense"/>.</summary>
    public static void SaveAsText(this DataOperationsCatalog catalog, IDataView data, Stream stream, char separatorChar = '\t',
        bool headerRow = true, bool schema = true, bool keepHidden = false, bool forceDense = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(stream);
        new TextSaver(separatorChar).Save(data, stream, headerRow, schema, keepHidden);
    }

    private static MultiFileSource Source(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Wildcards.Expand(path).Length == 0)
            throw new ArgumentOutOfRangeException(nameof(path), $"There is no file {path}.");
        return new(path);
    }

    private static TextLoader.Options Options(TextLoader.Column[] columns, char separator, bool hasHeader, bool allowQuoting,
        bool trimWhitespace, bool allowSparse) => new()
        {
            Columns = columns,
            Separators = [separator],
            HasHeader = hasHeader,
            AllowQuoting = allowQuoting,
            TrimWhitespace = trimWhitespace,
            AllowSparse = allowSparse,
        };
}
