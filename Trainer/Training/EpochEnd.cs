using Latent.Contracts.Training;

namespace Latent.Trainer.Training;

/// <summary>The end of an epoch, as listeners are told of it.</summary>
internal sealed class EpochEnd
{
    /// <summary>Gets or sets what is known of the epoch so far.</summary>
    public required EpochRecord Record { get; set; }

    /// <summary>Gets the seconds that the epoch's steps took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets what ends work on the epoch's record.</summary>
    public required CancellationToken Stop { get; init; }
}
