namespace Microsoft.ML.Data;

/// <summary>A user's objects as rows; the sequence is enumerated anew for each cursor.</summary>
internal sealed class EnumerableView<TRow>(IEnumerable<TRow> data, MemberColumn[] columns) : IDataView
    where TRow : class
{
    private readonly ObjectRowReader<TRow> _reader = new(columns);

    public bool CanShuffle => false;

    public DataViewSchema Schema => _reader.Schema;

    public long? GetRowCount() => (Rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, RowGetters.Active(columnsNeeded, Schema.Count));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly EnumerableView<TRow> _view;
        private readonly Delegate?[] _getters;
        private IEnumerator<TRow>? _rows;
        private TRow? _current;
        private long _position = -1;
        private bool _done;

        public Cursor(EnumerableView<TRow> view, bool[] active)
        {
            _view = view;
            _getters = [.. active.Select((isActive, i) =>
                isActive ? view._reader.CreateGetter(i, () => _current ?? throw RowGetters.NoRow()) : null)];
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _view.Schema;

        private IEnumerable<TRow> Data => _view.Rows;

        public override bool MoveNext()
        {
            if (_done)
                return false;
            _rows ??= Data.GetEnumerator();
            if (_rows.MoveNext())
            {
                _current = _rows.Current
                    ?? throw new InvalidOperationException($"Row {_position + 1} of the enumerated data is null.");
                _position++;
                return true;
            }

            Dispose();
            return false;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId id) => id = _current is null ? throw RowGetters.NoRow() : new((ulong)_position, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            column.Index < _getters.Length && _getters[column.Index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            RowGetters.Cast<TValue>(_getters[column.Index], column);

        protected override void Dispose(bool disposing)
        {
            if (!disposing || _done)
                return;
            _done = true;
            _current = null;
            _position = -1;
            _rows?.Dispose();
        }
    }

    private IEnumerable<TRow> Rows { get; } = data;
}
