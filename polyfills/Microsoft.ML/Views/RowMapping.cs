namespace Microsoft.ML.Data;

/// <summary>A schema made of another schema's columns and of computed ones: maps views and single rows.</summary>
internal sealed class RowMapping : IRowToRowMapper
{
    private readonly RowMapper? _mapper;

    // Of each output column: the input column that it is, or the complement of the computed column's index.
    private readonly int[] _sources;

    private RowMapping(DataViewSchema inputSchema, RowMapper? mapper, int[] sources)
    {
        InputSchema = inputSchema;
        _mapper = mapper;
        _sources = sources;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(sources.Select(s => s >= 0 ? new DataViewSchema.DetachedColumn(inputSchema[s]) : mapper!.Outputs[~s]));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>All columns of the input, then the mapper's.</summary>
    public static RowMapping Append(RowMapper mapper) => new(mapper.InputSchema, mapper,
        [.. Enumerable.Range(0, mapper.InputSchema.Count), .. Enumerable.Range(0, mapper.Outputs.Count).Select(i => ~i)]);

    /// <summary>Some columns of the input.</summary>
    public static RowMapping Select(DataViewSchema inputSchema, IEnumerable<int> columns) => new(inputSchema, null, [.. columns]);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new bool[InputSchema.Count];
        foreach (var source in dependingColumns.Select(column => _sources[column.Index]))
        {
            foreach (var input in source >= 0 ? [source] : _mapper!.InputsOf(~source))
                needed[input] = true;
        }

        return InputSchema.Where(column => needed[column.Index]);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != InputSchema)
            throw new ArgumentOutOfRangeException(nameof(input), "The row is not of the very schema that the mapper was made for.");
        return new MappedRow(input, new Getters(this, input, activeColumns));
    }

    public DataViewRowCursor GetCursor(DataViewRowCursor input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedCursor(input, new Getters(this, input, activeColumns));

    private sealed class Getters : IDisposable
    {
        private readonly RowMapping _mapping;
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private readonly Delegate?[] _computed = [];
        private readonly List<IDisposable> _owned = [];

        public Getters(RowMapping mapping, DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            _mapping = mapping;
            _input = input;
            _active = RowGetters.Active(activeColumns, mapping.OutputSchema.Count);
            if (mapping._mapper is not { } mapper)
                return;
            var computed = new bool[mapper.Outputs.Count];
            for (var i = 0; i < _active.Length; i++)
            {
                if (_active[i] && mapping._sources[i] < 0)
                    computed[~mapping._sources[i]] = true;
            }

            if (computed.Contains(true))
                _computed = mapper.CreateGetters(input, computed, _owned);
        }

        public DataViewSchema Schema => _mapping.OutputSchema;

        public bool IsActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

        public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
        {
            if (!IsActive(column))
                return RowGetters.Cast<TValue>(null, column);
            var source = _mapping._sources[column.Index];
            return source >= 0
                ? _input.GetGetter<TValue>(_input.Schema[source])
                : RowGetters.Cast<TValue>(_computed[~source], column);
        }

        public void Dispose() => _owned.ForEach(owned => owned.Dispose());
    }

    private sealed class MappedRow(DataViewRow input, Getters getters) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => getters.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => getters.Get<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (!disposing)
                return;
            getters.Dispose();
            input.Dispose();
        }
    }

    private sealed class MappedCursor(DataViewRowCursor input, Getters getters) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => getters.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => getters.Get<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (!disposing)
                return;
            getters.Dispose();
            input.Dispose();
        }
    }
}
