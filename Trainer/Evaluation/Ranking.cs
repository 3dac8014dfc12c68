namespace Latent.Trainer.Evaluation;

/// <summary>How well a score ranks the rows of one of two labels, the rarer unless said otherwise, above the others.</summary>
/// <param name="Positive">The label that counts as positive.</param>
/// <param name="Negative">The other one.</param>
/// <param name="Positives">Rows with the positive label.</param>
/// <param name="Rows">All rows.</param>
/// <param name="Roc">False and true positive rates as the threshold falls, from (0, 0) to (1, 1).</param>
/// <param name="PrecisionRecall">Recalls and precisions as the threshold falls, a step where more positives are found.</param>
/// <param name="Auroc">Area under the ROC curve: how probably a positive row scores above a negative one, ties counted half.</param>
/// <param name="AveragePrecision">Area under the steps of precision over recall.</param>
internal sealed record Ranking(
    string Positive,
    string Negative,
    int Positives,
    int Rows,
    IReadOnlyList<(double X, double Y)> Roc,
    IReadOnlyList<(double X, double Y)> PrecisionRecall,
    double Auroc,
    double AveragePrecision
)
{
    /// <summary>Average precision of scores drawn at random, for many rows: the share of positives.</summary>
    public double Chance => (double)Positives / Rows;

    /// <summary>Ranks rows, the highest score first.</summary>
    /// <param name="scores">One score a row, finite.</param>
    /// <param name="labels">One label a row.</param>
    /// <param name="positive">The label that counts as positive; null for the rarer one.</param>
    /// <returns>Null unless there are two labels; of two equally frequent ones the later by name is the positive.</returns>
    public static Ranking? Of(IReadOnlyList<float> scores, IReadOnlyList<string> labels, string? positive = null)
    {
        var counts = labels.CountBy(label => label).OrderBy(c => c.Value).ThenByDescending(c => c.Key, StringComparer.Ordinal).ToList();
        if (counts.Count != 2)
            return null;
        positive ??= counts[0].Key;
        if (counts[1].Key == positive)
            counts.Reverse();
        var (positives, negatives) = ((double)counts[0].Value, (double)counts[1].Value);
        var (roc, precisionRecall) = (new List<(double X, double Y)> { (0, 0) }, new List<(double X, double Y)>());
        var (found, wrong, area, precision) = (0, 0, 0.0, 0.0);
        // Rows of equal scores are on one side of every threshold.
        foreach (var tied in Enumerable.Range(0, scores.Count).GroupBy(i => scores[i]).OrderByDescending(group => group.Key))
        {
            var hits = tied.Count(i => labels[i] == positive);
            var misses = tied.Count() - hits;
            area += misses / negatives * (found + (hits / 2.0)) / positives;
            found += hits;
            wrong += misses;
            // A point further along the same vertical or horizontal line takes the place of the last.
            if (roc.Count > 1 && (hits == 0 || misses == 0) && (hits == 0 ? roc[^1].Y == roc[^2].Y : roc[^1].X == roc[^2].X))
                roc.RemoveAt(roc.Count - 1);
            roc.Add((wrong / negatives, found / positives));
            if (hits == 0)
                continue;
            var height = (double)found / (found + wrong);
            precisionRecall.Add(((found - hits) / positives, height));
            precisionRecall.Add((found / positives, height));
            precision += hits / positives * height;
        }

        return new(positive, counts[1].Key, counts[0].Value, labels.Count, roc, precisionRecall, area, precision);
    }
}
