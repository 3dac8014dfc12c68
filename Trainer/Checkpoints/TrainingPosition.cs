namespace Latent.Trainer.Checkpoints;

/// <summary>Represents the position of training.</summary>
public sealed record TrainingPosition
{
    /// <summary>Gets the number of steps made.</summary>
    public long Step { get; init; }

    /// <summary>Gets the number of complete epochs made.</summary>
    public int Epoch { get; init; }

    /// <summary>Gets the number of steps made of the next epoch.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>Gets the seconds of training, all sessions together.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the part of <see cref="Seconds"/> that belongs to the current epoch.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Gets the number of rows of the current epoch that were trained on.</summary>
    public long EpochRows { get; init; }

    /// <summary>Gets the sums over those rows of the loss and its terms.</summary>
    public IReadOnlyDictionary<string, double> EpochSums { get; init; } = new Dictionary<string, double>();

    /// <summary>Gets the best validation loss so far, or null.</summary>
    public double? BestLoss { get; init; }

    /// <summary>Gets the epoch that ended with the best validation loss.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Gets the number of bytes of the log that belong to complete epochs.</summary>
    public long LogBytes { get; init; }

    /// <summary>Gets whether training has ended and only the export is missing.</summary>
    public bool Finished { get; init; }
}
