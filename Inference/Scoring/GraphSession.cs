using Latent.Contracts;
using Latent.Contracts.Tables;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>Represents one graph in ONNX Runtime.</summary>
internal sealed class GraphSession : IDisposable
{
    private const long MaxValues = 1 << 28;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private volatile bool _terminated;

    /// <summary>Loads a graph.</summary>
    /// <param name="source">Origin of the graph, for messages.</param>
    /// <param name="bytes">The graph; the bytes that are checked are the bytes that run.</param>
    /// <param name="gpu">CUDA device, or null for the processor.</param>
    /// <param name="threads">Threads of a run; 0 for one per core.</param>
    /// <param name="anyOperator">Whether the graph may have operators that Latent's export doesn't write.</param>
    /// <param name="outputs">The outputs that runs compute; null for all.</param>
    /// <param name="table">The table whose cells a graph of Latent's export reads, which may then be cut; null for other graphs.</param>
    /// <exception cref="LatentException">The bytes are not a graph, or one that is refused.</exception>
    public GraphSession(
        string source,
        byte[] bytes,
        int? gpu,
        int threads,
        bool anyOperator = false,
        IReadOnlyCollection<string>? outputs = null,
        TableDescription? table = null
    )
    {
        Source = source;
        GraphContents.Check(bytes, source, anyOperator);
        OnnxRuntimeTelemetry.SwitchOff();
        Cut = outputs is null || table is null ? null : TableCut.Of(bytes, outputs, table);
        using var session = MakeOptions(gpu, threads);
        try
        {
            _session = new InferenceSession(Cut?.Model ?? (outputs is null ? bytes : GraphPruning.Keep(bytes, outputs)), session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new LatentException(
                $"{source} cannot be loaded as an ONNX graph{(gpu is { } device ? $" on CUDA device {device}" : "")}: {FirstLine(e)}.",
                e
            );
        }
    }

    public string Source { get; }

    /// <summary>Gets what the graph was cut to, which has other inputs; null if it is whole.</summary>
    public TableCut? Cut { get; }

    /// <summary>Gets the names of all outputs.</summary>
    public IReadOnlyList<string> Outputs => [.. _session.OutputMetadata.Keys];

    /// <summary>Gets the shape of an input or output, with <paramref name="rows"/> for its dynamic first axis.</summary>
    public long[] Shape(string tensor, int rows)
    {
        var shape = Find(tensor).Dimensions.Select(n => (long)n).ToArray();
        shape[0] = rows;
        return shape;
    }

    /// <summary>Gets the number of values of one row of an input or output.</summary>
    public int Length(string tensor)
    {
        var dimensions = Find(tensor).Dimensions;
        if (!dimensions.Skip(1).All(n => n > 0))
            throw new LatentException($"{tensor} of {Source} has a dynamic axis besides the first; a bundle's graphs have none.");
        var length = dimensions.Skip(1).Aggregate(1d, (a, b) => a * b);
        return length <= MaxValues
            ? (int)length
            : throw new LatentException(
                $"{tensor} of {Source} has {length:0} values a row, more than the {MaxValues} that a row may have."
            );
    }

    /// <summary>Compares the shape of an input or output, if the graph has it, with the manifest.</summary>
    /// <param name="tensor">Name of the input or output.</param>
    /// <param name="shape">The expected shape without the first axis.</param>
    /// <param name="key">The manifest's key that states the shape.</param>
    /// <exception cref="LatentException">The shape differs.</exception>
    public void RequireShape(string tensor, IReadOnlyList<int> shape, string key)
    {
        if (
            (_session.InputMetadata.TryGetValue(tensor, out var found) || _session.OutputMetadata.TryGetValue(tensor, out found))
            && !found.Dimensions.Skip(1).SequenceEqual(shape)
        )
        {
            var (given, must) = (found.Dimensions.Select(n => n > 0 ? $"{n}" : "?"), shape.Select(n => $"{n}").Prepend(TensorNames.Batch));
            throw new LatentException(
                $"{tensor} of {Source} is [{string.Join(", ", given)}], but by the manifest's {key} it must be [{string.Join(", ", must)}]."
            );
        }
    }

    /// <summary>Runs the graph into tensors that the caller has made.</summary>
    /// <exception cref="LatentException">ONNX Runtime failed.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Terminate"/> was called.</exception>
    public void Run(string[] inputs, OrtValue[] inputValues, string[] outputs, OrtValue[] outputValues) =>
        Run(() =>
        {
            _session.Run(_runOptions, inputs, inputValues, outputs, outputValues);
            return true;
        });

    /// <summary>Runs the graph; the caller disposes the tensors that it returns.</summary>
    /// <exception cref="LatentException">ONNX Runtime failed.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Terminate"/> was called.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyCollection<string> inputs,
        IReadOnlyCollection<OrtValue> values,
        IReadOnlyList<string> outputs
    ) => Run(() => _session.Run(_runOptions, inputs, values, outputs));

    /// <summary>Ends the run in progress, and all later ones.</summary>
    public void Terminate()
    {
        _terminated = true;
        _runOptions.Terminate = true;
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private T Run<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (OnnxRuntimeException e) when (_terminated)
        {
            throw new OperationCanceledException($"The run of {Source} was broken off.", e);
        }
        catch (OnnxRuntimeException e)
        {
            throw new LatentException($"ONNX Runtime failed to run {Source}: {FirstLine(e)}.", e);
        }
    }

    private NodeMetadata Find(string tensor)
    {
        if (!_session.InputMetadata.TryGetValue(tensor, out var found) && !_session.OutputMetadata.TryGetValue(tensor, out found))
        {
            var names = string.Join(", ", _session.InputMetadata.Keys.Concat(_session.OutputMetadata.Keys));
            throw new LatentException($"{Source} has no input or output {tensor}; it has {names}.");
        }

        return found.ElementType == typeof(float) && found.Dimensions.Length > 0
            ? found
            : throw new LatentException($"{tensor} of {Source} is not a tensor of 32-bit floats with a batch axis.");
    }

    private static SessionOptions MakeOptions(int? gpu, int threads)
    {
        var session = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        // Threads that wait for the next run by spinning would take the processors from the code that reads the rows.
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (threads > 0)
            session.IntraOpNumThreads = threads;
        if (gpu is not { } device)
            return session;
        try
        {
            session.AppendExecutionProvider_CUDA(device);
            return session;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            session.Dispose();
            throw new LatentException($"CUDA device {device} cannot be used, only the processor: {FirstLine(e)}.", e);
        }
    }

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim().TrimEnd('.');
}
