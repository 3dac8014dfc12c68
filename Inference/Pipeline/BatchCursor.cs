using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>
/// Reads a batch of rows ahead, keeps the values of the columns that are passed on, runs the graph once, and then hands out the rows.
/// </summary>
internal sealed class BatchCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly BatchRunner _runner;
    private readonly InputReader.Reader _read;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly ColumnBuffer[] _buffers;
    private readonly Delegate?[] _getters;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private int _rows;
    private int _row = -1;
    private int _reading;
    private long _position = -1;
    private bool _ended;

    public BatchCursor(DataViewRowCursor input, Mapping mapping, DataViewSchema schema, bool[] active)
    {
        _input = input;
        Schema = schema;
        var inputColumns = input.Schema.Count;
        var outputs = mapping.Outputs.Where((_, i) => active[inputColumns + i]).ToArray();
        string[] tensors = [.. outputs.SelectMany(o => AvailableTensors(o, mapping)).Distinct()];
        _runner = new BatchRunner(mapping.Bundle, mapping.GraphFor(outputs), mapping.InputTensor, mapping.BatchSize, tensors);
        _ids = new DataViewRowId[mapping.BatchSize];
        _batches = new long[mapping.BatchSize];
        _id = input.GetIdGetter();
        _getters = new Delegate?[schema.Count];

        var source = mapping.InputColumn(input.Schema).Index;
        var buffers = new Dictionary<int, ColumnBuffer>();
        foreach (var column in input.Schema.Where(c => active[c.Index]))
        {
            var buffer = ColumnBuffer.Create(input, input.Schema[column.Index], mapping.BatchSize, Current);
            buffers.Add(column.Index, buffer);
            _getters[column.Index] = buffer.Getter;
        }
        _buffers = [.. buffers.Values];
        _read = InputReader.Create(mapping, input, buffers.GetValueOrDefault(source), () => _reading);

        var writer = new OutputWriter(_runner, tensors, row => _ids[row]);
        for (var i = 0; i < mapping.Outputs.Count; i++)
        {
            if (active[inputColumns + i])
                _getters[inputColumns + i] = writer.Getter(mapping.Outputs[i], Current);
        }
    }

    public override long Position => _position;

    public override long Batch => _row >= 0 && _row < _rows ? _batches[_row] : 0;

    public override DataViewSchema Schema { get; }

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

    public override bool MoveNext()
    {
        if (_row + 1 >= _rows && !Fill())
        {
            _rows = 0;
            _row = -1;
            _position = -1;
            return false;
        }
        _row++;
        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Current()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters[column.Index] switch
    {
        null => throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor."),
        ValueGetter<TValue> getter => getter,
        var other => throw new InvalidOperationException(
            $"Column '{column.Name}' has values of type {other.GetType().GenericTypeArguments[0]}, not {typeof(TValue)}."),
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _runner.Dispose();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>The graph's outputs that a column needs; a plain autoencoder's objective has no KL.</summary>
    internal static IEnumerable<string> AvailableTensors(OutputColumn column, Mapping mapping) =>
        mapping.Bundle.IsVariational ? column.Tensors : column.Tensors.Where(t => t != Contracts.TensorNames.Kl);

    private bool Fill()
    {
        if (_ended)
            return false;
        _row = -1;
        for (_reading = 0; _reading < _ids.Length; _reading++)
        {
            if (!_input.MoveNext())
            {
                _ended = true;
                break;
            }
            _id(ref _ids[_reading]);
            _batches[_reading] = _input.Batch;
            foreach (var buffer in _buffers)
                buffer.Read(_reading);
            _read(_runner.InputRow(_reading), _position + 1 + _reading);
        }
        _rows = _reading;
        if (_rows == 0)
            return false;
        _runner.Run(_rows);
        return true;
    }

    private int Current() => _row >= 0 && _row < _rows
        ? _row
        : throw new InvalidOperationException("The cursor is not at a row; call MoveNext first, and stop when it returns false.");
}
