using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(KeyToValueMappingTransformer transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.Columns.Select(column =>
        {
            var input = inputSchema.Input(column.Input);
            if (!input.IsKey)
                throw SchemaErrors.Mismatch(nameof(inputSchema), "input", input.Name, "a key", input.TypeString);
            if (input.Annotations.Find(AnnotationKinds.KeyValues) is not { } values)
                throw new ArgumentOutOfRangeException(nameof(inputSchema),
                    $"Column '{input.Name}' is a key without the values that it stands for.");
            return new SchemaShape.Column(column.Output, input.Kind, values.ItemType, values.IsKey);
        }));
    }
}

public sealed class KeyToValueMappingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "KeyToValueTransform";

    internal KeyToValueMappingTransformer((string Output, string Input)[] columns) => Columns = columns;

    internal (string Output, string Input)[] Columns { get; }

    internal static ITransformer Load(ModelLoadContext ctx) => new KeyToValueMappingTransformer(ctx.ReadPairs());

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, Columns);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(Signature);
        ctx.WritePairs(Columns);
    }

    private sealed class Mapper(DataViewSchema inputSchema, (string Output, string Input)[] columns) : ItemMapper(inputSchema, columns)
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [.. columns
            .Select(column => new DataViewSchema.DetachedColumn(
            column.Output, WithItems(inputSchema[column.Input].Type, ValuesOf(inputSchema[column.Input]).ItemType)))];

        protected override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input, int output)
        {
            var column = InputSchema[Columns[output].Input];
            return (Delegate)RowGetters.Invoke(Lookup<int>, ValuesOf(column).ItemType.RawType, row, input, column);
        }

        private static VectorDataViewType ValuesOf(DataViewSchema.Column column) =>
            column.Type.ItemType() is KeyDataViewType { RawType: var raw } && raw == typeof(uint)
                && column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is VectorDataViewType values
                ? values
                : throw new InvalidOperationException($"Column '{column.Name}' of type {column.Type} has no values that its keys stand for.");

        private static Delegate Lookup<T>(DataViewRow row, DataViewSchema.Column input, DataViewSchema.Column annotated)
        {
            VBuffer<T> buffer = default;
            annotated.GetKeyValues(ref buffer);
            T[] values = [.. buffer.DenseValues()];
            // What has no key is NaN of reals, and otherwise the default.
            var missing = typeof(T) == typeof(float) ? (T)(object)float.NaN : typeof(T) == typeof(double) ? (T)(object)double.NaN
                : default!;
            return Getter<uint, T>(row, input, key => key > 0 && key <= values.Length ? values[key - 1] : missing);
        }
    }
}
