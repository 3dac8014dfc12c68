namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Score(LatentBundle, ScoreOptions)"/>.</summary>
public sealed class ScoreOptions : LatentTransformOptions
{
    /// <summary>
    /// Gets or sets the column for the row's anomaly score: the reconstruction error at the mean code plus, for variational bundles, the
    /// KL, whatever the recipe's objective.beta (the negative ELBO in nats where the bundle's error is a summed likelihood). Null leaves it
    /// out.
    /// </summary>
    /// <value>The default is "Score".</value>
    public string? ScoreColumn { get; set; } = "Score";

    /// <summary>Gets or sets the column for the reconstruction error without the KL; null leaves it out.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? ReconstructionErrorColumn { get; set; }

    /// <summary>Gets or sets the column for KL(q(z|x) || N(0, I)) in nats, for variational bundles only; null leaves it out.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? KlColumn { get; set; }

    /// <summary>
    /// Gets or sets the column for the squared error of each feature, in squares of the data's own units; null leaves it out.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? FeatureErrorsColumn { get; set; }
}
