using Latent.Models.Objectives;

namespace Latent.Trainer.Training;

/// <summary>
/// Receives the events of a training loop; listeners are called in their order, and see the changes of those before them.
/// </summary>
internal interface ITrainingListener
{
    /// <summary>Handles the end of a step.</summary>
    /// <param name="loop">The loop; its position counts the step.</param>
    /// <param name="losses">The minibatch's losses; <see cref="TrainingLoop.CollectLosses"/> frees them.</param>
    /// <param name="rows">Rows of the minibatch.</param>
    void StepEnded(TrainingLoop loop, Losses losses, int rows) { }

    /// <summary>
    /// Handles the last step of an epoch, whose record may still be extended; the loop's position doesn't count the epoch yet.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run was stopped; the epoch's end is repeated when it is resumed.</exception>
    void EpochEnding(TrainingLoop loop, EpochEnd epoch) { }

    /// <summary>Handles the end of an epoch; its record is complete, and the loop's position counts it.</summary>
    void EpochEnded(TrainingLoop loop, EpochEnd epoch) { }

    /// <summary>Handles a stop of the run before its end.</summary>
    void Stopped(TrainingLoop loop) { }
}
