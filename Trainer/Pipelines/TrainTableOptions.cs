using Latent.Contracts.Recipes;
using Latent.Trainer.Runs;

namespace Latent;

/// <summary>Represents the options of <see cref="LatentTrainingExtensions.TrainTable"/>.</summary>
public sealed class TrainTableOptions
{
    /// <summary>
    /// Gets or sets the columns to learn from; null for all scalar columns of numbers, text, booleans, keys and dates besides
    /// <see cref="LabelColumn"/>.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IReadOnlyList<string>? Columns { get; set; }

    /// <summary>
    /// Gets or sets the column of labels, which is not learned: if its values say yes and no (true, 1), the rows with yes are anomalies and
    /// are not learned either. Null if there are no labels.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? LabelColumn { get; set; }

    /// <summary>Gets or sets the recipe, whose data.table must be given; null for the recipe "table" that comes with the trainer.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public Recipe? Recipe { get; set; }

    /// <summary>Gets or sets the columns that the trained transformer adds, and what it calls an anomaly.</summary>
    /// <value>The default adds Score, PredictedLabel (whether the row is an anomaly), PValue and Explanation.</value>
    public ScoreOptions Score { get; set; } =
        new()
        {
            IsAnomalyColumn = "PredictedLabel",
            PValueColumn = "PValue",
            ExplanationColumn = "Explanation",
        };

    /// <summary>Gets or sets where the bundle is left, and other options of the run.</summary>
    public required RunOptions Run { get; set; }

    /// <summary>Gets or sets the engine that trains.</summary>
    /// <value>
    /// The default is <see cref="EngineKind.Auto"/>: the engine named by the variable LATENT_ENGINE, else libtorch if it loads, else the
    /// managed engine.
    /// </value>
    public EngineKind Engine { get; set; }
}
