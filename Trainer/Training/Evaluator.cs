using Latent.Trainer.Data;
using Latent.Trainer.Mpi;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>Evaluates the objective on rows that are not trained on, with the same draws every time.</summary>
internal static class Evaluator
{
    /// <summary>Computes means over rows of the loss and its terms, "loss" first; the KL term has its full weight.</summary>
    /// <param name="session">The session whose model is evaluated.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="stop">Cancels the evaluation.</param>
    /// <param name="among">The processes that divide the minibatches among them, and all get the means; null for this one only.</param>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    public static IReadOnlyDictionary<string, double> Evaluate(
        TrainingSession session,
        Minibatches rows,
        CancellationToken stop = default,
        Ranks? among = null
    )
    {
        var ranks = among ?? Ranks.Single;
        var (recipe, model) = (session.Recipe, session.Model);
        using var _ = no_grad();
        using var generator = new Generator(0, session.Device);
        using var sums = new RunningLosses();
        var training = model.training;
        model.eval();
        try
        {
            for (var (first, batch) = (0, 0); first < rows.Count; first += recipe.Training.BatchSize, batch++)
            {
                if (batch % ranks.Count != ranks.Rank)
                    continue;
                // What is divided must be ended by all.
                if (ranks.Count == 1)
                    stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var count = Math.Min(recipe.Training.BatchSize, rows.Count - first);
                var seed = new SeededRandom(recipe.Training.Seed, SeededRandom.Purpose.Evaluation, batch).NextSeed();
                generator.manual_seed(seed);
                var (input, target) = rows.Take(first, count, generator);
                sums.Add(batch, count, session.Objective.Evaluate(model, input, target, generator));
            }
        }
        finally
        {
            model.train(training);
        }

        sums.Collect();
        sums.SumOver(ranks);
        return sums.Means;
    }
}
