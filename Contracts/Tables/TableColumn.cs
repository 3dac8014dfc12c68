namespace Latent.Contracts.Tables;

/// <summary>Describes a column of a table and its distribution in the model.</summary>
public sealed record TableColumn
{
    /// <summary>Gets the column's name; its position as text if the table names none.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the column's position in the training table, from 0.</summary>
    public required int Position { get; init; }

    /// <summary>Gets the column's kind.</summary>
    public required TableColumnKind Kind { get; init; }

    /// <summary>Gets the distribution of the column given the code.</summary>
    public ColumnLikelihood Likelihood { get; init; } = ColumnLikelihood.Gaussian;

    /// <summary>Gets the words of a column of words, the most frequent first; null for a column of numbers.</summary>
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>
    /// Gets the number of values that are learned for each level and given to the encoder; null: the encoder gets one unit per level.
    /// </summary>
    public int? EmbeddingWidth { get; init; }

    /// <summary>
    /// Gets the time that numbers of a date-time column count days from, a Monday at midnight, such as 2019-02-25T00:00:00.
    /// </summary>
    public DateTime? Origin { get; init; }

    /// <summary>Gets whether the training rows have missing cells; the model is then told of them.</summary>
    public bool HasMissing { get; init; }

    /// <summary>Gets the least number of the training rows.</summary>
    public double? Min { get; init; }

    /// <summary>Gets the largest number of the training rows.</summary>
    public double? Max { get; init; }

    /// <summary>Gets the conversion of numbers to model units; null for columns of words.</summary>
    public NumberTransform? Transform { get; init; }

    /// <summary>Gets the conversion of a skewed column's numbers to a second unit, a logarithmic one; null for other columns.</summary>
    public NumberTransform? Log { get; init; }

    /// <summary>
    /// Gets the weight of the column's error in the loss: 1 divided by the error of a model that knows only how often the column has each
    /// value.
    /// </summary>
    public double Weight { get; init; } = 1;
}

/// <summary>Converts numbers to model units, y = clip((f(x) - offset) · factor), and back.</summary>
public sealed record NumberTransform
{
    /// <summary>
    /// Gets the scale s of f(x) = sign(x - <see cref="LogShift"/>) · ln(1 + |x - <see cref="LogShift"/>| / s), which straightens skewed
    /// columns; null for f(x) = x.
    /// </summary>
    public double? LogScale { get; init; }

    /// <summary>Gets the number that the logarithm counts from.</summary>
    public double LogShift { get; init; }

    /// <summary>Gets what is subtracted after f.</summary>
    public double Offset { get; init; }

    /// <summary>Gets the factor that follows; not 0.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>
    /// Gets the knots of a piecewise linear map of what <see cref="Factor"/> gives, ascending; null for none. It continues its first and
    /// last segment beyond them.
    /// </summary>
    public IReadOnlyList<double>? Knots { get; init; }

    /// <summary>Gets the values at the knots, ascending.</summary>
    public IReadOnlyList<double>? Values { get; init; }

    /// <summary>Gets the largest size of a value in model units.</summary>
    public double Clip { get; init; } = 1e6;

    /// <summary>Converts a number to model units.</summary>
    /// <param name="x">The number, in the column's own unit.</param>
    public double Forward(double x)
    {
        var shifted = x - LogShift;
        var y = LogScale is { } scale ? Math.Sign(shifted) * Math.Log(1 + (Math.Abs(shifted) / scale)) : x;
        y = (y - Offset) * Factor;
        return Math.Clamp(Knots is null ? y : Between(Knots, Values!, y), -Clip, Clip);
    }

    /// <summary>Converts model units to a number in the column's own unit.</summary>
    /// <param name="y">The value in model units.</param>
    public double Inverse(double y)
    {
        var x = ((Knots is null ? y : Between(Values!, Knots, y)) / Factor) + Offset;
        return LogScale is { } scale ? LogShift + (Math.Sign(x) * scale * (Math.Exp(Math.Abs(x)) - 1)) : x;
    }

    private static double Between(IReadOnlyList<double> from, IReadOnlyList<double> to, double x)
    {
        var segment = 0;
        while (segment < from.Count - 2 && x > from[segment + 1])
            segment++;
        return to[segment] + ((x - from[segment]) / (from[segment + 1] - from[segment]) * (to[segment + 1] - to[segment]));
    }
}

/// <summary>Specifies what a table's column holds.</summary>
public enum TableColumnKind
{
    /// <summary>Numbers with fractions.</summary>
    Number,

    /// <summary>Whole numbers.</summary>
    Integer,

    /// <summary>Yes or no, as words or as 1 and 0.</summary>
    Boolean,

    /// <summary>One of a few words or codes.</summary>
    Category,

    /// <summary>Dates, with or without times.</summary>
    DateTime,

    /// <summary>A value of its own in every row, from which nothing can be learned; left out.</summary>
    Identifier,

    /// <summary>Texts of many words; left out.</summary>
    Text,

    /// <summary>The same in every row; left out.</summary>
    Constant,
}

/// <summary>Specifies the distribution of a column given the code. Its negative log-likelihood is the column's error.</summary>
public enum ColumnLikelihood
{
    /// <summary>Normal with the variance of the column: squared error in model units.</summary>
    Gaussian,

    /// <summary>Normal with one learned variance per column.</summary>
    LearnedGaussian,

    /// <summary>Student's t with three degrees of freedom, for heavy tails: 2·ln(1 + e²/3) of the error e in model units.</summary>
    StudentT,

    /// <summary>Laplace: absolute error in model units.</summary>
    Laplace,

    /// <summary>Squared error up to 1, linear beyond (Huber 1964), in model units.</summary>
    Huber,

    /// <summary>Poisson, for counts: half the deviance.</summary>
    Poisson,

    /// <summary>Bernoulli, for 0 and 1: cross-entropy.</summary>
    Bernoulli,

    /// <summary>Categorical, for words: cross-entropy.</summary>
    Categorical,
}
