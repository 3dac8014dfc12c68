namespace Microsoft.ML.Data;

/// <summary>The values that keys stand for, in the keys' order.</summary>
internal abstract class KeyValues
{
    public abstract PrimitiveDataViewType ItemType { get; }

    public abstract int Count { get; }

    public abstract DataViewSchema.Annotations Annotations(bool asText);

    public abstract void Write(BinaryWriter writer);

    /// <summary>The values of a column without repetition: as they come, or sorted.</summary>
    public static KeyValues Gather(IDataView data, DataViewSchema.Column column, int maximum, bool sorted) =>
        (KeyValues)RowGetters.Invoke(GatherOf<int>, column.Type.ItemType().RawType, data, column, maximum, sorted);

    public static KeyValues Read(BinaryReader reader)
    {
        var type = SchemaFile.ReadType(reader) as PrimitiveDataViewType
            ?? throw new FormatException("The values that keys stand for are vectors, and should be single values.");
        return (KeyValues)RowGetters.Invoke(ReadOf<int>, type.RawType, reader, type);
    }

    private static KeyValues<T> GatherOf<T>(IDataView data, DataViewSchema.Column column, int maximum, bool sorted)
        where T : notnull
    {
        var items = column.Type is VectorDataViewType ? data.GetColumn<T[]>(column).SelectMany(row => row) : data.GetColumn<T>(column);
        var type = (PrimitiveDataViewType)column.Type.ItemType();
        var comparer = KeyValues<T>.Comparer;
        var isMissing = MissingValues.Test<T>(type);
        var values = items.Where(item => !isMissing(item) && item is not ReadOnlyMemory<char> { IsEmpty: true })
            .Select(item => item is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : item).Distinct(comparer)
                .Take(maximum).ToArray();
        if (sorted)
            Array.Sort(values, comparer);
        return new(type, values);
    }

    private static KeyValues<T> ReadOf<T>(BinaryReader reader, PrimitiveDataViewType type)
        where T : notnull =>
        new(type, reader.Read(() => ValueText.Parse<T>(reader.ReadString())));
}

internal sealed class KeyValues<T>(PrimitiveDataViewType itemType, T[] values) : KeyValues
    where T : notnull
{
    private readonly Dictionary<T, uint> _keys = values.Select((value, i) => KeyValuePair.Create(value, (uint)i + 1))
        .ToDictionary(Comparer);

    public static ItemComparer Comparer { get; } = new();

    public override PrimitiveDataViewType ItemType { get; } = itemType;

    public override int Count => values.Length;

    /// <summary>From 1 on; 0 for what is no value of these.</summary>
    public uint KeyOf(T value) => _keys.GetValueOrDefault(value);

    public override DataViewSchema.Annotations Annotations(bool asText) => AnnotationKinds.Build(builder =>
    {
        if (asText)
            builder.AddVector(AnnotationKinds.KeyValues, TextDataViewType.Instance,
                values.Select(value => ValueText.Of(value).AsMemory()).ToArray());
        else
            builder.AddVector(AnnotationKinds.KeyValues, ItemType, values);
    });

    public override void Write(BinaryWriter writer)
    {
        SchemaFile.WriteType(writer, ItemType);
        writer.Write(values, value => writer.Write(ValueText.Of(value)));
    }

    /// <summary>Compares texts by what they say, other values as they are.</summary>
    internal sealed class ItemComparer : IEqualityComparer<T>, IComparer<T>
    {
        public bool Equals(T? x, T? y) => x is ReadOnlyMemory<char> a && y is ReadOnlyMemory<char> b
            ? a.Span.SequenceEqual(b.Span)
            : EqualityComparer<T>.Default.Equals(x, y);

        public int GetHashCode(T value) => value is ReadOnlyMemory<char> text ? string.GetHashCode(text.Span) : value.GetHashCode();

        public int Compare(T? x, T? y) => x is ReadOnlyMemory<char> a && y is ReadOnlyMemory<char> b
            ? a.Span.SequenceCompareTo(b.Span)
            : Comparer<T>.Default.Compare(x, y);
    }
}
