using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>Maps row by row, for a PredictionEngine.</summary>
internal sealed class RowMapper(Mapping mapping, DataViewSchema inputSchema) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema { get; } = mapping.OutputSchema(inputSchema);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new HashSet<int>();
        foreach (var column in dependingColumns)
        {
            if (column.Index < inputSchema.Count)
                needed.Add(column.Index);
            else
                needed.UnionWith(mapping.InputColumns(inputSchema).Select(c => c.Index));
        }

        return inputSchema.Where(c => needed.Contains(c.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new Row(mapping, input, OutputSchema, [.. activeColumns.Select(c => c.Index)]);

    private sealed class Row : DataViewRow
    {
        private readonly DataViewRow _input;
        private readonly HashSet<int> _active;
        private readonly GraphRunner? _runner;
        private readonly InputReader.Reader? _read;
        private readonly string?[] _words = [];
        private readonly Dictionary<int, Delegate> _getters = [];
        private long _ran = -1;

        public Row(Mapping mapping, DataViewRow input, DataViewSchema schema, HashSet<int> active)
        {
            _input = input;
            _active = active;
            Schema = schema;
            var first = input.Schema.Count;
            var outputs = mapping.Outputs.Where((_, i) => active.Contains(first + i)).ToArray();
            if (outputs.Length == 0)
                return;
            string[] tensors = [.. outputs.SelectMany(o => BatchCursor.AvailableTensors(o, mapping)).Distinct()];
            _runner = mapping.MakeRunner(outputs, tensors, 1);
            _read = InputReader.Create(mapping, input, new Dictionary<int, ColumnBuffer>(), () => 0);
            _words = new string?[outputs.Any(o => o.Kind == OutputKind.Explanation) ? mapping.InputLength : 0];
            var id = input.GetIdGetter();
            var writer = new OutputWriter(
                tensors,
                () =>
                {
                    var value = default(DataViewRowId);
                    id(ref value);
                    return value;
                },
                () => _words
            );
            for (var i = 0; i < mapping.Outputs.Count; i++)
            {
                if (active.Contains(first + i))
                    _getters.Add(first + i, writer.Getter(mapping.Outputs[i], Run));
            }
        }

        public override long Position => _input.Position;

        public override long Batch => _input.Batch;

        public override DataViewSchema Schema { get; }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            !IsColumnActive(column) ? throw new InvalidOperationException($"Column '{column.Name}' is not active in this row.")
            : column.Index < _input.Schema.Count ? _input.GetGetter<TValue>(_input.Schema[column.Index])
            : _getters[column.Index] as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' does not have values of type {typeof(TValue)}.");

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _runner?.Dispose();
                _input.Dispose();
            }

            base.Dispose(disposing);
        }

        // Several getters of one row share its run.
        private (GraphRunner, int) Run()
        {
            if (_ran != _input.Position || _input.Position < 0)
            {
                _read!(_runner!.InputRow(0), _words, _input.Position);
                _runner.Run(1);
                _ran = _input.Position;
            }

            return (_runner!, 0);
        }
    }
}
