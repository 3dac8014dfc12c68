namespace Latent.Trainer.Training;

/// <summary>Work that can't be told to stop.</summary>
internal static class Interruptible
{
    /// <summary>Does work on a thread of its own, and leaves it behind when told to stop.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop before the work was done.</exception>
    public static T Run<T>(Func<T> work, CancellationToken stop) =>
        stop.CanBeCanceled
            ? Task
                .Factory.StartNew(work, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(stop)
                .GetAwaiter()
                .GetResult()
            : work();
}
