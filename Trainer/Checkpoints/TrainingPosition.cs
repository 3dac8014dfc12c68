namespace Latent.Trainer.Checkpoints;

/// <summary>Where training stands.</summary>
public sealed record TrainingPosition
{
    /// <summary>Steps made.</summary>
    public long Step { get; init; }

    /// <summary>Whole epochs made.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps made of the next epoch.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>Seconds of training, all sessions together.</summary>
    public double Seconds { get; init; }

    /// <summary>Of <see cref="Seconds"/>, those of the epoch under way.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Rows of the epoch under way that were learned from.</summary>
    public long EpochRows { get; init; }

    /// <summary>Sums over those rows of the loss and its terms.</summary>
    public IReadOnlyDictionary<string, double> EpochSums { get; init; } = new Dictionary<string, double>();

    /// <summary>The best validation loss so far, or null.</summary>
    public double? BestLoss { get; init; }

    /// <summary>Epoch that ended with it.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Bytes of the log that belong to the whole epochs made.</summary>
    public long LogBytes { get; init; }

    /// <summary>Whether training is over and only the export is missing.</summary>
    public bool Finished { get; init; }
}
