namespace Microsoft.ML.Data;

internal sealed class MappedView(IDataView source, RowMapping mapping) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return mapping.GetCursor(source.GetRowCursor(Inputs(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return [.. source.GetRowCursorSet(Inputs(columns), n, rand).Select(cursor => mapping.GetCursor(cursor, columns))];
    }

    private DataViewSchema.Column[] Inputs(DataViewSchema.Column[] columns) =>
        [.. mapping.GetDependencies(columns).Select(column => source.Schema[column.Index])];
}
