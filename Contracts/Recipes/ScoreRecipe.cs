using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Describes the anomaly score of a table's rows: the sum of what reconstruction and density say, each divided by its median over rows that
/// were not learned from.
/// </summary>
public sealed record ScoreRecipe
{
    /// <summary>
    /// Weight of the reconstruction: the root of the mean over a row's columns of their errors, each as a multiple of its usual one.
    /// </summary>
    /// <value>The default is 1.</value>
    [Range(0d, 1e12)]
    public double ReconstructionWeight { get; init; } = 1;

    /// <summary>Weight of the density: the distance from what was learned.</summary>
    /// <value>The default is 1.</value>
    [Range(0d, 1e12)]
    public double DensityWeight { get; init; } = 1;

    /// <summary>What the distance is.</summary>
    /// <value>The default is <see cref="DensityKind.None"/>.</value>
    public DensityKind Density { get; init; } = DensityKind.None;

    /// <summary>nearestCodes and nearestRows: over how many of the nearest the distance is averaged.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 100)]
    public int Neighbors { get; init; } = 2;

    /// <summary>
    /// nearestCodes and nearestRows: how many points stand for the training rows at most, which are their k-means; fewer where rows are
    /// wide.
    /// </summary>
    /// <value>The default is 2000.</value>
    [Range(1, 1_000_000)]
    public int Prototypes { get; init; } = 2000;
}

/// <summary>Specifies the distance that an anomaly score adds to the reconstruction.</summary>
public enum DensityKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>Mahalanobis distance of the code from the mean code of the training rows.</summary>
    Mahalanobis,

    /// <summary>
    /// Mean distance of the code from the nearest points that stand for codes of training rows, in standard deviations of each code
    /// dimension.
    /// </summary>
    NearestCodes,

    /// <summary>Mean distance of the row from the nearest points that stand for training rows, in model units.</summary>
    NearestRows,
}
