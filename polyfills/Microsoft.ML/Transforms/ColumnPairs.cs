namespace Microsoft.ML.Data;

/// <summary>Output and input names, as one-to-one transforms have them.</summary>
internal static class ColumnPairs
{
    public static int[] Inputs(DataViewSchema schema, (string Output, string Input)[] columns) =>
        [.. columns.Select(column => Input(schema, column.Input).Index)];

    public static DataViewSchema.Column Input(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing("inputSchema", "input", name);

    public static void WritePairs(this ModelSaveContext ctx, (string Output, string Input)[] columns) => ctx.Writer.Write(columns, column =>
    {
        ctx.Writer.Write(column.Output);
        ctx.Writer.Write(column.Input);
    });

    public static (string Output, string Input)[] ReadPairs(this ModelLoadContext ctx) =>
        ctx.Reader.Read(() => (ctx.Reader.ReadName(), ctx.Reader.ReadName()));

    public static (string Output, string Input)[] Pairs(this IEnumerable<InputOutputColumnPair> columns) =>
        [.. columns.Select(column => (column.OutputColumnName, column.InputColumnName))];
}
