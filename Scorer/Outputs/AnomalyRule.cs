using System.Globalization;
using Latent.CommandLine;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Outputs;

/// <summary>Decides which scores are those of anomalies.</summary>
/// <param name="Threshold">The score from which on rows are anomalies.</param>
/// <param name="AlarmRate">The share of normal rows that are called anomalies; null if the threshold was given.</param>
/// <param name="OfNormals">
/// Whether that share is of rows that are normal by their labels, rather than of rows like the held-out ones.
/// </param>
internal sealed record AnomalyRule(double Threshold, double? AlarmRate, bool OfNormals)
{
    // Scores are 32-bit floats: one that was read off an output is a threshold that its own row reaches.
    private readonly float _threshold = (float)Threshold;

    /// <summary>Finds the rule that the settings, or the defaults, give for a model.</summary>
    /// <returns>The rule; null if nothing gives one.</returns>
    /// <exception cref="Contracts.LatentException">The model has no scores, or too few, to set a threshold by.</exception>
    public static AnomalyRule? Of(ScoreSettings settings, LatentBundle bundle)
    {
        var scores = bundle.Manifest.Scores;
        if (settings.Threshold is { } threshold)
            return new AnomalyRule(threshold, null, OfNormals: false);
        var given = settings.AlarmRate ?? settings.Contamination;
        if (scores is null)
        {
            var needs =
                settings.AlarmRate is not null ? "--alarm-rate needs"
                : settings.Contamination is not null ? "--contamination needs"
                : settings.OnlyAnomalies ? "--only-anomalies needs a threshold, and so"
                : null;
            return needs is null
                ? null
                : throw new UsageException(
                    $"{needs} the scores of held-out rows, which the bundle {bundle.Name} doesn't have; --threshold gives a score instead."
                );
        }

        if (settings.Contamination is { } share && scores.IsLabelled)
        {
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--contamination is {share}, a share of rows with anomalies among them, but the held-out rows of the bundle {bundle.Name} are normal by their labels; --alarm-rate says which share of such rows is called anomalies."
                )
            );
        }

        // What was not asked for is not refused: few held-out rows have a larger share at least.
        var rate = given ?? scores.UsualAlarmRate();
        return new AnomalyRule(scores.Threshold(rate), rate, scores.IsLabelled);
    }

    /// <summary>Tells whether a score is that of an anomaly: it is not below the threshold, or no number.</summary>
    public bool IsAnomaly(float score) => !(score < _threshold);

    /// <summary>Describes the rule, such as "score of at least 4.21, an alarm in 1% of normal rows".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"score of at least {Threshold:G6}")
        + (
            AlarmRate is { } rate
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $", which {100 * rate:G3}% of {(OfNormals ? "normal" : "held-out")} rows have"
                )
                : ""
        );
}
