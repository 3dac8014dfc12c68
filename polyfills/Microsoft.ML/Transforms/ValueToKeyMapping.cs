using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly (string Output, string Input)[] _columns;
    private readonly int _maximum;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _asText;
    private readonly IDataView? _keyData;

    internal ValueToKeyMappingEstimator((string Output, string Input)[] columns, int maximum, KeyOrdinality ordinality, bool asText,
        IDataView? keyData)
    {
        if (maximum <= 0)
            throw new ArgumentOutOfRangeException(nameof(maximum), $"The number of keys is positive, not {maximum}.");
        (_columns, _maximum, _ordinality, _asText, _keyData) = (columns, maximum, ordinality, asText, keyData);
    }

    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        return new(_columns, [.. _columns.Select(column => KeyValues
            .Gather(_keyData ?? input, (_keyData?.Schema ?? input.Schema)[_keyData is null ? column.Input : _keyData.Schema[0].Name],
            _maximum, _ordinality == KeyOrdinality.ByValue))], _asText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(column =>
        {
            var input = inputSchema.Input(column.Input);
            if (KnownTypes.KindOf(input.ItemType.RawType) is null)
                throw SchemaErrors.Mismatch(nameof(inputSchema), "input", input.Name, "a type with distinct values", input.TypeString);
            var values = new SchemaShape.Column(AnnotationKinds.KeyValues, SchemaShape.Column.VectorKind.Vector, _asText
                ? TextDataViewType.Instance : input.ItemType, false);
            var slotNames = input.Annotations.Find(AnnotationKinds.SlotNames);
            return new SchemaShape.Column(column.Output, input.Kind, NumberDataViewType.UInt32, true,
                new(slotNames is { } names ? [values, names] : [values]));
        }));
    }
}

public sealed class ValueToKeyMappingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "TermTransform";
    private readonly (string Output, string Input)[] _columns;
    private readonly KeyValues[] _values;
    private readonly bool _asText;

    internal ValueToKeyMappingTransformer((string Output, string Input)[] columns, KeyValues[] values, bool asText) =>
        (_columns, _values, _asText) = (columns, values, asText);

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var (columns, values) = (ctx.ReadPairs(), ctx.Reader.Read(() => KeyValues.Read(ctx.Reader)));
        return columns.Length == values.Length
            ? new ValueToKeyMappingTransformer(columns, values, ctx.Reader.ReadBoolean())
            : throw new FormatException($"{columns.Length} key columns have values for {values.Length}.");
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, _columns, _values, _asText);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(Signature);
        ctx.WritePairs(_columns);
        ctx.Writer.Write(_values, values => values.Write(ctx.Writer));
        ctx.Writer.Write(_asText);
    }

    private sealed class Mapper : ItemMapper
    {
        private readonly KeyValues[] _values;

        public Mapper(DataViewSchema inputSchema, (string Output, string Input)[] columns, KeyValues[] values, bool asText)
            : base(inputSchema, columns)
        {
            _values = values;
            Outputs = [.. columns.Select((column, i) => OutputOf(inputSchema[column.Input], column.Output, values[i], asText))];
        }

        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

        protected override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input, int output) =>
            (Delegate)RowGetters.Invoke(Lookup<int>, input.Type.ItemType().RawType, row, input, _values[output]);

        private static DataViewSchema.DetachedColumn OutputOf(DataViewSchema.Column input, string name, KeyValues values, bool asText)
        {
            if (!input.Type.ItemType().Equals(values.ItemType))
                throw SchemaErrors.Mismatch("inputSchema", "input", input.Name, values.ItemType.ToString()!, input.Type.ToString()!);
            return new(name, WithItems(input.Type, new KeyDataViewType(typeof(uint), Math.Max(1, values.Count))),
                values.Annotations(asText));
        }

        private static Delegate Lookup<T>(DataViewRow row, DataViewSchema.Column input, KeyValues<T> values)
            where T : notnull =>
            Getter<T, uint>(row, input, values.KeyOf);
    }
}
