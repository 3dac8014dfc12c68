using Microsoft.ML.Data;

namespace Microsoft.ML;

public interface IDataLoader<in TSource>
{
    IDataView Load(TSource input);

    DataViewSchema GetOutputSchema();
}

public static class DataLoaderExtensions
{
    public static IDataView Load(this IDataLoader<IMultiStreamSource> loader, params string[] path)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return loader.Load(new MultiFileSource(path));
    }
}
