namespace Latent.Contracts.Training;

/// <summary>Where training stands within an epoch.</summary>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Epochs">Number of epochs of the run.</param>
/// <param name="Fraction">How much of the whole run is done, 0 to 1.</param>
/// <param name="Losses">Means so far in this epoch, "loss" first.</param>
/// <param name="SamplesPerSecond">Rows learned from a second.</param>
/// <param name="Left">Time left, or null while nothing is known of it.</param>
public sealed record StepProgress(
    int Epoch,
    int Epochs,
    double Fraction,
    IReadOnlyDictionary<string, double> Losses,
    double SamplesPerSecond,
    TimeSpan? Left
);
