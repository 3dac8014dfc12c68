using Latent.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>One graph in ONNX Runtime.</summary>
internal sealed class GraphSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    public GraphSession(string source, byte[]? bytes, int? gpu, int threads)
    {
        Source = source;
        using var session = MakeOptions(gpu, threads);
        try
        {
            _session = bytes is null ? new InferenceSession(source, session) : new InferenceSession(bytes, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new LatentException($"{source} cannot be loaded as an ONNX graph{(gpu is { } device ? $" on CUDA device {device}" : "")}: {FirstLine(e)}.", e);
        }
    }

    public string Source { get; }

    /// <summary>Shape of an input or output, with <paramref name="rows"/> for its dynamic first axis.</summary>
    public long[] Shape(string tensor, int rows)
    {
        var shape = Find(tensor).Dimensions.Select(n => (long)n).ToArray();
        shape[0] = rows;
        return shape;
    }

    /// <summary>Number of values of one row of an input or output.</summary>
    public int Length(string tensor)
    {
        var dimensions = Find(tensor).Dimensions;
        return dimensions.Skip(1).All(n => n > 0)
            ? dimensions.Skip(1).Aggregate(1, (a, b) => a * b)
            : throw new LatentException($"{tensor} of {Source} has a dynamic axis besides the first; a bundle's graphs have none.");
    }

    public void Run(string[] inputs, OrtValue[] inputValues, string[] outputs, OrtValue[] outputValues)
    {
        try
        {
            _session.Run(_runOptions, inputs, inputValues, outputs, outputValues);
        }
        catch (OnnxRuntimeException e)
        {
            throw new LatentException($"ONNX Runtime failed to run {Source}: {FirstLine(e)}.", e);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
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
        // Threads that wait for the next run by spinning would take the processors from whoever reads its rows.
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
