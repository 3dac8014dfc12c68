namespace Microsoft.ML.Data;

/// <summary>Some rows from the middle of a view.</summary>
internal sealed class RangeView : IDataView
{
    private readonly IDataView _source;
    private readonly long _skip;
    private readonly long _take;

    private RangeView(IDataView source, long skip, long take)
    {
        _source = source;
        _skip = skip;
        _take = take;
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    public static RangeView Create(IDataView input, long skip, long take)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(input, skip, take);
    }

    public long? GetRowCount() => _source.GetRowCount() is { } rows ? Math.Clamp(rows - _skip, 0, _take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(_source.GetRowCursor(columnsNeeded), Schema, _skip, _take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema schema, long skip, long take) : WrappingCursor(input, schema)
    {
        private long _skipped;
        private long _taken;

        protected override bool MoveInput()
        {
            if (_taken >= take)
                return false;
            for (; _skipped < skip; _skipped++)
            {
                if (!Input.MoveNext())
                    return false;
            }

            _taken++;
            return Input.MoveNext();
        }
    }
}
