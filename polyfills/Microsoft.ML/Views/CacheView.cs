namespace Microsoft.ML.Data;

/// <summary>Keeps columns in memory once a cursor over them has moved; the source is read once for each set of columns that is asked for.</summary>
internal sealed class CacheView : IDataView
{
    private const int BatchRows = 64;
    private readonly IDataView _source;
    private readonly HashSet<int> _prefetch;
    private readonly IColumnStore?[] _columns;
    private readonly List<DataViewRowId> _ids = [];
    private readonly Lock _lock = new();
    private long _count = -1;

    public CacheView(IDataView source, IEnumerable<DataViewSchema.Column> prefetch)
    {
        _source = source;
        _prefetch = [.. prefetch.Select(column => column.Index)];
        _columns = new IColumnStore?[source.Schema.Count];
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _count >= 0 ? _count : _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        GetRowCursorSet(columnsNeeded, 1, rand)[0];

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = RowGetters.Active(columnsNeeded, Schema.Count);
        var order = new Lazy<int[]?>(() => Order(active, rand));
        return [.. Enumerable.Range(0, Math.Max(1, n)).Select(part => new Cursor(this, active, order, part, Math.Max(1, n)))];
    }

    // Reads what is missing, and gives a permutation of the rows or null for their own order.
    private int[]? Order(bool[] active, Random? rand)
    {
        lock (_lock)
        {
            var missing = Schema.Where(column =>
                _columns[column.Index] is null && (active[column.Index] || _prefetch.Contains(column.Index))).ToArray();
            if (missing.Length > 0 || _count < 0)
                Read(missing);
        }

        if (rand is null)
            return null;
        var order = Enumerable.Range(0, (int)_count).ToArray();
        rand.Shuffle(order);
        return order;
    }

    private void Read(DataViewSchema.Column[] columns)
    {
        using var cursor = _source.GetRowCursor(columns);
        var stores = columns.Select(column => (IColumnStore)RowGetters.Invoke(CreateStore<int>, column.Type.RawType, cursor, column))
            .ToArray();
        var ids = _count < 0 ? cursor.GetIdGetter() : null;
        while (cursor.MoveNext())
        {
            foreach (var store in stores)
                store.Add();
            if (ids is null)
                continue;
            DataViewRowId id = default;
            ids(ref id);
            _ids.Add(id);
        }

        _count = _ids.Count;
        for (var i = 0; i < columns.Length; i++)
            _columns[columns[i].Index] = stores[i];
    }

    private static IColumnStore CreateStore<T>(DataViewRow row, DataViewSchema.Column column) =>
        new ColumnStore<T>(row.GetGetter<T>(column));

    private interface IColumnStore
    {
        void Add();

        Delegate CreateGetter(Func<int> row);
    }

    private sealed class ColumnStore<T>(ValueGetter<T> source) : IColumnStore
    {
        private readonly ValueCopier<T> _copy = ValueCopy.Of<T>();
        private readonly List<T> _values = [];

        public void Add()
        {
            // A fresh value is nobody else's.
            T value = default!;
            source(ref value);
            _values.Add(value);
        }

        public Delegate CreateGetter(Func<int> row) => (ValueGetter<T>)((ref T destination) => _copy(_values[row()], ref destination));
    }

    // One of several cursors: it has each batch whose number leaves its own part as remainder.
    private sealed class Cursor(CacheView view, bool[] active, Lazy<int[]?> order, int part, int parts) : DataViewRowCursor
    {
        private long _position = -1;
        private long _row = -1;
        private bool _done;

        public override long Position => _position;

        public override long Batch => _position < 0 ? 0 : _row / BatchRows;

        public override DataViewSchema Schema => view.Schema;

        public override bool MoveNext()
        {
            if (_done)
                return false;
            _ = order.Value;
            _position++;
            _row = ((_position / BatchRows * parts) + part) * BatchRows + (_position % BatchRows);
            if (_row < view._count)
                return true;
            Dispose();
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Length && active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = view._ids[Row()];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column) || typeof(TValue) != Schema[column.Index].Type.RawType)
                return RowGetters.Cast<TValue>(IsColumnActive(column) ? Row : null, Schema[column.Index]);
            // The store exists only after the first move, so it is looked up then.
            ValueGetter<TValue>? getter = null;
            return (ref TValue destination) =>
            {
                Row();
                getter ??= (ValueGetter<TValue>)view._columns[column.Index]!.CreateGetter(Row);
                getter(ref destination);
            };
        }

        protected override void Dispose(bool disposing)
        {
            _done = true;
            _position = -1;
        }

        private int Row() => _position < 0 ? throw RowGetters.NoRow() : order.Value is { } permutation ? permutation[_row] : (int)_row;
    }
}
