using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>The tests that rows are filtered by.</summary>
internal static class RowPredicates
{
    /// <summary>lower &lt;= value &lt; upper.</summary>
    public static RowPredicate Range(DataViewSchema.Column column, double lower, double upper) => column.Type switch
    {
        var type when type == NumberDataViewType.Single => new([column], row => InRange<float>(row, column, lower, upper)),
        var type when type == NumberDataViewType.Double => new([column], row => InRange<double>(row, column, lower, upper)),
        _ => throw SchemaErrors.Mismatch("columnName", "filter", column.Name, "Single or Double", column.Type.ToString()!),
    };

    public static RowPredicate NotMissing(DataViewSchema.Column column)
    {
        var item = column.Type.ItemType().RawType;
        if (!MissingValues.CanMiss(column.Type))
            throw SchemaErrors.Mismatch("columns", "filter", column.Name, "a type that has a missing value", column.Type.ToString()!);
        Delegate create = column.Type is VectorDataViewType ? NoneMissing<int> : NotMissing<int>;
        return new([column], row => (Func<bool>)RowGetters.Invoke(create, item, row, column));
    }

    /// <summary>A share of the rows, by a hash of the row's id or of a key's value.</summary>
    public static RowPredicate Sample(DataViewSchema.Column? key, int salt, double fraction, bool inside) =>
        new(key is { } needed ? [needed] : [], row =>
    {
        var hash = key is { } column ? (Func<ulong>)RowGetters.Invoke(HashOf<int>, column.Type.RawType, row, column) : HashOfId(row);
        return () => Uniform(hash(), salt) < fraction == inside;
    });

    private static Func<bool> InRange<T>(DataViewRow row, DataViewSchema.Column column, double lower, double upper)
        where T : INumber<T>
    {
        var getter = row.GetGetter<T>(row.Schema[column.Index]);
        return () =>
        {
            var value = T.Zero;
            getter(ref value);
            return double.CreateChecked(value) is var number && number >= lower && number < upper;
        };
    }

    private static Func<bool> NotMissing<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(row.Schema[column.Index]);
        var isMissing = MissingValues.Test<T>(column.Type);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return !isMissing(value);
        };
    }

    private static Func<bool> NoneMissing<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(row.Schema[column.Index]);
        var isMissing = MissingValues.Test<T>(column.Type.ItemType());
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            foreach (var item in value.GetValues())
            {
                if (isMissing(item))
                    return false;
            }

            return true;
        };
    }

    private static Func<ulong> HashOfId(DataViewRow row)
    {
        var getter = row.GetIdGetter();
        return () =>
        {
            DataViewRowId id = default;
            getter(ref id);
            return Mix(id.Low) ^ id.High;
        };
    }

    private static Func<ulong> HashOf<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(row.Schema[column.Index]);
        return () =>
        {
            T value = default!;
            getter(ref value);
            // By the text, since the hash codes of .NET differ between processes.
            var hash = 14695981039346656037UL;
            foreach (var letter in value!.ToString()!)
                hash = (hash ^ letter) * 1099511628211UL;
            return hash;
        };
    }

    private static double Uniform(ulong hash, int salt) => (Mix(hash ^ Mix((ulong)salt)) >> 11) * (1.0 / (1UL << 53));

    // SplitMix64
    private static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
