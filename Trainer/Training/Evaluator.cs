using Latent.Trainer.Data;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>Evaluates the objective on rows that are not trained on, with the same draws every time.</summary>
internal static class Evaluator
{
    /// <summary>Computes means over rows of the loss and its terms, "loss" first; the KL term has its full weight.</summary>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    public static IReadOnlyDictionary<string, double> Evaluate(TrainingSession session, Minibatches rows, CancellationToken stop = default)
    {
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
        return sums.Means;
    }
}
