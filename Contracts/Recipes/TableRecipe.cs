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

    /// <summary>
    /// Gives the model the logarithm, beside the number, of gaussian columns with a skewness of more than this size; null: of none.
    /// </summary>
    /// <value>The default is 2.</value>
    [Range(0d, 1e12)]
    public double? LogAboveSkewness { get; init; } = 2;

    /// <summary>
    /// Largest size of a number in model units, to which larger ones are clipped; null: the larger of 10 and √(2(n + 1)) for n training
    /// rows.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0d, 1e12, MinimumIsExclusive = true)]
    public double? Clip { get; init; }

    /// <summary>Largest number of levels of a column of words; rarer words count as unseen.</summary>
    /// <value>The default is 500.</value>
    [Range(2, 100_000)]
    public int MaxLevels { get; init; } = 500;

    /// <summary>How the encoder gets words; the decoder gives a logit for each level either way.</summary>
    /// <value>The default is <see cref="WordEncoding.OneHot"/>.</value>
    public WordEncoding Categories { get; init; } = WordEncoding.OneHot;

    /// <summary>Encodings of columns of words by name; others have that of <see cref="Categories"/>.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public IReadOnlyDictionary<string, WordEncoding>? Encodings { get; init; }

    /// <summary>
    /// Number of values that are learned for a word with an embedding; null: half the number of its column's levels, rounded up, at most
    /// 50.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, MaxEmbeddingWidth)]
    public int? EmbeddingWidth { get; init; }

    internal const int MaxEmbeddingWidth = 4096;

    internal int EmbeddingWidthOf(int levels) => EmbeddingWidth ?? Math.Min(UsualMaxWidth, (levels + 1) / 2);

    private const int UsualMaxWidth = 50;
}

/// <summary>Specifies how the encoder gets the words of a table's column.</summary>
public enum WordEncoding
{
    /// <summary>As one unit for each level, of which one is 1.</summary>
    OneHot,

    /// <summary>As a few values that are learned for each level, and for missing and unseen words.</summary>
    Embedding,
}

/// <summary>Specifies how numbers of a table are brought to one unit.</summary>
public enum NumberScaling
{
    /// <summary>Less the mean, divided by the standard deviation.</summary>
    Standard,

    /// <summary>
    /// Less the median, divided by the distance between the quartiles over 1.349, the standard deviation of a normal one.
    /// </summary>
    Robust,

    /// <summary>To the quantiles of a standard normal distribution, piecewise linearly.</summary>
    RankGauss,
}
