using Latent.Contracts.Recipes;
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
    /// <summary>Tells whether training ends after a number of epochs.</summary>
    /// <param name="recipe">The recipe, with the epochs of the KL's warm-up.</param>
    /// <param name="epochs">Number of epochs made.</param>
    /// <param name="bestEpoch">The epoch that ended with the lowest loss, from 1; 0 before the first.</param>
    /// <param name="patience">The number of epochs without an improvement.</param>
    public static bool IsDue(Recipe recipe, int epochs, int bestEpoch, int patience) =>
        epochs - Math.Max(bestEpoch, recipe.Objective.WarmUpEpochs) >= patience;

    public void EpochEnded(TrainingLoop loop, EpochEnd epoch)
    {
        if (!IsDue(loop.Session.Recipe, epoch.Record.Epoch, best.Epoch, patience) || loop.Position.Finished)
            return;
        display.Say($"Stopping early: the validation loss has not improved for {patience} epochs.");
        loop.FinishEarly();
    }
}
