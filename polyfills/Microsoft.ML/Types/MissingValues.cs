namespace Microsoft.ML.Data;

/// <summary>NaN of reals and 0 of keys are missing values; no other type has one.</summary>
internal static class MissingValues
{
    public static bool CanMiss(DataViewType type) =>
        type.ItemType() is KeyDataViewType || type.ItemType().RawType is var raw && (raw == typeof(float) || raw == typeof(double));

    public static Predicate<T> Test<T>(DataViewType type) => type switch
    {
        KeyDataViewType => value => EqualityComparer<T>.Default.Equals(value, default),
        _ when typeof(T) == typeof(float) => (Predicate<T>)(object)(Predicate<float>)float.IsNaN,
        _ when typeof(T) == typeof(double) => (Predicate<T>)(object)(Predicate<double>)double.IsNaN,
        _ => _ => false,
    };
}
