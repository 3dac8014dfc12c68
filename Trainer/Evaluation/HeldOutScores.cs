using Latent.Contracts.Tables;
using Latent.Data.Tables;
using Latent.Models;
using Latent.Models.Tables;
using Latent.Trainer.Data;

namespace Latent.Trainer.Evaluation;

/// <summary>Computes the distribution of a table's anomaly score over held-out normal rows.</summary>
internal static class HeldOutScores
{
    private const int MaxQuantiles = 1000;

    // Of the highest scores, by which thresholds are set, all are kept.
    private const int Tail = 200;

    /// <summary>Computes the distribution.</summary>
    /// <param name="model">The trained model, in eval mode and on the CPU.</param>
    /// <param name="score">Its score.</param>
    /// <param name="data">The rows; validation and test rows whose labels don't say otherwise are normal.</param>
    /// <param name="stop">Cancels it.</param>
    public static ScoreDistribution Of(Autoencoder model, AnomalyScore score, DataSplits data, CancellationToken stop)
    {
        DataSet?[] sets = data.HasHeldOut ? [data.Validation, data.Test] : [data.Train];
        var scores = new List<float>();
        var labelled = false;
        foreach (var rows in sets)
        {
            if (rows is null)
                continue;
            var all = ScoreFit.Scores(model, score, rows, areLearned: !data.HasHeldOut, stop);
            for (var row = 0; row < rows.Count; row++)
            {
                var truth = rows.Labels is null ? null : Truth.Of(rows.Labels[row]);
                labelled |= truth is not null;
                if (truth != true && float.IsFinite(all[row]))
                    scores.Add(all[row]);
            }
        }

        if (scores.Count == 0)
            throw new Latent.Contracts.LatentException("No held-out row is normal by its label; scores have nothing to be compared with.");
        scores.Sort();
        return Of(scores, labelled);
    }

    private static ScoreDistribution Of(List<float> sorted, bool labelled)
    {
        var last = sorted.Count - 1;
        var body = Enumerable.Range(0, MaxQuantiles).Select(i => (int)((long)i * last / (MaxQuantiles - 1)));
        var tail = Enumerable.Range(Math.Max(0, sorted.Count - Tail), Math.Min(Tail, sorted.Count));
        int[] places = [.. body.Concat(tail).Append(0).Distinct().Order()];
        if (places.Length == 1)
            places = [0, 0];
        // A row's own score lies below this share of the others.
        return new ScoreDistribution
        {
            Rows = sorted.Count,
            IsLabelled = labelled,
            Probabilities = [.. places.Select((place, i) => i == places.Length - 1 ? 1.0 : (double)place / sorted.Count)],
            Quantiles = [.. places.Select(place => (double)sorted[place])],
        };
    }
}
