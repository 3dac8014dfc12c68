using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>
/// Reads batches of rows ahead, keeps the values of the columns that are passed on, and hands out the rows; while it reads one batch, the
/// graph runs on those before it. The input is read only by the caller's thread.
/// </summary>
internal sealed class BatchCursor : DataViewRowCursor
{
    // Bytes that the rows of all batches in progress may take together; three batches are always allowed.
    private const long MaxBytes = 128 << 20;
    private readonly DataViewRowCursor _input;
    private readonly Func<GraphRunner> _makeRunner;
    private readonly InputReader.Reader _read;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly ColumnBuffer[] _buffers;
    private readonly Delegate?[] _getters;
    private readonly int _batchSize;
    private readonly PendingBatch?[] _runs;
    private readonly Queue<PendingBatch> _ahead = new();
    private readonly BatchScheduler _background;

    // Rows are kept by slot, and in the slot by row.
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private readonly string?[] _words;
    private readonly int _wordsPerRow;
    private PendingBatch? _current;
    private int _first;
    private int _row = -1;
    private int _reading;
    private int _slot;
    private bool _isFirst = true;
    private long _rowsRead;
    private long _position = -1;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    public BatchCursor(DataViewRowCursor input, Mapping mapping, DataViewSchema schema, bool[] active)
    {
        _input = input;
        Schema = schema;
        var inputColumns = input.Schema.Count;
        var outputs = mapping.Outputs.Where((_, i) => active[inputColumns + i]).ToArray();
        string[] tensors = [.. outputs.SelectMany(o => AvailableTensors(o, mapping)).Distinct()];
        _makeRunner = () => mapping.MakeRunner(outputs, tensors, mapping.BatchSize);
        _batchSize = mapping.BatchSize;
        var first = new PendingBatch(_makeRunner());
        var threads = mapping.Bundle.RunsAtATime;
        // Twice as many as there are threads, so that none waits for rows while the reading thread does a run itself.
        var slots = threads == 1 ? 1 : (int)Math.Clamp(MaxBytes / first.Runner.Bytes, 3, (2 * threads) + 1);
        _background = new BatchScheduler(threads - 1);
        _runs = new PendingBatch?[slots];
        _runs[0] = first;
        _ids = new DataViewRowId[slots * _batchSize];
        _batches = new long[slots * _batchSize];
        _id = input.GetIdGetter();
        _getters = new Delegate?[schema.Count];

        var buffers = new Dictionary<int, ColumnBuffer>();
        foreach (var column in input.Schema.Where(c => active[c.Index]))
        {
            var buffer = ColumnBuffer.Create(input, input.Schema[column.Index], _ids.Length, Current);
            buffers.Add(column.Index, buffer);
            _getters[column.Index] = buffer.Getter;
        }

        _buffers = [.. buffers.Values];
        _read = InputReader.Create(mapping, input, buffers, () => _reading);
        _wordsPerRow = outputs.Any(o => o.Kind == OutputKind.Explanation) ? mapping.InputLength : 0;
        _words = new string?[_ids.Length * _wordsPerRow];

        var writer = new OutputWriter(tensors, () => _ids[Current()], () => WordsOf(Current()));
        for (var i = 0; i < mapping.Outputs.Count; i++)
        {
            if (active[inputColumns + i])
                _getters[inputColumns + i] = writer.Getter(mapping.Outputs[i], () => ((_current ?? throw NotAtARow()).Runner, _row));
        }
    }

    public override long Position => _position;

    public override long Batch => _current is null || _row < 0 ? 0 : _batches[_first + _row];

    public override DataViewSchema Schema { get; }

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] is not null;

    public override bool MoveNext()
    {
        if (_current is not null && _row + 1 < _current.Rows)
        {
            _row++;
        }
        else if (!NextBatch())
        {
            _position = -1;
            return false;
        }

        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Current()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        _getters[column.Index] switch
        {
            null => throw new InvalidOperationException($"Column '{column.Name}' is not active in this cursor."),
            ValueGetter<TValue> getter => getter,
            var other => throw new InvalidOperationException(
                $"Column '{column.Name}' has values of type {other.GetType().GenericTypeArguments[0]}, not {typeof(TValue)}."
            ),
        };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _background.Clear();
            foreach (var run in _runs)
                run?.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Lists the graph's outputs that a column needs; a plain autoencoder's objective has no KL.</summary>
    internal static IEnumerable<string> AvailableTensors(OutputColumn column, Mapping mapping) =>
        mapping.Bundle.IsVariational ? column.Tensors : column.Tensors.Where(t => t != Contracts.TensorNames.Kl);

    private bool NextBatch()
    {
        _current = null;
        if (_isFirst)
        {
            // Runs without others, so that reading a few rows does not wait for more than those.
            _isFirst = false;
            ReadBatch()?.Execute(onOneThread: false);
        }
        else
        {
            while (!_ended && _ahead.Count < _runs.Length && !(_ahead.Count > 1 && _ahead.Peek().IsDone))
            {
                if (ReadBatch() is not { } run)
                    break;
                if (_ended && _ahead.Count == 1)
                    run.Execute(onOneThread: false);
                else
                    _background.Add(run);
            }
        }

        if (!_ahead.TryPeek(out var next))
        {
            _failure?.Throw();
            return false;
        }

        _background.Finish(next);
        _current = _ahead.Dequeue();
        _first = Array.IndexOf(_runs, next) * _batchSize;
        _row = 0;
        return true;
    }

    private PendingBatch? ReadBatch()
    {
        var run = _runs[_slot] ??= new PendingBatch(_makeRunner());
        var rows = 0;
        try
        {
            for (; rows < _batchSize; rows++)
            {
                if (!_input.MoveNext())
                {
                    _ended = true;
                    break;
                }

                _reading = _slot * _batchSize + rows;
                _id(ref _ids[_reading]);
                _batches[_reading] = _input.Batch;
                foreach (var buffer in _buffers)
                    buffer.Read(_reading);
                _read(run.Runner.InputRow(rows), WordsOf(_reading), _rowsRead++);
            }
        }
        catch (Exception e)
        {
            // Thrown when the rows before it have been handed out.
            _failure = ExceptionDispatchInfo.Capture(e);
            _ended = true;
        }

        if (rows == 0)
            return null;
        run.Begin(rows);
        _ahead.Enqueue(run);
        _slot = (_slot + 1) % _runs.Length;
        return run;
    }

    private Span<string?> WordsOf(int slot) => _words.AsSpan(slot * _wordsPerRow, _wordsPerRow);

    private int Current() => _current is not null ? _first + _row : throw NotAtARow();

    private static InvalidOperationException NotAtARow() =>
        new("The cursor is not at a row; call MoveNext first, and stop when it returns false.");
}
