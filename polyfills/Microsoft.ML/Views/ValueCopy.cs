namespace Microsoft.ML.Data;

internal delegate void ValueCopier<T>(in T source, ref T destination);

/// <summary>How a value is kept beyond its row: vectors are copied, since their memory belongs to the row.</summary>
internal static class ValueCopy
{
    public static ValueCopier<T> Of<T>() =>
        typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? (ValueCopier<T>)RowGetters.Invoke(Vector<int>, typeof(T).GetGenericArguments()[0])
            : (in T source, ref T destination) => destination = source;

    private static ValueCopier<VBuffer<T>> Vector<T>() => (in VBuffer<T> source, ref VBuffer<T> destination) =>
        source.CopyTo(ref destination);
}
