using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(ColumnCopyingTransformer transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(Transformer.Columns.Select(column => inputSchema.Input(column.Input).Named(column.Output)));
    }
}

public sealed class ColumnCopyingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "CopyTransform";

    internal ColumnCopyingTransformer((string Output, string Input)[] columns) => Columns = columns;

    internal (string Output, string Input)[] Columns { get; }

    internal static ITransformer Load(ModelLoadContext ctx) => new ColumnCopyingTransformer(ctx.ReadPairs());

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, Columns);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(Signature);
        ctx.WritePairs(Columns);
    }

    private sealed class Mapper(DataViewSchema inputSchema, (string Output, string Input)[] columns)
        : OneToOneMapper(inputSchema, ColumnPairs.Inputs(inputSchema, columns))
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } =
            [.. columns.Select(column => new DataViewSchema.DetachedColumn(column.Output, inputSchema[column.Input].Type, inputSchema[column.Input].Annotations))];

        protected override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input, int output) =>
            RowGetters.Untyped(row, input);
    }
}
