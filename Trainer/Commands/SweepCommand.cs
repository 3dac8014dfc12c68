using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Data.Rows;
using Latent.Trainer.Sweeps;

namespace Latent.Trainer.Commands;

/// <summary>Trains a recipe with several values of its keys, and ranks the results.</summary>
internal static class SweepCommand
{
    /// <summary>Checks what can be checked without data and engine.</summary>
    /// <exception cref="LatentException">The recipe or an option is wrong.</exception>
    public static SweepPlan Check(SweepSettings settings)
    {
        if (settings is { Eta: not null, Shard: not null })
        {
            throw new UsageException("--halving chooses among all runs, so that they can't be divided by --shard; leave one of them out.");
        }

        var common = (settings.Run with { Assignments = [] }).AllAssignments;
        return SweepPlan.Of(settings.Run.Recipe, settings.Run.Assignments, common, settings.Random, settings.Seed, settings.Eta);
    }

    public static int Run(SweepSettings settings, TextWriter output)
    {
        var plan = Check(settings);
        try
        {
            Directory.CreateDirectory(settings.Folder);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(settings.Folder, e);
        }

        plan.WriteOrCompare(settings.Folder);
        using var stop = new StopSignals();
        var sweep = new Sweep(plan, settings.Folder, settings.Run.Threads, settings.Run.Device, Say, stop.Token);
        var hasEnded = false;
        try
        {
            hasEnded = plan.Eta is null ? sweep.Train(settings.Shard ?? Shard.Whole) : sweep.TrainByHalving();
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Between two runs, nothing needs to be saved.
        }

        if (!hasEnded)
        {
            Console.Error.WriteLine("Stopped; the same command continues the sweep.");
            return ExitCodes.Interrupted;
        }

        var ranking = SweepRanking.Of(plan, settings.Folder);
        // Of the tasks of an array, the last to end shows the whole.
        if (settings.Shard is not null && ranking.Runs.Any(run => !run.State.HasEnded))
            return ExitCodes.Done;
        return Show(ranking, settings.Folder, settings.Run.Quiet ? TextWriter.Null : output);

        void Say(string text)
        {
            if (!settings.Run.Quiet)
                output.WriteLine(Printable.Of(text));
        }
    }

    /// <summary>Prints the ranking of a sweep, and writes the page with its learning curves.</summary>
    /// <returns>One of <see cref="ExitCodes"/>: a failed run makes the sweep a failed one.</returns>
    public static int Show(SweepRanking ranking, string folder, TextWriter output)
    {
        output.Write(Printable.Lines(ranking.ToMarkdown()));
        output.WriteLine(Printable.Of($"Learning curves: {SweepPage.Write(ranking, folder)}"));
        if (ranking.Runs.FirstOrDefault(run => run.State.Failure is not null).State is not { } failed)
            return ExitCodes.Done;
        var count = ranking.Runs.Count(run => run.State.Failure is not null);
        throw new LatentException(
            $"{count} of {ranking.Runs.Count} runs failed, the first because: {failed.Failure!.TrimEnd('.')}; without {SweepState.FailurePath(folder, failed.Run)} it is trained again."
        );
    }
}
