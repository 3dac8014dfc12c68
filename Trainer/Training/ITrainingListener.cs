using Latent.Models.Objectives;

namespace Latent.Trainer.Training;

/// <summary>Is told by a training loop what happens; listeners are told in their order, and see what those before them did.</summary>
internal interface ITrainingListener
{
    /// <summary>A step has been made.</summary>
    /// <param name="loop">The loop; its position counts the step.</param>
    /// <param name="losses">The minibatch's losses; <see cref="TrainingLoop.CollectLosses"/> frees them.</param>
    /// <param name="rows">Rows of the minibatch.</param>
    void StepEnded(TrainingLoop loop, Losses losses, int rows) { }

    /// <summary>All steps of an epoch have been made, and its record may be added to; the loop's position doesn't count the epoch yet.</summary>
    /// <exception cref="OperationCanceledException">The run was told to stop; the epoch's end is repeated when it is resumed.</exception>
    void EpochEnding(TrainingLoop loop, EpochEnd epoch) { }

    /// <summary>An epoch has ended; its record is whole, and the loop's position counts it.</summary>
    void EpochEnded(TrainingLoop loop, EpochEnd epoch) { }

    /// <summary>The run was told to stop before its end.</summary>
    void Stopped(TrainingLoop loop) { }
}
