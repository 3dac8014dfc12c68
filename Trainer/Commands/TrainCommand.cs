using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Data.Rows;
using Latent.Trainer.Data;
using Latent.Trainer.Engines;
using Latent.Trainer.Mpi;
using Latent.Trainer.Progress;
using Latent.Trainer.Runs;
using Latent.Trainer.Training;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Trains a recipe and prints its progress and a summary.</summary>
internal static class TrainCommand
{
    /// <summary>Checks what can be checked without data and engine.</summary>
    /// <param name="settings">The command line's settings.</param>
    /// <returns>The recipe, and the options of its run.</returns>
    /// <exception cref="LatentException">The recipe or an option is wrong, or the output folder has a finished bundle.</exception>
    public static (Recipe Recipe, RunOptions Run) Check(TrainSettings settings)
    {
        var recipe = RecipeLibrary.Read(settings.Recipe, settings.AllAssignments);
        if (settings.Epochs is not null && recipe.Schedule.Kind == ScheduleKind.BurdaStages)
        {
            throw new UsageException(
                "--epochs: the schedule burdaStages sets the number of epochs; use --set schedule.scale=X to shorten or lengthen it."
            );
        }

        if (settings.Data is not null && recipe.Data.Source == DataSourceKind.Digits)
        {
            throw new UsageException(
                $"--data: the recipe {recipe.Name} draws its own digits; use --set data.source=idx (or npy, csv, images) to read data."
            );
        }

        var run = new RunOptions
        {
            Output = settings.Output ?? Path.Combine("artifacts", recipe.Name),
            Resume = settings.Resume,
            Force = settings.Force,
            Threads = settings.Threads,
            Device = settings.Device,
        };
        // Whether the bundle of a resumed run is finished depends on the data.
        if (!run.Resume)
            TrainingRun.RefuseFinished(run);
        return (recipe, run);
    }

    public static int Run(TrainSettings settings, IAnsiConsole console, Ranks ranks)
    {
        if (!ranks.IsFirst)
            settings = settings with { Quiet = true };
        var (recipe, run) = Check(settings);
        using var stop = new StopSignals();
        Say($"{recipe.Name}: reading the data");
        var leftOut = new List<SkippedInput>();
        var data = Interruptible.Run(() => DataLoader.Load(recipe, null, leftOut, stop.Token), stop.Token);
        Say(
            FormattableString.Invariant(
                $"{recipe.Name}: {data.Train.Count:N0} training, {data.Validation?.Count ?? 0:N0} validation and {data.Test?.Count ?? 0:N0} test rows"
            )
        );
        if (data.Train.Input.Table is { } columns && !settings.Quiet)
            console.Write(ColumnTable.Of(columns));
        Say($"{recipe.Name}: training with {Engine.Name}");
        if (!settings.Quiet)
        {
            var input = data.Train.Input;
            console.Write(LayerTable.Of(LayerSummary.Of(recipe, input), input.NetworkShape(), recipe.Ensemble));
        }

        var result =
            settings.Quiet ? Train(new QuietDisplay())
            : console.Profile.Capabilities is { Interactive: true, Ansi: true } && !Console.IsOutputRedirected
                ? BarDisplay.During(console, Train)
            : Train(new LineDisplay(Console.Out));
        if (!ranks.IsFirst)
            return ExitCodes.Done;
        if (result.Bundle is null)
        {
            Console.Error.WriteLine($"Stopped after step {result.Steps} and saved a checkpoint; add --resume to continue.");
            return ExitCodes.Interrupted;
        }

        if (!settings.Quiet)
        {
            RunSummary.Print(console, result.Bundle, result.Manifest!);
            if (!Engine.IsManaged && settings.Device == "cpu")
                Say("Tip: on a CPU, --engine managed needs less memory and often less time.");
        }

        if (leftOut.Count == 0)
            return ExitCodes.Done;
        var inputs = leftOut.Count == 1 ? "input was" : "inputs were";
        Console.Error.WriteLine($"{leftOut.Count} {inputs} skipped; see {SkippedFile.Save(run.Output, leftOut)}.");
        return ExitCodes.Skipped;

        RunResult Train(ITrainingDisplay display) =>
            TrainingRun.Execute(recipe, data, run with { Display = display, Ranks = ranks }, stop.Token);

        void Say(string text)
        {
            if (!settings.Quiet)
                console.Profile.Out.Writer.WriteLine(Printable.Of(text));
        }
    }
}
