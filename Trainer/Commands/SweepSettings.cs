using Latent.Data.Rows;

namespace Latent.Trainer.Commands;

/// <summary>Settings of a sweep, from the command line.</summary>
internal sealed record SweepSettings
{
    /// <summary>Gets the settings of every run; its assignments are those with several values.</summary>
    public required TrainSettings Run { get; init; }

    /// <summary>Gets the sweep's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the part of the runs that is trained here; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>Gets the number of combinations to draw; null for the grid.</summary>
    public int? Random { get; init; }

    /// <summary>Gets the seed of the draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Gets the factor of successive halving; null for none.</summary>
    public int? Eta { get; init; }
}
