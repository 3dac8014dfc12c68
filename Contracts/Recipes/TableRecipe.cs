using System.ComponentModel.DataAnnotations;
using Latent.Contracts.Tables;

namespace Latent.Contracts.Recipes;

/// <summary>Describes how a table's columns, of any kind, become a model's units.</summary>
public sealed record TableRecipe
{
    /// <summary>Kinds of columns by name, where the one found from the values is not right.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IReadOnlyDictionary<string, TableColumnKind>? Kinds { get; init; }

    /// <summary>
    /// Likelihoods of columns by name; others have gaussian, categorical (words) or bernoulli (0 and 1).
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IReadOnlyDictionary<string, ColumnLikelihood>? Likelihoods { get; init; }

    /// <summary>How numbers are brought to one unit.</summary>
    /// <value>The default is <see cref="NumberScaling.Standard"/>.</value>
    public NumberScaling Scaling { get; init; } = NumberScaling.Standard;

    /// <summary>Takes the logarithm of columns with a skewness above this; null: of none.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0d, 1e12)]
    public double? LogAboveSkewness { get; init; }

    /// <summary>Largest size of a number in model units; larger ones are clipped.</summary>
    /// <value>The default is 1e6.</value>
    [Range(0d, 1e12, MinimumIsExclusive = true)]
    public double Clip { get; init; } = 1e6;

    /// <summary>Largest number of levels of a column of words; rarer words count as unseen.</summary>
    /// <value>The default is 500.</value>
    [Range(2, 100_000)]
    public int MaxLevels { get; init; } = 500;
}

/// <summary>Specifies how numbers of a table are brought to one unit.</summary>
public enum NumberScaling
{
    /// <summary>Less the mean, divided by the standard deviation.</summary>
    Standard,

    /// <summary>Less the median, divided by the distance between the quartiles over 1.349, the standard deviation of a normal one.</summary>
    Robust,

    /// <summary>To the quantiles of a standard normal distribution, piecewise linearly.</summary>
    RankGauss,
}
