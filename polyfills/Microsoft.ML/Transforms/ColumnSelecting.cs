using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(ColumnSelectingTransformer transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Transformer.Check([.. inputSchema.Select(column => column.Name)]);
        return new(inputSchema.Where(column => Transformer.Names.Contains(column.Name) == Transformer.Keep));
    }
}

public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string Signature = "SelectColumnsTransform";
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(string[] names, bool keep, bool keepHidden)
    {
        if (names.Length == 0)
            throw new InvalidOperationException("Neither columns to keep nor columns to drop are given.");
        Names = names;
        Keep = keep;
        _keepHidden = keepHidden;
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal string[] Names { get; }

    internal bool Keep { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Map(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Map(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.Sign(Signature);
        ctx.Writer.Write(Keep);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.Write(Names, ctx.Writer.Write);
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var (keep, keepHidden) = (ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean());
        var names = ctx.Reader.Read(ctx.Reader.ReadName);
        return names.Length > 0
            ? new ColumnSelectingTransformer(names, keep, keepHidden)
            : throw new FormatException("No columns to keep or to drop are named.");
    }

    internal void Check(IReadOnlyCollection<string> available)
    {
        var missing = Names.Where(name => !available.Contains(name)).ToArray();
        if (missing.Length > 0)
            throw SchemaErrors.Missing("inputSchema", "input", string.Join(",", missing));
    }

    private RowMapping Map(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Check([.. inputSchema.Select(column => column.Name)]);
        var columns = inputSchema.Where(column => _keepHidden || !column.IsHidden);
        // What is kept comes in the order of the names, what isn't dropped in the order of the schema.
        var chosen = Keep
            ? Names.SelectMany(name => columns.Where(column => column.Name == name))
            : columns.Where(column => !Names.Contains(column.Name));
        return RowMapping.Select(inputSchema, chosen.Select(column => column.Index));
    }
}
