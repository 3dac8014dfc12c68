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

    private IEnumerable<(string Text, long Number, int File)> Lines()
    {
        for (var i = 0; i < source.Count; i++)
        {
            using var reader = source.OpenTextReader(i);
            foreach (var (text, number) in new TextLines(reader, options))
                yield return (text, number, i);
        }
    }

    private string Place((string Text, long Number, int File) line) =>
        source.GetPathOrNull(line.File) is { } path ? $"line {line.Number} of {path}" : $"line {line.Number}";

    private IEnumerable<(string Text, long Number, int File)> Rows() => options.MaxRows is { } limit ? Lines().Take((int)Math.Min(int.MaxValue, limit)) : Lines();

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly TextView _view;
        private readonly FieldSplitter _fields;
        private readonly IEnumerator<(string Text, long Number, int File)> _lines;
        private readonly Delegate?[] _getters;
        private long _position = -1;
        private bool _done;

        public Cursor(TextView view, bool[] active)
        {
            _view = view;
            _fields = new FieldSplitter(view.Options);
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
                _fields.Split(_lines.Current.Text);
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
            var parse = FieldParsers.Of<T>(column.Type, _view.Options);
            var field = _view.Ranges[column.Index][0].Min;
            return (ref T destination) =>
            {
                CheckRow();
                if (!parse(_fields[field], out destination!))
                    throw Unreadable(column, field);
            };
        }

        private ValueGetter<VBuffer<T>> Vector<T>(DataViewSchema.Column column)
        {
            var parse = FieldParsers.Of<T>(column.Type.ItemType(), _view.Options);
            var ranges = _view.Ranges[column.Index];
            return (ref VBuffer<T> destination) =>
            {
                CheckRow();
                var size = 0;
                foreach (var range in ranges)
                    size += Math.Max(0, End(range) - range.Min);
                var editor = VBufferEditor.Create(ref destination, size);
                var slot = 0;
                foreach (var range in ranges)
                {
                    for (var field = range.Min; field < End(range); field++)
                    {
                        if (!parse(_fields[field], out editor.Values[slot++]!))
                            throw Unreadable(column, field);
                    }
                }

                destination = editor.Commit();
            };
        }

        private int End((int Min, int Max) range) => range.Max == TextLoader.LineEnd ? _fields.Count : range.Max + 1;

        private void CheckRow()
        {
            if (_position < 0)
                throw RowGetters.NoRow();
        }

        private FormatException Unreadable(DataViewSchema.Column column, int field)
        {
            var text = _fields[field].ToString();
            var hint = text.StartsWith('"') && !_view.Options.AllowQuoting ? "; quotes are taken away where AllowQuoting is set" : "";
            return new($"Field {field} in {_view.Place(_lines.Current)} is '{text}', which column '{column.Name}' can't read as {column.Type.ItemType()}{hint}.");
        }
    }
}
