namespace Latent.Inference.Pipeline;

/// <summary>
/// Runs batches on the thread pool, each on one thread, several at a time: for graphs of the size of an autoencoder's that keeps the
/// processors busier than several threads in one run do, and leaves none of them spinning. A thread that waits for a batch runs others, so
/// that a pool without a free thread causes no delay.
/// </summary>
/// <param name="most">Number of runs at a time, besides those on waiting threads.</param>
internal sealed class BatchScheduler(int most) : IThreadPoolWorkItem
{
    private readonly Queue<PendingBatch> _waiting = new();
    private int _working;

    public void Add(PendingBatch run)
    {
        lock (_waiting)
        {
            _waiting.Enqueue(run);
            if (_working == most)
                return;
            _working++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Returns when a batch has been run, and runs waiting batches meanwhile.</summary>
    public void Finish(PendingBatch run)
    {
        while (!run.IsDone && Take(isWorker: false) is { } next)
            next.Execute(onOneThread: true);
        run.Finish();
    }

    /// <summary>Drops the waiting batches; those in progress continue.</summary>
    public void Clear()
    {
        while (Take(isWorker: false) is { } run)
            run.Drop();
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (Take(isWorker: true) is { } run)
            run.Execute(onOneThread: true);
    }

    private PendingBatch? Take(bool isWorker)
    {
        lock (_waiting)
        {
            if (_waiting.TryDequeue(out var run))
                return run;
            if (isWorker)
                _working--;
            return null;
        }
    }
}
