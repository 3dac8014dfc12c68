using Latent.Contracts.Training;

namespace Latent.Trainer.Training.Listeners;

/// <summary>
/// Ends training once the validation loss has not improved for a number of epochs, of which those of the KL's warm-up don't count.
/// </summary>
/// <param name="best">The best epoch; this listener is called before early stopping.</param>
/// <param name="patience">The number of epochs.</param>
/// <param name="display">Shows that training ends early.</param>
internal sealed class EarlyStopping(BestWeights best, int patience, ITrainingDisplay display) : ITrainingListener
{
    public void EpochEnded(TrainingLoop loop, EpochEnd epoch)
    {
        var since = Math.Max(best.Epoch, loop.Session.Recipe.Objective.WarmUpEpochs);
        var patienceExhausted = epoch.Record.Epoch - since >= patience;
        if (!patienceExhausted || loop.Position.Finished)
            return;
        display.Say($"Stopping early: the validation loss has not improved for {patience} epochs.");
        loop.FinishEarly();
    }
}
