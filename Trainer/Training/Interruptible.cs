namespace Latent.Trainer.Training;

/// <summary>Runs work that can't be cancelled.</summary>
internal static class Interruptible
{
    /// <summary>Runs work on a separate thread, and abandons it when cancelled.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled before the work was done.</exception>
    public static T Run<T>(Func<T> work, CancellationToken stop) =>
        stop.CanBeCanceled
            ? Task
                .Factory.StartNew(work, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(stop)
                .GetAwaiter()
                .GetResult()
            : work();
}
