namespace Microsoft.ML.Data;

/// <summary>Which primitive data view type stands for a .NET type, and back.</summary>
internal static class KnownTypes
{
    private static readonly Dictionary<Type, (DataKind Kind, PrimitiveDataViewType Type)> s_byRawType = new()
    {
        [typeof(sbyte)] = (DataKind.SByte, NumberDataViewType.SByte),
        [typeof(byte)] = (DataKind.Byte, NumberDataViewType.Byte),
        [typeof(short)] = (DataKind.Int16, NumberDataViewType.Int16),
        [typeof(ushort)] = (DataKind.UInt16, NumberDataViewType.UInt16),
        [typeof(int)] = (DataKind.Int32, NumberDataViewType.Int32),
        [typeof(uint)] = (DataKind.UInt32, NumberDataViewType.UInt32),
        [typeof(long)] = (DataKind.Int64, NumberDataViewType.Int64),
        [typeof(ulong)] = (DataKind.UInt64, NumberDataViewType.UInt64),
        [typeof(float)] = (DataKind.Single, NumberDataViewType.Single),
        [typeof(double)] = (DataKind.Double, NumberDataViewType.Double),
        [typeof(ReadOnlyMemory<char>)] = (DataKind.String, TextDataViewType.Instance),
        [typeof(bool)] = (DataKind.Boolean, BooleanDataViewType.Instance),
        [typeof(TimeSpan)] = (DataKind.TimeSpan, TimeSpanDataViewType.Instance),
        [typeof(DateTime)] = (DataKind.DateTime, DateTimeDataViewType.Instance),
        [typeof(DateTimeOffset)] = (DataKind.DateTimeOffset, DateTimeOffsetDataViewType.Instance),
    };

    public static PrimitiveDataViewType? Find(Type rawType) =>
        rawType == typeof(string) ? TextDataViewType.Instance
        : rawType == typeof(DataViewRowId) ? RowIdDataViewType.Instance
        : s_byRawType.TryGetValue(rawType, out var known) ? known.Type : null;

    public static PrimitiveDataViewType FromKind(DataKind kind)
    {
        foreach (var (key, type) in s_byRawType.Values)
        {
            if (key == kind)
                return type;
        }

        throw new ArgumentOutOfRangeException(nameof(kind), $"There is no data kind {kind}.");
    }

    public static DataKind? KindOf(Type rawType) => s_byRawType.TryGetValue(rawType, out var known) ? known.Kind : null;

    public static DataViewType ItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    public static int ValueCount(this DataViewType type) => type is VectorDataViewType vector ? vector.Size : 1;

    public static bool IsText(this DataViewType type) => type.ItemType() is TextDataViewType;
}
