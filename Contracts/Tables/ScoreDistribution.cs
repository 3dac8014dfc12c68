namespace Latent.Contracts.Tables;

/// <summary>Represents the distribution of a model's anomaly score over held-out normal rows, by which single scores are judged.</summary>
public sealed record ScoreDistribution
{
    /// <summary>The share of normal rows that are called anomalies unless something else is asked for.</summary>
    public const double DefaultAlarmRate = 0.01;

    /// <summary>
    /// Gets the alarm rate where none is asked for: <see cref="DefaultAlarmRate"/>, or the smallest that so few rows can tell.
    /// </summary>
    public double UsualAlarmRate() => Math.Max(DefaultAlarmRate, Math.BitIncrement(1.0 / (Rows + 1)));

    /// <summary>Gets the number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets whether labels told that the rows are normal; if not, a few may be anomalies.</summary>
    public bool IsLabelled { get; init; }

    /// <summary>Gets probabilities, ascending from 0 to 1.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>Gets the scores below which these shares of the rows lie, ascending.</summary>
    public required IReadOnlyList<double> Quantiles { get; init; }

    /// <summary>
    /// Computes the share of normal rows whose score is at least as high, counting the row itself, so that no p-value is 0 (Vovk et al.
    /// 2005, conformal p-value).
    /// </summary>
    /// <param name="score">The score.</param>
    /// <returns>From 1 / (rows + 1) to 1; NaN if the score is NaN.</returns>
    public double PValue(double score)
    {
        if (double.IsNaN(score))
            return double.NaN;
        return (1 + (Rows * (1 - Below(score)))) / (Rows + 1);
    }

    /// <summary>Computes the score from which on rows are anomalies, so that a share of normal rows is called so.</summary>
    /// <param name="alarmRate">The share, above 0 and below 1.</param>
    /// <exception cref="LatentException">There are too few rows to tell.</exception>
    public double Threshold(double alarmRate)
    {
        if (alarmRate * (Rows + 1) < 1)
        {
            throw new LatentException(
                FormattableString.Invariant(
                    $"An alarm rate of {alarmRate} needs at least {Math.Ceiling(1 / alarmRate) - 1:N0} held-out normal rows, but the model has the scores of {Rows:N0}; a threshold can be given instead."
                )
            );
        }

        // Less by more than sums of shares are rounded by.
        var share = 1 - (((alarmRate * (Rows + 1)) - 1) / Rows) - 1e-12;
        var at = 1;
        while (at < Probabilities.Count - 1 && Probabilities[at] < share)
            at++;
        var (from, to) = (After(at - 1), Probabilities[at]);
        var part = to > from ? Math.Clamp((share - from) / (to - from), 0, 1) : 0;
        return Math.Max(Math.BitIncrement(Quantiles[at - 1]), Quantiles[at - 1] + (part * (Quantiles[at] - Quantiles[at - 1])));
    }

    // The share of rows with a lower score.
    private double Below(double score)
    {
        if (score <= Quantiles[0])
            return 0;
        if (score > Quantiles[^1])
            return 1;
        var (low, high) = (0, Quantiles.Count - 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Quantiles[middle] < score)
                low = middle;
            else
                high = middle;
        }

        var part = score < Quantiles[high] ? (score - Quantiles[low]) / (Quantiles[high] - Quantiles[low]) : 1;
        return After(low) + (part * (Probabilities[high] - After(low)));
    }

    // The share of rows that are not above a quantile: between neighbouring rows it stays the same.
    private double After(int quantile) => Math.Min(Probabilities[quantile] + (1.0 / Rows), Probabilities[quantile + 1]);
}
