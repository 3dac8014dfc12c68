using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>How long, in what portions, and when to stop.</summary>
public sealed record TrainingRecipe
{
    /// <summary>Passes over the training rows.</summary>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 10;

    /// <summary>Rows of a minibatch.</summary>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 128;

    /// <summary>Seed of everything random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Epochs without a better validation loss after which training stops; null: never.</summary>
    [Range(1, int.MaxValue)]
    public int? Patience { get; init; }

    /// <summary>Exports the weights with the best validation loss rather than the last.</summary>
    public bool KeepBest { get; init; }

    /// <summary>Seconds between checkpoints; one is also made at the end of every epoch that lasts longer than a second.</summary>
    [Range(0d, 1e12)]
    public double CheckpointSeconds { get; init; } = 60;

    /// <summary>
    /// Seconds between lines with -ELBO of the minibatch at hand (of plain autoencoders its reconstruction term); null: no such lines.
    /// </summary>
    [Range(0d, 1e12)]
    public double? LineSeconds { get; init; }
}
