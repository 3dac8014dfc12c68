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

/// <summary>Represents the progress of training within an epoch.</summary>
/// <param name="Epoch">The current epoch, counted from 1.</param>
/// <param name="Epochs">Number of epochs of the run.</param>
/// <param name="Fraction">Fraction of the whole run that is done, from 0 to 1.</param>
/// <param name="Losses">Means so far in this epoch, "loss" first.</param>
/// <param name="SamplesPerSecond">Training rows per second.</param>
/// <param name="Left">Estimated time left; null while it is unknown.</param>
public sealed record StepProgress(
    int Epoch,
    int Epochs,
    double Fraction,
    IReadOnlyDictionary<string, double> Losses,
    double SamplesPerSecond,
    TimeSpan? Left
);
