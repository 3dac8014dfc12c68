namespace Microsoft.ML.Data;

/// <summary>A test of a row, made anew for each cursor, and the columns that it reads.</summary>
internal sealed record RowPredicate(IEnumerable<DataViewSchema.Column> Columns, Func<DataViewRow, Func<bool>> Create);

/// <summary>The rows that pass all predicates.</summary>
internal sealed class FilterView(IDataView source, RowPredicate[] predicates) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return Wrap(source.GetRowCursor(Needed(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return [.. source.GetRowCursorSet(Needed(columns), n, rand).Select(cursor => Wrap(cursor, columns))];
    }

    private IEnumerable<DataViewSchema.Column> Needed(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Concat(predicates.SelectMany(predicate => predicate.Columns)).DistinctBy(column => column.Index);

    private Cursor Wrap(DataViewRowCursor input, IEnumerable<DataViewSchema.Column> columns) =>
        new(input, Schema, RowGetters.Active(columns, Schema.Count), [.. predicates.Select(predicate => predicate.Create(input))]);

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema schema, bool[] active, Func<bool>[] tests) : WrappingCursor(input,
        schema)
    {
        // What only the predicates read is not active for the reader.
        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length && active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            IsColumnActive(column) ? base.GetGetter<TValue>(column) : RowGetters.Cast<TValue>(null, column);

        protected override bool MoveInput()
        {
            while (Input.MoveNext())
            {
                if (Array.TrueForAll(tests, test => test()))
                    return true;
            }

            return false;
        }
    }
}
