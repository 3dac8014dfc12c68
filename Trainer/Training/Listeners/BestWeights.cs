namespace Latent.Trainer.Training.Listeners;

/// <summary>Remembers the epoch whose validation loss is the lowest, and with training.keepBest its weights.</summary>
/// <param name="loss">The lowest loss of earlier sessions, or null.</param>
/// <param name="epoch">The epoch that ended with it, from 1.</param>
internal sealed class BestWeights(double? loss, int epoch) : ITrainingListener
{
    /// <summary>Gets the lowest validation loss so far, or null.</summary>
    public double? Loss { get; private set; } = loss;

    /// <summary>Gets the epoch that ended with the lowest loss, from 1; 0 before the first.</summary>
    public int Epoch { get; private set; } = epoch;

    public void EpochEnded(TrainingLoop loop, EpochEnd epoch)
    {
        if (epoch.Record.Validation is not { } validation)
            return;
        var loss = validation["loss"];
        if (!double.IsFinite(loss) || loss >= Loss)
            return;
        (Loss, Epoch) = (loss, epoch.Record.Epoch);
        if (loop.Session.Recipe.Training.KeepBest)
            loop.Session.KeepAsBest();
    }
}
