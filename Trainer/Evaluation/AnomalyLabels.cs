using Latent.Data.Tables;

namespace Latent.Trainer.Evaluation;

/// <summary>Tells by labels which rows are anomalies.</summary>
internal static class AnomalyLabels
{
    /// <summary>Finds out what labels say.</summary>
    /// <param name="labels">The labels of all rows.</param>
    /// <param name="normal">The label of normal rows, where a recipe names one (data.trainOnLabel); null: labels say it themselves.</param>
    /// <returns>
    /// Whether a row of a label is an anomaly, and null where the label doesn't tell; null if labels tell of no anomaly or of no other row.
    /// Labels tell by yes and no, such as 1 and 0; of two other labels the rarer is that of anomalies.
    /// </returns>
    public static Func<string, bool?>? Rule(IReadOnlyList<string> labels, string? normal = null)
    {
        if (normal is not null)
            return Tells(label => label != normal);
        if (labels.Any(label => Truth.Of(label) is not null))
            return Tells(label => Truth.Of(label));
        var counts = labels.CountBy(label => label).OrderBy(c => c.Value).ThenByDescending(c => c.Key, StringComparer.Ordinal).ToList();
        return counts.Count == 2 ? label => label == counts[0].Key : null;

        Func<string, bool?>? Tells(Func<string, bool?> rule) =>
            labels.Any(label => rule(label) == true) && labels.Any(label => rule(label) == false) ? rule : null;
    }

    /// <summary>Gets the one label of anomalies, where there are two labels and they tell; else null.</summary>
    /// <param name="labels">The labels of all rows.</param>
    /// <param name="normal">See <see cref="Rule"/>.</param>
    public static string? Positive(IReadOnlyList<string> labels, string? normal = null) =>
        Rule(labels, normal) is { } rule ? labels.First(label => rule(label) == true) : null;
}
