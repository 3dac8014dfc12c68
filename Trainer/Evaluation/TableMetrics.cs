namespace Latent.Trainer.Evaluation;

/// <summary>Computes figures of a table's scores on test rows, for the manifest.</summary>
internal static class TableMetrics
{
    /// <summary>Computes AUROC and average precision.</summary>
    /// <param name="scores">The score of each test row.</param>
    /// <param name="labels">The label of each test row.</param>
    /// <returns>"test.auroc" and "test.average_precision"; nothing where labels don't tell of anomalies and of other rows.</returns>
    public static IEnumerable<(string Name, double Value)> Of(float[] scores, string[] labels)
    {
        if (AnomalyLabels.Rule(labels) is not { } rule)
            return [];
        int[] told = [.. Enumerable.Range(0, labels.Length).Where(row => rule(labels[row]) is not null)];
        var ranking = Ranking.Of(
            [.. told.Select(row => scores[row])],
            [.. told.Select(row => rule(labels[row]) == true ? "1" : "0")],
            "1"
        )!;
        return [("test.auroc", ranking.Auroc), ("test.average_precision", ranking.AveragePrecision)];
    }
}
