namespace Microsoft.ML.Data;

/// <summary>The annotations that ML.NET knows, and how this library writes them.</summary>
internal static class AnnotationKinds
{
    public const string SlotNames = "SlotNames";
    public const string KeyValues = "KeyValues";
    public const string IsNormalized = "IsNormalized";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreValueKind = "ScoreValueKind";
    public const string ScoreColumnSetId = "ScoreColumnSetId";

    public static DataViewSchema.Annotations Build(Action<DataViewSchema.Annotations.Builder> add)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        add(builder);
        return builder.ToAnnotations();
    }

    public static void AddVector<T>(this DataViewSchema.Annotations.Builder builder, string kind, PrimitiveDataViewType itemType,
        T[] values) =>
        builder.Add(kind, new VectorDataViewType(itemType, values.Length), (ref VBuffer<T> destination) =>
            VBuffer<T>.Copy(values, 0, ref destination, values.Length));

    public static void AddSlotNames(this DataViewSchema.Annotations.Builder builder, IEnumerable<string> names) =>
        builder.AddVector(SlotNames, TextDataViewType.Instance, names.Select(name => name.AsMemory()).ToArray());

    public static void AddIsNormalized(this DataViewSchema.Annotations.Builder builder) =>
        builder.AddPrimitiveValue(IsNormalized, BooleanDataViewType.Instance, true);
}
