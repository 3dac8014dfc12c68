namespace Microsoft.ML.Data;

/// <summary>Rows in an order that a pool of rows makes random; the source shuffles too where it can.</summary>
internal sealed class ShuffleView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var random = rand ?? new Random(seed);
        var columns = columnsNeeded.ToArray();
        return new Cursor(source.GetRowCursor(columns, shuffleSource && source.CanShuffle ? random : null), columns, poolSize, random);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _random;
        private readonly int _poolSize;
        private readonly IPool?[] _pools;
        private readonly Pool<DataViewRowId> _ids;

        // The places of the pool whose rows are yet to be shown.
        private readonly List<int> _places = [];
        private bool _ended;
        private bool _done;
        private int _current = -1;
        private long _position = -1;

        public Cursor(DataViewRowCursor input, DataViewSchema.Column[] columns, int poolSize, Random random)
        {
            _input = input;
            _random = random;
            _poolSize = poolSize;
            _pools = new IPool?[input.Schema.Count];
            foreach (var column in columns)
                _pools[column.Index] = (IPool)RowGetters.Invoke(CreatePool<int>, column.Type.RawType, input, column);
            _ids = new Pool<DataViewRowId>(input.GetIdGetter());
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _input.Schema;

        public override bool MoveNext()
        {
            if (_done)
                return false;
            // At first the pool is filled; then each row takes the place of the one shown before it.
            if (_position >= 0)
                Fill(_current);
            while (_position < 0 && !_ended && _places.Count < _poolSize)
                Fill(_places.Count);
            if (_places.Count == 0)
            {
                Dispose();
                return false;
            }

            var chosen = _random.Next(_places.Count);
            _current = _places[chosen];
            _places[chosen] = _places[^1];
            _places.RemoveAt(_places.Count - 1);
            _position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            column.Index < _pools.Length && _pools[column.Index] is not null;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _ids.CreateGetter(() => _current);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            RowGetters.Cast<TValue>(_pools[column.Index]?.CreateUntyped(() => _current >= 0 ? _current : throw RowGetters.NoRow()), column);

        protected override void Dispose(bool disposing)
        {
            if (!disposing || _done)
                return;
            _done = true;
            (_current, _position) = (-1, -1);
            _input.Dispose();
        }

        private static IPool CreatePool<T>(DataViewRow row, DataViewSchema.Column column) => new Pool<T>(row.GetGetter<T>(column));

        private void Fill(int place)
        {
            if (_ended || !_input.MoveNext())
            {
                _ended = true;
                return;
            }

            foreach (var pool in _pools)
                pool?.Fill(place);
            _ids.Fill(place);
            _places.Add(place);
        }
    }

    private interface IPool
    {
        void Fill(int place);

        Delegate CreateUntyped(Func<int> place);
    }

    private sealed class Pool<T>(ValueGetter<T> source) : IPool
    {
        private readonly ValueCopier<T> _copy = ValueCopy.Of<T>();
        private T[] _values = new T[16];

        public void Fill(int place)
        {
            if (place >= _values.Length)
                Array.Resize(ref _values, 2 * _values.Length);
            source(ref _values[place]);
        }

        public Delegate CreateUntyped(Func<int> place) => CreateGetter(place);

        public ValueGetter<T> CreateGetter(Func<int> place) => (ref T destination) => _copy(_values[place()], ref destination);
    }
}
