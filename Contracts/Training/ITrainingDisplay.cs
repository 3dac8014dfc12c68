namespace Latent.Contracts.Training;

/// <summary>Shows how training goes.</summary>
public interface ITrainingDisplay
{
    /// <summary>Shows a message of one sentence.</summary>
    void Say(string message);

    /// <summary>Shows progress within an epoch; called about ten times per second.</summary>
    void Step(StepProgress progress);

    /// <summary>Shows the end of an epoch.</summary>
    /// <param name="record">Figures of the epoch.</param>
    /// <param name="epochs">Number of epochs of the run.</param>
    void Epoch(EpochRecord record, int epochs);
}
