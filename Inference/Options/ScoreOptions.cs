namespace Latent;

/// <summary>Options of <see cref="LatentCatalog.Score(LatentBundle, ScoreOptions)"/>.</summary>
public sealed class ScoreOptions : LatentTransformOptions
{
    /// <summary>
    /// Column for the row's anomaly score: the reconstruction error at the mean code and, of variational bundles, the KL added, whatever the
    /// recipe's objective.beta (the negative ELBO in nats where the bundle's error is a summed likelihood). "Score" by default; null leaves it out.
    /// </summary>
    public string? ScoreColumn { get; set; } = "Score";

    /// <summary>Column for the reconstruction error alone; null (the default) leaves it out.</summary>
    public string? ReconstructionErrorColumn { get; set; }

    /// <summary>Column for KL(q(z|x) || N(0, I)) in nats, of variational bundles only; null (the default) leaves it out.</summary>
    public string? KlColumn { get; set; }

    /// <summary>Column for the squared error of each feature, in squares of the data's own units; null (the default) leaves it out.</summary>
    public string? FeatureErrorsColumn { get; set; }
}
