using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes how long to train, in what portions, and when to stop.</summary>
public sealed record TrainingRecipe
{
    /// <summary>Epochs: passes over the training rows, or as many as <see cref="MinStepsPerEpoch"/> asks for.</summary>
    /// <value>The default is 10.</value>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 10;

    /// <summary>Steps after which training ends with the epoch, whatever <see cref="Epochs"/> says; null: no limit.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, int.MaxValue)]
    public int? MaxSteps { get; init; }

    /// <summary>Steps of an epoch, at least: where the training rows make fewer, an epoch passes over them several times.</summary>
    /// <value>The default is 1.</value>
    [Range(1, 1_000_000)]
    public int MinStepsPerEpoch { get; init; } = 1;

    /// <summary>Rows of a minibatch.</summary>
    /// <value>The default is 128.</value>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 128;

    /// <summary>Seed of everything random.</summary>
    /// <value>The default is 1.</value>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// Epochs without a better validation loss after which training stops, not counting those of objective.warmUpEpochs; null: never.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, int.MaxValue)]
    public int? Patience { get; init; }

    /// <summary>Exports the weights with the best validation loss rather than the last.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool KeepBest { get; init; }

    /// <summary>Seconds between checkpoints; one is also made at the end of every epoch that lasts longer than a second.</summary>
    /// <value>The default is 60.</value>
    [Range(0d, 1e12)]
    public double CheckpointSeconds { get; init; } = 60;

    /// <summary>
    /// Seconds between lines with -ELBO of the minibatch at hand (of plain autoencoders its reconstruction term); null: no such lines.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0d, 1e12)]
    public double? LineSeconds { get; init; }
}
