namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Score(LatentBundle, ScoreOptions)"/>.</summary>
public sealed class ScoreOptions : LatentTransformOptions
{
    /// <summary>
    /// Gets or sets the column for the row's anomaly score: the reconstruction error at the mean code plus, for variational bundles, the
    /// KL, whatever the recipe's objective.beta (the negative ELBO in nats where the bundle's error is a summed likelihood). For a table
    /// with columns of several kinds it is the graph's own: how much worse than usual the columns are reconstructed. Null leaves it out.
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
    /// Gets or sets the column for the squared error of each feature, in squares of the data's own units; for a table with columns of
    /// several kinds, the error of each column as a multiple of its usual one (0 where the cell is missing), with the columns' names as
    /// slot names. Null leaves it out.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? FeatureErrorsColumn { get; set; }

    /// <summary>
    /// Gets or sets the Boolean column for whether the row is an anomaly: its score is at least the threshold, or not finite. Null leaves
    /// it out.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? IsAnomalyColumn { get; set; }

    /// <summary>
    /// Gets or sets the share of normal rows that <see cref="IsAnomalyColumn"/> takes for anomalies, above 0 and below 1, by the scores of
    /// held-out rows in the bundle; null if there is a <see cref="Threshold"/>, and for 0.01.
    /// </summary>
    /// <value>
    /// The default is <see langword="null"/>, which stands for 0.01 or, with fewer than 99 held-out rows, one in as many and one more.
    /// </value>
    public double? AlarmRate { get; set; }

    /// <summary>
    /// Gets or sets the score from which on <see cref="IsAnomalyColumn"/> takes a row for an anomaly; null if <see cref="AlarmRate"/>
    /// decides.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public double? Threshold { get; set; }

    /// <summary>
    /// Gets or sets the column for the share of normal rows with a score at least as high, from 1 / (held-out rows + 1) to 1; NaN if the
    /// score is. Null leaves it out.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? PValueColumn { get; set; }

    /// <summary>
    /// Gets or sets the column for a text that names the columns with the largest errors, the value of each, the one that the model
    /// expected and the share of the row's error, such as "fare = 512.3, expected 30.1 (62%); deck = Z (unseen), expected C (20%)", for a
    /// table with columns of several kinds only. Columns with less than 1% are left out. Null leaves the column out.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? ExplanationColumn { get; set; }

    /// <summary>Gets or sets the largest number of columns that an explanation names, at least 1.</summary>
    /// <value>The default is 3.</value>
    public int Explanations { get; set; } = 3;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Explanations, 1);
        if (AlarmRate is not null && Threshold is not null)
            throw new ArgumentException($"AlarmRate is {AlarmRate} and Threshold is {Threshold}; only one of them can decide.");
        if (AlarmRate is { } rate && !(rate > 0 && rate < 1))
            throw new ArgumentOutOfRangeException(nameof(AlarmRate), rate, "The alarm rate must be above 0 and below 1.");
        if (Threshold is { } threshold && double.IsNaN(threshold))
            throw new ArgumentOutOfRangeException(nameof(Threshold), threshold, "The threshold must be a number.");
    }
}
