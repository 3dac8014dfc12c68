using System.Globalization;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Training;
using Latent.Trainer.Training.Listeners;
using TorchSharp;

namespace Latent.Benchmarks;

/// <summary>
/// Measures how near the weights that early stopping keeps come to the best of any epoch, which only labels could choose.
/// </summary>
internal static class StoppingBenchmark
{
    /// <summary>Measures tables.</summary>
    /// <param name="page">The page that the results are written to.</param>
    /// <param name="files">The tables, whose last column is 1 for anomalies and 0 for others; none: cardio.</param>
    /// <param name="seeds">Number of seeds.</param>
    public static void Run(Markdown page, string[] files, int seeds)
    {
        page.Heading("Early stopping")
            .Text(
                "The recipe `table` by the same protocol, but trained on to the last epoch that it allows, and scored after every one. Kept: AUROC of the weights that the recipe keeps, by the validation loss of rows without labels. Best: that of the best of all epochs by the labels of the test rows."
            );
        var lines = new List<string[]>();
        foreach (var path in files.Length == 0 ? ["../shared/data/adbench/6_cardio.csv"] : files)
        {
            var table = LabelledTable.Read(path);
            for (var seed = 0; seed < seeds; seed++)
            {
                var (auroc, kept) = Measure(table, seed);
                var best = auroc.IndexOf(auroc.Max());
                lines.Add([
                    table.Name,
                    Text(seed),
                    Four(auroc[kept - 1]),
                    Text(kept),
                    Four(auroc[best]),
                    Text(best + 1),
                    Four(auroc[best] - auroc[kept - 1]),
                    Four(auroc[^1]),
                    Text(auroc.Count),
                ]);
            }
        }

        page.Table(["table", "seed", "kept", "its epoch", "best", "its epoch", "lost", "last", "its epoch"], lines);
    }

    private static (List<double> Auroc, int Kept) Measure(LabelledTable table, int seed)
    {
        var (unresolved, data) = table.Halved(seed);
        var recipe = LayerShapes.Resolve(unresolved, data.Train.Input.NetworkShape());
        using var session = new TrainingSession(recipe, data.Train, torch.CPU);
        using var validation = new ValidationLosses(session, data.Validation!);
        var best = new BestWeights(null, 0);
        var trace = new Trace(best, data, recipe.Training.Patience!.Value);
        using var loop = new TrainingLoop(session, data.Train, new(), validation, best, trace);
        loop.Run(default);
        return (trace.Auroc, trace.Kept ?? best.Epoch);
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private sealed class Trace(BestWeights best, DataSplits data, int patience) : ITrainingListener
    {
        public List<double> Auroc { get; } = [];

        public int? Kept { get; private set; }

        public void EpochEnded(TrainingLoop loop, EpochEnd epoch)
        {
            var (model, test) = (loop.Session.Model, data.Test!);
            model.eval();
            var scores = ScoreFit.Scores(model, ScoreFit.Of(model, data, default), test, areLearned: false, default);
            model.train();
            Auroc.Add(Ranking.Of(scores, test.Labels!, LabelledTable.Anomaly(test))!.Auroc);
            if (epoch.Record.Epoch - best.Epoch >= patience)
                Kept ??= best.Epoch;
        }
    }
}
