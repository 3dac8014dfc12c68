namespace Microsoft.ML.Data;

public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        return data.GetColumn<T>(data.Schema.GetColumnOrNull(columnName) ?? throw SchemaErrors.Missing("columnName", "input", columnName));
    }

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        var type = data.Schema[column.Index].Type;
        if (type.RawType == typeof(T))
            return Read<T, T>(data, column, value => value);
        if (type is TextDataViewType && typeof(T) == typeof(string))
            return Read<ReadOnlyMemory<char>, T>(data, column, text => (T)(object)text.ToString());
        if (type is VectorDataViewType { ItemType: TextDataViewType } && typeof(T) == typeof(string[]))
            return Read<VBuffer<ReadOnlyMemory<char>>,
                T>(data, column, texts => (T)(object)texts.DenseValues().Select(text => text.ToString()).ToArray());
        if (type is VectorDataViewType vector && typeof(T).IsArray && typeof(T).GetElementType() == vector.ItemType.RawType)
            return (IEnumerable<T>)RowGetters.Invoke(Arrays<int>, vector.ItemType.RawType, data, column);
        throw new ArgumentOutOfRangeException(nameof(column),
            $"Column '{column.Name}' is of type {type} and can't be read as {typeof(T)}.");
    }

    private static IEnumerable<TItem[]> Arrays<TItem>(IDataView data, DataViewSchema.Column column) =>
        Read<VBuffer<TItem>, TItem[]>(data, column, vector => [.. vector.DenseValues()]);

    private static IEnumerable<TOut> Read<TIn, TOut>(IDataView data, DataViewSchema.Column column, Func<TIn, TOut> convert)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<TIn>(column);
        while (cursor.MoveNext())
        {
            // A fresh value each time, so that vectors don't share memory with the next row.
            TIn value = default!;
            getter(ref value);
            yield return convert(value);
        }
    }
}
