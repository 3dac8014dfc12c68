using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;
using Latent.Data.Rows;
using Latent.Trainer.Data;
using Latent.Trainer.Progress;
using Latent.Trainer.Runs;
using Latent.Trainer.Training;

namespace Latent.Trainer.Sweeps;

/// <summary>Trains the runs of a sweep one after the other; what is finished stays, and what was begun is continued.</summary>
/// <param name="plan">The runs.</param>
/// <param name="folder">The sweep's folder, which gets a bundle of each run.</param>
/// <param name="threads">Number of threads; null for the engine's own choice.</param>
/// <param name="device">The device.</param>
/// <param name="say">Is told how it goes, in lines.</param>
/// <param name="stop">When cancelled, a checkpoint of the current run is saved.</param>
internal sealed class Sweep(SweepPlan plan, string folder, int? threads, string device, Action<string> say, CancellationToken stop)
{
    /// <summary>Trains the runs of a part of the sweep to the end.</summary>
    /// <returns>Whether all of them have ended; false if it was stopped.</returns>
    public bool Train(Shard part)
    {
        SweepRun[] runs = [.. plan.Runs.Where((_, i) => i % part.Count == part.Index - 1)];
        return runs.Index().All(run => Train(run.Item, null, $"{run.Index + 1} of {runs.Length}"));
    }

    /// <summary>Trains by successive halving: the losers of each round stay where they are.</summary>
    /// <returns>Whether it has ended; false if it was stopped.</returns>
    public bool TrainByHalving()
    {
        var recipe = plan.RecipeOf(plan.Runs[0]);
        if (
            recipe.Schedule.Kind == ScheduleKind.BurdaStages
            || plan.Runs.Any(run => plan.RecipeOf(run).Training.Epochs != recipe.Training.Epochs)
        )
        {
            throw new LatentException("--halving needs the same training.epochs for all runs, and another schedule than burdaStages.");
        }

        SweepRun[] runs = [.. plan.Runs];
        foreach (var (round, (epochs, count)) in SweepBudgets.Of(runs.Length, recipe.Training.Epochs, plan.Eta!.Value).Index())
        {
            runs = [.. runs.Take(count)];
            var isLast = epochs == recipe.Training.Epochs;
            say($"Round {round + 1}: {runs.Length} {(runs.Length == 1 ? "run" : "runs")} to {(isLast ? "the end" : $"epoch {epochs}")}");
            if (!runs.Index().All(run => Train(run.Item, isLast ? null : epochs, $"{run.Index + 1} of {runs.Length}")))
                return false;
            // Of equal losses, the first run's is the better; the order of the next round is that of the losses.
            runs = [.. runs.OrderBy(run => SweepState.Of(folder, run).Loss(plan.RecipeOf(run).Training.KeepBest, epochs))];
        }

        return true;
    }

    // Null trains to the end; otherwise training pauses after so many epochs.
    private bool Train(SweepRun run, int? epochs, string place)
    {
        stop.ThrowIfCancellationRequested();
        var state = SweepState.Of(folder, run);
        if (state.HasEnded || state.Epoch >= epochs)
            return true;
        say($"{run}, {place}: {(state.Epoch == 0 ? "training" : $"continuing after epoch {state.Epoch}")}");
        var recipe = plan.RecipeOf(run);
        var data = Interruptible.Run(() => DataLoader.Load(recipe, null, [], stop), stop);
        if (data.Validation is null)
            throw new LatentException("A sweep ranks its runs by their validation rows; set data.validation above 0.");
        var options = new RunOptions
        {
            Output = Path.Combine(folder, run.Name),
            Resume = true,
            Threads = threads,
            Device = device,
            Display = new QuietDisplay(),
            PauseAfter = epochs,
        };
        try
        {
            var result = TrainingRun.Execute(recipe, data, options, stop);
            if (result.Bundle is null && stop.IsCancellationRequested)
                return false;
        }
        catch (LatentException e) when (e.InnerException is DivergenceException)
        {
            // It would diverge again: the others are trained, and this one is listed as failed.
            AtomicFile.WriteText(SweepState.FailurePath(folder, run), e.Message + "\n");
            say($"{run.Name}: {e.Message}");
            return true;
        }

        state = SweepState.Of(folder, run);
        say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Name}: validation loss {MetricFormat.Loss(state.Loss(recipe.Training.KeepBest))} after {state.Epoch} epochs"
            )
        );
        return true;
    }
}
