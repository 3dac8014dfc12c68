using Latent.Contracts.Training;

namespace Latent.Trainer.Training;

/// <summary>Represents the end of an epoch for listeners.</summary>
internal sealed class EpochEnd
{
    /// <summary>Gets or sets the record of the epoch so far.</summary>
    public required EpochRecord Record { get; set; }

    /// <summary>Gets the seconds that the epoch's steps took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the token that cancels work on the epoch's record.</summary>
    public required CancellationToken Stop { get; init; }
}
