namespace Latent.Trainer.Training.Listeners;

/// <summary>Stops training after a number of epochs as a signal would: a checkpoint is saved, from which it can be continued.</summary>
/// <param name="epochs">Number of epochs.</param>
/// <param name="stop">What stops training.</param>
internal sealed class EpochPause(int epochs, CancellationTokenSource stop) : ITrainingListener
{
    public void EpochEnded(TrainingLoop loop, EpochEnd epoch)
    {
        if (epoch.Record.Epoch >= epochs)
            stop.Cancel();
    }
}
