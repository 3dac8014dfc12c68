using Latent.Contracts.Training;

namespace Latent.Trainer.Progress;

/// <summary>Shows nothing.</summary>
public sealed class QuietDisplay : ITrainingDisplay
{
    /// <inheritdoc/>
    public void Say(string message) { }

    /// <inheritdoc/>
    public void Step(StepProgress progress) { }

    /// <inheritdoc/>
    public void Epoch(EpochRecord record, int epochs) { }
}
