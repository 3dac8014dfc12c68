using System.Runtime.ExceptionServices;

namespace Latent.Inference.Pipeline;

/// <summary>Represents a batch of rows on its way through the graph.</summary>
internal sealed class PendingBatch(GraphRunner runner) : IDisposable
{
    private readonly ManualResetEventSlim _done = new(initialState: true);
    private ExceptionDispatchInfo? _failure;

    public GraphRunner Runner => runner;

    public int Rows { get; private set; }

    public bool IsDone => _done.IsSet;

    /// <summary>Marks the first rows of the runner's input as filled; they must not be changed until <see cref="Finish"/>.</summary>
    public void Begin(int rows)
    {
        Rows = rows;
        _failure = null;
        _done.Reset();
    }

    /// <summary>Runs the graph; what it throws is kept for <see cref="Finish"/>.</summary>
    public void Execute(bool onOneThread)
    {
        try
        {
            runner.Run(Rows, onOneThread);
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            _done.Set();
        }
    }

    /// <summary>Drops a batch whose run has not started.</summary>
    public void Drop() => _done.Set();

    /// <summary>Returns when the outputs are available; throws what the run threw.</summary>
    public void Finish()
    {
        _done.Wait();
        _failure?.Throw();
    }

    /// <summary>Frees the runner, after a run in progress.</summary>
    public void Dispose()
    {
        _done.Wait();
        runner.Dispose();
    }
}
