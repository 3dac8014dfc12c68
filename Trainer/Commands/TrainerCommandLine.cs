using System.CommandLine;
using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
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
    private const string DataDescription = "File (CSV, Parquet, Arrow, NPY or IDX) or folder of the data.";
    private const string BundleDescription = "Folder of the bundle.";
    private const string RecipeDescription = "Name of a recipe, or path of a recipe's JSON file.";

    private static readonly Argument<string> s_recipe = new("RECIPE")
    {
        Description = RecipeDescription,
        DefaultValueFactory = _ => RecipeLibrary.Default,
    };

    private static readonly Option<string?> s_data = new("--data") { Description = DataDescription, HelpName = "PATH" };
    private static readonly Option<string?> s_label = new("--label")
    {
        Description = "Column of labels, which is not learned; rows with 1, true or yes are anomalies, and are not learned either.",
        HelpName = "COL",
    };
    private static readonly Option<string?> s_from = new("--from")
    {
        Description = "Bundle whose weights training starts from [default: random weights].",
        HelpName = "BUNDLE",
    };
    private static readonly Option<string?> s_out = new("--out")
    {
        Description = "Folder of the bundle to write [default: artifacts/NAME].",
        HelpName = "DIR",
    };
    private static readonly Option<long?> s_epochs = WholeNumber("--epochs", "Number of epochs [default: the recipe's].", 1);
    private static readonly Option<long?> s_batchSize = WholeNumber("--batch-size", "Rows per minibatch [default: the recipe's].", 1);
    private static readonly Option<long?> s_seed = WholeNumber(
        "--seed",
        "Seed of all random numbers [default: the recipe's].",
        0,
        long.MaxValue
    );
    private static readonly Option<long?> s_threads = WholeNumber(
        "--threads",
        "Number of threads [default: all cores].",
        1,
        Machine.MaxThreads
    );
    private static readonly Option<string?> s_device = Parsed<string?>(
        "--device",
        "DEVICE",
        "Device to train on: cpu, cuda or cuda:N [default: cpu].",
        "cpu, cuda or cuda:N",
        IsDevice
    );
    private static readonly Option<string[]> s_set = new("--set")
    {
        Description = "Sets a key of the recipe, such as latent.dimension=5; may be repeated.",
        HelpName = "KEY=VALUE",
    };
    private static readonly Option<string?> s_onError = Choice(
        "--on-error",
        "What to do with a row or an image that can't be read [default: stop].",
        "stop",
        "skip"
    );
    private static readonly Option<bool> s_resume = new("--resume")
    {
        Description = "Continues an unfinished run from its last checkpoint; Ctrl-C saves one.",
    };
    private static readonly Option<bool> s_force = new("--force")
    {
        Description = "Replaces a finished bundle in the output folder once the new one is complete.",
    };
    private static readonly Option<bool> s_mpi = new("--mpi")
    {
        Description =
            "Trains in all processes that OpenMPI's mpirun or srun started, each on its slice of every minibatch; --threads is the number of each [default: its cores, divided among the processes that share them].",
    };
    private static readonly Option<bool> s_quiet = new("--quiet") { Description = "Prints only errors." };
    private static readonly Option<bool> s_verbose = new("--verbose") { Description = "Also prints how the engine was loaded." };
    private static readonly Option<EngineKind> s_engine = EngineOption();

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
        command.Add(s_recipe);
        foreach (
            var option in (Option[])
                [
                    s_data,
                    s_label,
                    s_from,
                    s_out,
                    s_epochs,
                    s_batchSize,
                    s_seed,
                    s_threads,
                    s_engine,
                    s_device,
                    s_set,
                    s_onError,
                    s_resume,
                    s_force,
                    s_mpi,
                    s_quiet,
                    s_verbose,
                ]
        )
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            var settings = Settings(parsed);
            return parsed.GetValue(s_mpi) ? AmongRanks(Train) : Train(Ranks.Single);

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
        [List(), Show(), Report(args, entry), Evaluate(args, entry), Draw(), Compare(), Sweep(args, entry)];

    // With the managed engine the whole command line runs again in a second copy of the program: TorchSharp's types can't be passed to it.
    private static int OnEngine(string[] args, string entry, ParseResult parsed, string device, Func<int> run)
    {
        Action<string> say = parsed.GetValue(s_quiet) || parsed.GetValue(s_mpi) ? _ => { } : Console.Out.WriteLine;
        var managed = EngineChoice.IsManaged(parsed.GetValue(s_engine), device, say);
        if (managed && !Engine.IsManaged)
            return ManagedEngine.Call<int>(typeof(TrainerCommandLine), entry, [args]);
        if (parsed.GetValue(s_verbose))
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
        var recipe = new Argument<string>("RECIPE") { Description = RecipeDescription };
        var command = new Command("show", "Shows a recipe with all its defaults, and the layers of its model.") { recipe, s_set };
        command.SetAction(parsed => ShowCommand.Run(parsed.GetRequiredValue(recipe), parsed.GetValue(s_set) ?? [], Terminal.Open()));
        return command;
    }

    private static Command Report(string[] args, string entry)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = BundleDescription };
        var data = new Option<string?>("--data") { Description = DataDescription, HelpName = "PATH" };
        var command = new Command("report", "Writes the report of a bundle again and recomputes the metrics of its held-out rows.")
        {
            bundle,
            data,
            s_engine,
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
        var data = new Option<string?>("--data") { Description = DataDescription, HelpName = "PATH" };
        var label = new Option<string?>("--label")
        {
            Description = "Tables: column of labels, 1 for anomalies [default: the one given for training].",
            HelpName = "COL",
        };
        var top = WholeNumber("--top", "Tables: also gives the share of anomalies among so many rows of the highest scores.", 1);
        var samples = WholeNumber("--samples", "Likelihoods: importance samples per row [default: 5000].", 1);
        var count = WholeNumber("--count", "Likelihoods: number of rows, starting at the first held-out row [default: all].", 2);
        var threads = WholeNumber("--threads", s_threads.Description!, 1, Machine.MaxThreads);
        var graphs = new Option<bool>("--graphs")
        {
            Description = "Likelihoods: evaluates the exported graphs in ONNX Runtime instead of the engine's model.",
        };
        var command = new Command(
            "evaluate",
            "Measures how well a table's score finds anomalies, or estimates the likelihood of held-out rows, and adds it to the bundle's manifest, unless --graphs, --count or other data are given."
        )
        {
            bundle,
            data,
            label,
            top,
            samples,
            count,
            threads,
            graphs,
            s_engine,
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
                Threads = (int?)parsed.GetValue(threads),
                Graphs = parsed.GetValue(graphs),
            };
            return OnEngine(args, entry, parsed, "cpu", () => EvaluateCommand.Run(settings, Terminal.Open()));
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
        var data = new Option<string?>("--data") { Description = DataDescription, HelpName = "PATH" };
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
        var recipe = new Argument<string>("RECIPE") { Description = RecipeDescription };
        var sets = new Option<string[]>("--set")
        {
            Description =
                "Values of a key of the recipe, such as latent.dimension=2,5,10, or with --random a range such as "
                + "optimizer.learningRate=1e-4..1e-2; repeated for several keys, whose combinations are trained.",
            HelpName = "KEY=A,B,…",
            Required = true,
        };
        var folder = new Option<string>("--out")
        {
            Description = "Folder of the sweep, which gets a bundle of each run, the ranking, and a page with the learning curves.",
            HelpName = "DIR",
            Required = true,
        };
        var shard = Parsed<string?>(
            "--shard",
            "I/N|auto",
            "Trains part I of N of the runs; auto takes I and N from a Slurm array, or I from an indexed Kubernetes job.",
            ArrayTask.Expected,
            ArrayTask.IsValue
        );
        var shards = WholeNumber("--shards", "Number of parts for --shard auto [default: the tasks of the Slurm array].", 1, 99_999);
        var random = WholeNumber("--random", "Draws N combinations instead of training all.", 1, 10_000);
        var seed = WholeNumber("--seed", "Seed of the draws; training.seed is that of the runs [default: 1].", 0, long.MaxValue);
        var halving = new Option<bool>("--halving")
        {
            Description = "Trains all runs for a few epochs, the better of them for --eta times as many, and so on to the recipe's epochs.",
        };
        var eta = WholeNumber("--eta", "With --halving: one run of so many goes on to the next round [default: 3].", 2, 100);
        var command = new Command(
            "sweep",
            "Trains a recipe with several values of its keys and ranks the runs by validation loss; the same command continues an interrupted sweep."
        )
        {
            recipe,
            sets,
            folder,
            s_data,
            s_label,
            s_from,
            s_epochs,
            s_batchSize,
            shard,
            shards,
            random,
            seed,
            halving,
            eta,
            s_threads,
            s_engine,
            s_device,
            s_onError,
            s_quiet,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(eta) is not null && !parsed.GetValue(halving))
                throw new UsageException("--eta is the factor of --halving, which must be given too.");
            var settings = new SweepSettings
            {
                Run = new TrainSettings
                {
                    Recipe = parsed.GetRequiredValue(recipe),
                    Data = parsed.GetValue(s_data),
                    Label = parsed.GetValue(s_label),
                    From = parsed.GetValue(s_from),
                    Epochs = parsed.GetValue(s_epochs),
                    BatchSize = parsed.GetValue(s_batchSize),
                    Threads = (int?)parsed.GetValue(s_threads),
                    Device = parsed.GetValue(s_device) ?? "cpu",
                    Assignments = parsed.GetRequiredValue(sets),
                    SkipErrors = parsed.GetValue(s_onError) == "skip",
                    Quiet = parsed.GetValue(s_quiet),
                },
                Folder = parsed.GetRequiredValue(folder),
                Shard = ArrayTask.Of(parsed.GetValue(shard), parsed.GetValue(shards)),
                Random = (int?)parsed.GetValue(random),
                Seed = parsed.GetValue(seed) ?? 1,
                Eta = parsed.GetValue(halving) ? (int)(parsed.GetValue(eta) ?? 3) : null,
            };
            // Loading an engine takes a second: what is wrong without it is reported first.
            SweepCommand.Check(settings);
            return OnEngine(args, entry, parsed, settings.Run.Device, () => SweepCommand.Run(settings, Console.Out));
        });
        return command;
    }

    private static TrainSettings Settings(ParseResult parsed) =>
        new()
        {
            Recipe = parsed.GetRequiredValue(s_recipe),
            Data = parsed.GetValue(s_data),
            Label = parsed.GetValue(s_label),
            From = parsed.GetValue(s_from),
            Output = parsed.GetValue(s_out),
            Epochs = parsed.GetValue(s_epochs),
            BatchSize = parsed.GetValue(s_batchSize),
            Seed = parsed.GetValue(s_seed),
            Threads = (int?)parsed.GetValue(s_threads),
            Device = parsed.GetValue(s_device) ?? "cpu",
            Assignments = parsed.GetValue(s_set) ?? [],
            SkipErrors = parsed.GetValue(s_onError) == "skip",
            Resume = parsed.GetValue(s_resume),
            Force = parsed.GetValue(s_force),
            Quiet = parsed.GetValue(s_quiet),
        };

    private static bool IsDevice(string text, out string? value)
    {
        value = text;
        return text is "cpu" or "cuda"
            || (
                text.StartsWith("cuda:", StringComparison.Ordinal)
                && byte.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            );
    }

    private static Option<EngineKind> EngineOption()
    {
        var option = Parsed<EngineKind>(
            "--engine",
            "ENGINE",
            $"auto, libtorch or managed; auto uses libtorch if it can be loaded [default: the environment variable {EngineChoice.Variable}, or auto].",
            Or(EngineChoice.Names),
            (text, out kind) =>
            {
                var known = EngineChoice.Parse(text);
                kind = known ?? EngineKind.Auto;
                return known is not null;
            }
        );
        option.CompletionSources.Add(EngineChoice.Names);
        return option;
    }
}
