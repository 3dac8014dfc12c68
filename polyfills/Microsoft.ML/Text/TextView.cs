namespace Microsoft.ML.Data;

/// <summary>The rows of text files; a cursor opens them when it moves first.</summary>
internal sealed class TextView(IMultiStreamSource source, TextLoader.Options options, DataViewSchema schema,
    (int Min, int Max)[][] ranges) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    private TextLoader.Options Options => options;

    private (int Min, int Max)[][] Ranges => ranges;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, RowGetters.Active(columnsNeeded, schema.Count));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private IEnumerable<string> Lines()
    {
        for (var i = 0; i < source.Count; i++)
        {
            using var reader = source.OpenTextReader(i);
            foreach (var line in new TextLines(reader, options))
                yield return line;
        }
    }

    private IEnumerable<string> Rows() => options.MaxRows is { } limit ? Lines().Take((int)Math.Min(int.MaxValue, limit)) : Lines();

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly TextView _view;
        private readonly FieldSplitter _splitter;
        private readonly IEnumerator<string> _lines;
        private readonly Delegate?[] _getters;
        private IReadOnlyList<ReadOnlyMemory<char>> _fields = [];
        private long _position = -1;
        private bool _done;

        public Cursor(TextView view, bool[] active)
        {
            _view = view;
            _splitter = new FieldSplitter(view.Options);
            _lines = view.Rows().GetEnumerator();
            _getters = [.. view.Schema.Select(column => active[column.Index]
                ? (Delegate)RowGetters.Invoke(
                    column.Type is VectorDataViewType ? Vector<int> : Scalar<int>, column.Type.ItemType().RawType, column)
                : null)];
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _view.Schema;

        public override bool MoveNext()
        {
            if (_done)
                return false;
            if (_lines.MoveNext())
            {
                _fields = _splitter.Split(_lines.Current);
                _position++;
                return true;
            }

            Dispose();
            return false;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId id) => id = _position < 0 ? throw RowGetters.NoRow() : new((ulong)_position, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            column.Index < _getters.Length && _getters[column.Index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            RowGetters.Cast<TValue>(_getters[column.Index], column);

        protected override void Dispose(bool disposing)
        {
            if (!disposing || _done)
                return;
            _done = true;
            _position = -1;
            _lines.Dispose();
        }

        private ValueGetter<T> Scalar<T>(DataViewSchema.Column column)
        {
            var parse = (TextLoader.FieldParser<T>)TextLoader.Parser(column.Type, _view.Options);
            var field = _view.Ranges[column.Index][0].Min;
            return (ref T destination) => destination = parse(Field(field));
        }

        private ValueGetter<VBuffer<T>> Vector<T>(DataViewSchema.Column column)
        {
            var parse = (TextLoader.FieldParser<T>)TextLoader.Parser(column.Type.ItemType(), _view.Options);
            var fields = _view.Ranges[column.Index].SelectMany(range => Enumerable.Range(range.Min, range.Max - range.Min + 1)).ToArray();
            return (ref VBuffer<T> destination) =>
            {
                var editor = VBufferEditor.Create(ref destination, fields.Length);
                for (var i = 0; i < fields.Length; i++)
                    editor.Values[i] = parse(Field(fields[i]));
                destination = editor.Commit();
            };
        }

        private ReadOnlyMemory<char> Field(int index) =>
            _position < 0 ? throw RowGetters.NoRow() : index < _fields.Count ? _fields[index] : default;
    }
}
