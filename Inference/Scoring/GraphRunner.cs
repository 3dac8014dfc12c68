using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Inference.Scoring;
using Microsoft.ML.OnnxRuntime;

namespace Latent;

/// <summary>
/// Runs one graph of a bundle on many rows at once: fill <see cref="InputRow"/>, call <see cref="Run(int)"/>, read <see cref="Output"/>.
/// Its buffers are made once; a run allocates nothing that grows with the rows. Use one runner per thread; runners share the bundle's
/// sessions.
/// </summary>
public sealed class GraphRunner : IDisposable
{
    private readonly LatentBundle _bundle;
    private readonly BundleRole _graph;
    private readonly string[] _inputNames;
    private readonly RowTensors? _words;
    private readonly string[] _outputNames;
    private readonly Memory<float> _input;
    private readonly Memory<float>[] _outputs;
    private readonly int[] _outputLengths;
    private readonly int _score;
    private Binding? _whole;
    private Binding? _part;

    /// <summary>Initializes a new instance of the <see cref="GraphRunner"/> class.</summary>
    /// <param name="bundle">The bundle, which the caller disposes.</param>
    /// <param name="graph">The graph: encoder, decoder or autoencoder.</param>
    /// <param name="batchSize">The largest number of rows of a run, at least 1.</param>
    /// <param name="outputs">Outputs to compute, from <see cref="TensorNames"/>; at least one.</param>
    /// <exception cref="LatentException">The graph can't be loaded, or has no such output.</exception>
    /// <exception cref="ObjectDisposedException">The bundle was disposed.</exception>
    public GraphRunner(LatentBundle bundle, BundleRole graph, int batchSize, params IReadOnlyList<string> outputs)
        : this(
            bundle,
            graph,
            graph == BundleRole.Decoder ? TensorNames.Latent : TensorNames.Input,
            WordsOf(bundle, graph),
            batchSize,
            outputs
        ) { }

    internal GraphRunner(
        LatentBundle bundle,
        BundleRole graph,
        string input,
        RowTensors? words,
        int batchSize,
        IReadOnlyList<string> outputs
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfZero(outputs.Count);
        _bundle = bundle;
        _graph = graph;
        _words = words;
        _inputNames = words?.Names ?? [input];
        _outputNames = [.. outputs];
        _score = Array.IndexOf(_outputNames, TensorNames.Score);
        BatchSize = batchSize;
        bundle.Enter();
        try
        {
            var session = bundle.Session(graph, _outputNames);
            InputLength = words?.Length ?? session.Length(input);
            _outputLengths = [.. _outputNames.Select(session.Length)];
        }
        finally
        {
            bundle.Leave();
        }

        RefuseMemory();
        _input = Allocate(InputLength);
        _outputs = [.. _outputLengths.Select(Allocate)];
    }

    /// <summary>Gets the largest number of rows of a run.</summary>
    public int BatchSize { get; }

    /// <summary>Gets the number of values of an input row.</summary>
    public int InputLength { get; }

    /// <summary>Gets the size of the buffers in bytes.</summary>
    internal long Bytes => sizeof(float) * (_input.Length + _outputs.Sum(o => (long)o.Length));

    /// <summary>
    /// Gets an input row to be filled; it keeps its values until overwritten. The row of a table with columns of several kinds has one cell
    /// per column, as <see cref="Contracts.Tables.TableDescription"/> describes; rows and codes of a bundle with labels have the index of
    /// their label after their values.
    /// </summary>
    /// <param name="row">From 0 to <see cref="BatchSize"/> - 1.</param>
    public Span<float> InputRow(int row) => _input.Span.Slice(row * InputLength, InputLength);

    /// <summary>Gets the number of values of a row of an output.</summary>
    /// <param name="output">Index into the requested outputs.</param>
    public int OutputLength(int output) => _outputLengths[output];

    /// <summary>Gets a row of an output of the last run.</summary>
    /// <param name="output">Index into the requested outputs.</param>
    /// <param name="row">From 0 to the last run's rows - 1.</param>
    public ReadOnlySpan<float> Output(int output, int row) =>
        _outputs[output].Span.Slice(row * _outputLengths[output], _outputLengths[output]);

    /// <summary>Runs the graph on the first rows of the input.</summary>
    /// <param name="rows">From 1 to <see cref="BatchSize"/>.</param>
    /// <exception cref="LatentException">ONNX Runtime failed, or a cell of a column of words is no level.</exception>
    /// <exception cref="ObjectDisposedException">The bundle was disposed.</exception>
    public void Run(int rows) => Run(rows, onOneThread: false);

    internal void Run(int rows, bool onOneThread)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, BatchSize);
        _bundle.Enter();
        try
        {
            var session = _bundle.Session(_graph, _outputNames, onOneThread);
            var whole = rows == BatchSize;
            var binding = whole ? _whole : _part;
            if (binding?.Rows != rows)
            {
                binding?.Dispose();
                if (whole)
                    _whole = null;
                else
                    _part = null;
                var (inputs, outputs) = (_input[..(rows * InputLength)], _outputs.Select((buffer, i) => Bind(buffer, _outputNames[i])));
                binding =
                    _words is null ? new Binding(rows, null, _inputNames, [Bind(_input, _inputNames[0])], _outputNames, [.. outputs])
                    : session.Cut is { } cut ? new Binding(rows, new CutRows(_words, cut, inputs), _outputNames, [.. outputs])
                    : new Binding(rows, _words.Bind(inputs), _outputNames, [.. outputs]);
                if (whole)
                    _whole = binding;
                else
                    _part = binding;
            }

            binding.Words?.Fill();
            session.Run(binding.InputNames, binding.Inputs, binding.OutputNames, binding.Outputs);
            if (_score >= 0)
                (binding.Words as CutRows)?.Finish(_outputs[_score].Span[..rows]);

            OrtValue Bind(Memory<float> buffer, string name)
            {
                var shape = session.Shape(name, rows);
                var length = (int)shape.Aggregate((a, b) => a * b);
                return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer[..length], shape);
            }
        }
        finally
        {
            _bundle.Leave();
        }
    }

    /// <summary>Frees the runner's buffers; the bundle is not disposed.</summary>
    public void Dispose()
    {
        _whole?.Dispose();
        _part?.Dispose();
        _whole = _part = null;
    }

    private void RefuseMemory()
    {
        var (row, longest) = (
            sizeof(float) * (InputLength + _outputLengths.Sum(n => (double)n)),
            (double)Math.Max(InputLength, _outputLengths.Max())
        );
        var available = (double)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var most = (int)Math.Min(available / 4 / row, Array.MaxLength / longest);
        if (BatchSize <= most)
            return;
        throw new LatentException(
            FormattableString.Invariant(
                $"A batch of {BatchSize} rows takes {BatchSize * row / 1e9:0.0} GB for the {RecipeNames.Of(_graph)}'s inputs and outputs, more than it may have of the {available / 1e9:0.0} GB of this process; a batch size of {most} fits."
            )
        );
    }

    private Memory<float> Allocate(int length) => AlignedBuffer.Create(checked(BatchSize * length));

    private static RowTensors? WordsOf(LatentBundle bundle, BundleRole graph)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return graph == BundleRole.Decoder ? RowTensors.OfCodes(bundle.Manifest) : RowTensors.OfSeveral(bundle.Manifest.Input);
    }

    private sealed record Binding(
        int Rows,
        IBoundRows? Words,
        string[] InputNames,
        OrtValue[] Inputs,
        string[] OutputNames,
        OrtValue[] Outputs
    ) : IDisposable
    {
        public Binding(int rows, IBoundRows words, string[] outputNames, OrtValue[] outputs)
            : this(rows, words, words.Names, words.Values, outputNames, outputs) { }

        public Binding(int rows, CutRows words, string[] outputNames, OrtValue[] outputs)
            : this(rows, words, words.Names, words.Values, [.. outputNames, .. words.OutputNames], [.. outputs, .. words.Outputs]) { }

        public void Dispose()
        {
            foreach (var value in Inputs.Concat(Outputs))
                value.Dispose();
        }
    }
}
