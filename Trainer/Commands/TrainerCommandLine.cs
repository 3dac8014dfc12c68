using System.CommandLine;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Trainer.Engines;
using Latent.Trainer.Mpi;
using Latent.Trainer.Runs;
using Latent.Trainer.Training;
using static Latent.CommandLine.OptionFactory;

namespace Latent.Trainer.Commands;

/// <summary>Defines Trainer's commands, arguments and options, and runs them.</summary>
internal static class TrainerCommandLine
{
    private const string Description = "Trains an autoencoder from a recipe and exports it as a bundle of ONNX graphs.";
    private const string BundleDescription = "Folder of the bundle.";

    /// <summary>Runs the program.</summary>
    /// <param name="args">Arguments of the process.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args) =>
        Ranks.Leave(
            CommandRunner.Run(
                Root(args),
                args,
                "Stopped before training began; nothing was written.",
                "a smaller data.count or --batch-size"
            )
        );

    /// <summary>Runs the commands of the installed tool that train.</summary>
    /// <param name="args">Arguments of the process, of which the first is a command.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int RunTool(string[] args) =>
        Ranks.Leave(
            CommandRunner.Run(
                ToolRoot(args),
                args,
                "Stopped before training began; nothing was written.",
                "a smaller data.count or --batch-size"
            )
        );

    /// <summary>Makes the program's commands.</summary>
    /// <param name="args">Arguments of the process, which the managed engine is given again.</param>
    public static RootCommand Root(string[] args)
    {
        var root = new RootCommand(Description);
        AddTraining(root, args, nameof(Run), [.. Commands(args, nameof(Run)).Select(command => command.Name)]);
        foreach (var command in Commands(args, nameof(Run)))
            root.Add(command);
        HelpWithExamples.AddTo(root, Examples.ByCommand);
        return root;
    }

    /// <summary>Makes the commands of the installed tool, in which training is one of them.</summary>
    /// <param name="args">Arguments of the process, which the managed engine is given again.</param>
    public static RootCommand ToolRoot(string[] args)
    {
        var train = new Command("train", Description);
        AddTraining(train, args, nameof(RunTool), []);
        var root = new RootCommand(Description) { train };
        foreach (var command in Commands(args, nameof(RunTool)))
            root.Add(command);
        HelpWithExamples.AddTo(root, Examples.ByCommand);
        return root;
    }

    private static void AddTraining(Command command, string[] args, string entry, string[] commands)
    {
        TrainOptions.AddTo(command);
        command.SetAction(parsed =>
        {
            var settings = TrainOptions.Settings(parsed);
            return parsed.GetValue(TrainOptions.Mpi) ? AmongRanks(Train) : Train(Ranks.Single);

            int Train(Ranks ranks)
            {
                RecipeLibrary.PathOf(settings.Recipe, commands);
                // Loading an engine takes a second: what is wrong without it is reported first.
                TrainCommand.Check(settings);
                return OnEngine(args, entry, parsed, settings.Device, () => TrainCommand.Run(settings, Terminal.Open(), ranks));
            }
        });
    }

    private static int AmongRanks(Func<Ranks, int> run)
    {
        // mpirun gives its processes a terminal even where it writes to a file.
        Environment.SetEnvironmentVariable("TERM", "dumb");
        var ranks = Ranks.Join();
        try
        {
            var code = run(ranks);
            ranks.IsDone = true;
            return code;
        }
        catch (Exception e) when (!ranks.IsFirst)
        {
            // What is wrong for all is said once, by the first, which ends the others meanwhile.
            Thread.Sleep(1000);
            throw e is LatentException ? new LatentException($"Rank {ranks.Rank} of {ranks.Count}: {e.Message}", e) : e;
        }
    }

    private static Command[] Commands(string[] args, string entry) =>
        [List(), Show(), Report(args, entry), Evaluate(args, entry), Sampler(args, entry), Draw(), Compare(), Sweep(args, entry)];

    // With the managed engine the whole command line runs again in a second copy of the program: TorchSharp's types can't be passed to it.
    private static int OnEngine(string[] args, string entry, ParseResult parsed, string device, Func<int> run)
    {
        Action<string> say = parsed.GetValue(TrainOptions.Quiet) || parsed.GetValue(TrainOptions.Mpi) ? _ => { } : Console.Out.WriteLine;
        var managed = EngineChoice.IsManaged(parsed.GetValue(TrainOptions.Engine), device, say);
        if (managed && !Engine.IsManaged)
            return ManagedEngine.Call<int>(typeof(TrainerCommandLine), entry, [args]);
        if (parsed.GetValue(TrainOptions.Verbose))
            Console.Out.WriteLine($"Engine: {Engine.Name}{(Libtorch.Note is { } note ? $"; {note}" : "")}.");
        return run();
    }

    private static Command List()
    {
        var command = new Command("list", "Lists all recipes.");
        command.SetAction(_ => ListCommand.Run(Terminal.Open()));
        return command;
    }

    private static Command Show()
    {
        var recipe = new Argument<string>("RECIPE") { Description = TrainOptions.RecipeDescription };
        var command = new Command("show", "Shows a recipe with all its defaults, and the layers of its model.")
        {
            recipe,
            TrainOptions.Set,
        };
        command.SetAction(parsed =>
            ShowCommand.Run(parsed.GetRequiredValue(recipe), parsed.GetValue(TrainOptions.Set) ?? [], Terminal.Open())
        );
        return command;
    }

    private static Command Report(string[] args, string entry)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = BundleDescription };
        var data = new Option<string?>("--data") { Description = TrainOptions.DataDescription, HelpName = "PATH" };
        var command = new Command("report", "Writes the report of a bundle again and recomputes the metrics of its held-out rows.")
        {
            bundle,
            data,
            TrainOptions.Engine,
        };
        command.SetAction(parsed =>
            OnEngine(
                args,
                entry,
                parsed,
                "cpu",
                () => ReportCommand.Run(parsed.GetRequiredValue(bundle), parsed.GetValue(data), Terminal.Open())
            )
        );
        return command;
    }

    private static Command Evaluate(string[] args, string entry)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "Folder of a table's bundle, or of a variational one." };
        var data = new Option<string?>("--data") { Description = TrainOptions.DataDescription, HelpName = "PATH" };
        var label = new Option<string?>("--label")
        {
            Description = "Tables: column of labels, 1 for anomalies [default: the one given for training].",
            HelpName = "COL",
        };
        var top = WholeNumber("--top", "Tables: also gives the share of anomalies among so many rows of the highest scores.", 1);
        var samples = WholeNumber("--samples", "Likelihoods: importance samples per row [default: 5000].", 1);
        var count = WholeNumber("--count", "Likelihoods: number of rows, starting at the first held-out row [default: all].", 2);
        var codeRows = WholeNumber(
            "--code-rows",
            "Codes: held-out rows whose codes are judged, and labelled training rows to learn from, at most [default: 2000].",
            2
        );
        var threads = WholeNumber("--threads", TrainOptions.Threads.Description!, 1, Machine.MaxThreads);
        var graphs = new Option<bool>("--graphs")
        {
            Description = "Likelihoods: evaluates nothing but the exported graphs in ONNX Runtime instead of the engine's model.",
        };
        var command = new Command(
            "evaluate",
            "Measures how well a table's score finds anomalies; of other bundles the likelihood of held-out rows, what codes say of rows and labels, and reconstructions beside those of a PCA; of denoisers the PSNR of test images or, with --data FOLDER, of pictures of any size. It adds the metrics to the bundle's manifest, unless --graphs, --count or other data are given."
        )
        {
            bundle,
            data,
            label,
            top,
            samples,
            count,
            codeRows,
            threads,
            graphs,
            TrainOptions.Engine,
        };
        command.SetAction(parsed =>
        {
            var settings = new EvaluateSettings
            {
                Bundle = parsed.GetRequiredValue(bundle),
                Data = parsed.GetValue(data),
                Label = parsed.GetValue(label),
                Top = (int?)parsed.GetValue(top),
                Samples = (int?)parsed.GetValue(samples),
                Count = (int?)parsed.GetValue(count),
                CodeRows = (int?)parsed.GetValue(codeRows),
                Threads = (int?)parsed.GetValue(threads),
                Graphs = parsed.GetValue(graphs),
            };
            return OnEngine(args, entry, parsed, "cpu", () => EvaluateCommand.Run(settings, Terminal.Open()));
        });
        return command;
    }

    private static Command Sampler(string[] args, string entry)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = BundleDescription };
        var data = new Option<string?>("--data") { Description = TrainOptions.DataDescription, HelpName = "PATH" };
        var kind = Choice("--kind", "Distribution to fit.", [.. Enum.GetValues<SamplerKind>().Select(kind => RecipeNames.Of(kind))]);
        kind.Required = true;
        var threads = WholeNumber("--threads", TrainOptions.Threads.Description!, 1, Machine.MaxThreads);
        var set = new Option<string[]>("--set")
        {
            Description = "Sets a key of the sampler, such as sampler.components=50; may be repeated.",
            HelpName = "KEY=VALUE",
        };
        var command = new Command(
            "sampler",
            "Fits a distribution to the codes of a bundle's training rows, from which new rows are then generated, and adds it to the bundle."
        )
        {
            bundle,
            kind,
            data,
            set,
            threads,
            TrainOptions.Engine,
            TrainOptions.Quiet,
        };
        command.SetAction(parsed =>
        {
            var settings = new SamplerSettings
            {
                Bundle = parsed.GetRequiredValue(bundle),
                Kind = parsed.GetValue(kind)!,
                Data = parsed.GetValue(data),
                Assignments = parsed.GetValue(set) ?? [],
                Threads = (int?)parsed.GetValue(threads),
                Quiet = parsed.GetValue(TrainOptions.Quiet),
            };
            return OnEngine(args, entry, parsed, "cpu", () => SamplerCommand.Run(settings, Console.Out));
        });
        return command;
    }

    private static Command Draw()
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "Folder of a variational bundle of images." };
        var what = ChoiceArgument(
            "WHAT",
            "prior-sample, prior-mean, posterior (of held-out inputs) or mean (of the code given by --code).",
            DrawCommand.Names
        );
        var code = new Option<string?>("--code") { Description = "Latent code whose mean is drawn, such as 0.5,-1.", HelpName = "Z,…" };
        var label = new Option<string?>("--label")
        {
            Description = "Label to draw with, of a bundle with a condition [default: each in turn].",
            HelpName = "LABEL",
        };
        var data = new Option<string?>("--data") { Description = TrainOptions.DataDescription, HelpName = "PATH" };
        var count = WholeNumber("--count", "Number of samples or inputs [default: 10].", 1, 10_000);
        var seed = WholeNumber("--seed", "Seed of the samples [default: 1].", 0, long.MaxValue);
        var file = new Option<string>("--output")
        {
            Description = "PNG file to write.",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command("draw", "Draws images from a variational bundle's prior or posterior.")
        {
            bundle,
            what,
            code,
            label,
            data,
            count,
            seed,
            file,
        };
        command.SetAction(parsed =>
            DrawCommand.Run(
                parsed.GetRequiredValue(bundle),
                parsed.GetRequiredValue(what),
                parsed.GetValue(code),
                parsed.GetValue(label),
                parsed.GetValue(data),
                (int)(parsed.GetValue(count) ?? 10),
                parsed.GetValue(seed) ?? 1,
                parsed.GetRequiredValue(file),
                Console.Out
            )
        );
        return command;
    }

    private static Command Compare()
    {
        var bundles = new Argument<string[]>("BUNDLE")
        {
            Description = "Folders of bundles, or the folder of a sweep.",
            Arity = ArgumentArity.OneOrMore,
        };
        var page = new Option<string?>("--page")
        {
            Description = "Markdown page whose tables and curves are updated, instead of printing a table.",
            HelpName = "FILE",
        };
        var command = new Command("compare", "Prints the metrics of bundles side by side, or the ranking of a sweep, as a Markdown table.")
        {
            bundles,
            page,
        };
        command.SetAction(parsed => CompareCommand.Run(parsed.GetRequiredValue(bundles), parsed.GetValue(page), Console.Out));
        return command;
    }

    private static Command Sweep(string[] args, string entry)
    {
        var command = SweepOptions.Command();
        command.SetAction(parsed =>
        {
            var settings = SweepOptions.Settings(parsed);
            // Loading an engine takes a second: what is wrong without it is reported first.
            SweepCommand.Check(settings);
            return OnEngine(args, entry, parsed, settings.Run.Device, () => SweepCommand.Run(settings, Console.Out));
        });
        return command;
    }
}
