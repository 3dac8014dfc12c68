using System.Runtime.InteropServices;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Data.Rows;
using Latent.Trainer.Data;
using Latent.Trainer.Engines;
using Latent.Trainer.Progress;
using Latent.Trainer.Runs;
using Latent.Trainer.Training;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Trains a recipe and says how it went.</summary>
internal static class TrainCommand
{
    /// <summary>Refuses what needs neither data nor an engine to be refused.</summary>
    /// <returns>The recipe, and how it is to be run.</returns>
    public static (Recipe Recipe, RunOptions Run) Check(TrainSettings settings)
    {
        var recipe = RecipeLibrary.Read(settings.Recipe, settings.AllAssignments);
        if (settings.Epochs is not null && recipe.Schedule.Kind == ScheduleKind.BurdaStages)
            throw new UsageException("--epochs: the schedule burdaStages sets the number of epochs; --set schedule.scale=X makes it shorter or longer.");
        if (settings.Data is not null && recipe.Data.Source == DataSourceKind.Digits)
            throw new UsageException($"--data: the recipe {recipe.Name} draws its own digits; --set data.source=idx (or npy, csv, images) reads data.");
        var run = new RunOptions
        {
            Output = settings.Output ?? Path.Combine("artifacts", recipe.Name),
            Resume = settings.Resume,
            Force = settings.Force,
            Threads = settings.Threads,
            Device = settings.Device,
        };
        // Whether a bundle is finished that is to be resumed only the data tell.
        if (!run.Resume)
            TrainingRun.RefuseFinished(run);
        return (recipe, run);
    }

    public static int Run(TrainSettings settings, IAnsiConsole console)
    {
        var (recipe, run) = Check(settings);
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        Say($"{recipe.Name}: reading the data");
        var leftOut = new List<SkippedInput>();
        var data = Interruptible.Run(() => DataLoader.Load(recipe, leftOut, stop.Token), stop.Token);
        Say($"{recipe.Name}: {data.Train.Count} rows to learn from, {data.Validation?.Count ?? 0} for validation, {data.Test?.Count ?? 0} for testing; {Engine.Name}");
        if (!settings.Quiet)
            console.Write(LayerTable.Of(recipe, data.Train.Input.Shape));
        var result = settings.Quiet ? Train(new QuietDisplay())
            : console.Profile.Capabilities is { Interactive: true, Ansi: true } && !Console.IsOutputRedirected ? BarDisplay.During(console, Train)
            : Train(new LineDisplay(Console.Out));
        if (result.Bundle is null)
        {
            Console.Error.WriteLine($"Stopped after step {result.Steps}; a checkpoint is saved. The same command with --resume continues.");
            return ExitCodes.Interrupted;
        }

        if (!settings.Quiet)
        {
            RunSummary.Print(console, result.Bundle, result.Manifest!);
            if (!Engine.IsManaged && settings.Device == "cpu")
                Say("On a processor, --engine managed trains the same model in less memory, and most models in less time.");
        }

        if (leftOut.Count == 0)
            return ExitCodes.Done;
        Console.Error.WriteLine($"{leftOut.Count} {(leftOut.Count == 1 ? "input was" : "inputs were")} left out, listed in {SkippedFile.Save(run.Output, leftOut)}.");
        return ExitCodes.Skipped;

        RunResult Train(ITrainingDisplay display) => TrainingRun.Execute(recipe, data, run with { Display = display }, stop.Token);

        void Say(string text)
        {
            if (!settings.Quiet)
                console.Profile.Out.Writer.WriteLine(Printable.Of(text));
        }

        // The first signal lets the step finish; a second one ends the process as usual.
        void Stop(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
