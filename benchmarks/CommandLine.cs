using System.CommandLine;
using System.Text.Json;
using Latent.Trainer.Engines;
using Latent.Trainer.Training;

namespace Latent.Benchmarks;

/// <summary>The command line: a command for each benchmark.</summary>
internal static class CommandLine
{
    private static readonly string[] s_ofFiles = ["stopping", "alarms", "damage"];
    private static readonly Option<double> s_seconds = new("--seconds")
    {
        Description = "Length of a measurement.",
        DefaultValueFactory = _ => 5,
    };
    private static readonly Option<int> s_rounds = new("--rounds")
    {
        Description = "Rounds of a comparison.",
        DefaultValueFactory = _ => 3,
    };
    private static readonly Option<int> s_threads = new("--threads")
    {
        Description = "Threads, at most.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };
    private static readonly Option<int> s_steps = new("--steps")
    {
        Description = "Steps of the long training.",
        DefaultValueFactory = _ => 20_000,
    };
    private static readonly Option<string?> s_write = new("--write")
    {
        Description = "Also replaces the section in this file, such as docs/benchmarks.md.",
    };
    private static readonly Option<EngineKind> s_engine = new("--engine")
    {
        Description = "Engine whose tensors are measured.",
        DefaultValueFactory = _ => EngineKind.Managed,
    };
    private static readonly Option<string> s_data = new("--data")
    {
        Description = "Folder of labelled tables, whose last column is 1 for anomalies.",
        DefaultValueFactory = _ => "../shared/data/adbench",
    };
    private static readonly Option<string[]> s_files = new("--data")
    {
        Description = "Tables, in the place of the benchmark's own.",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<int> s_seeds = new("--seeds")
    {
        Description = "Seeds of a table's halves and of its training.",
        DefaultValueFactory = _ => 5,
    };
    private static readonly Option<string?> s_results = new("--results")
    {
        Description = "File that keeps the measurements of tables and seeds; those that it has are not made again.",
    };
    private static readonly Argument<string> s_model = new("MODEL");

    private static readonly (string Verb, string Description, Action<Markdown, ParseResult> Run)[] s_benchmarks =
    [
        (
            "train",
            "Training on both engines, and with PyTorch eager.",
            (page, parsed) => TrainBenchmark.Run(page, parsed.GetValue(s_seconds), parsed.GetValue(s_rounds), parsed.GetValue(s_threads))
        ),
        (
            "gemm",
            "Matrix products and convolutions against the processor's peak.",
            (page, parsed) => GemmBenchmark.Run(page, parsed.GetValue(s_seconds) / 5, parsed.GetValue(s_threads))
        ),
        (
            "growth",
            "Time of a step against batch size, width and threads.",
            (page, parsed) => GrowthBenchmark.Run(page, parsed.GetValue(s_seconds) / 10, parsed.GetValue(s_threads))
        ),
        (
            "epoch",
            "An epoch as Trainer runs it against its steps alone.",
            (page, parsed) => EpochBenchmark.Run(page, parsed.GetValue(s_rounds), parsed.GetValue(s_threads))
        ),
        (
            "endurance",
            "Memory over a long training.",
            (page, parsed) => EnduranceBenchmark.Run(page, parsed.GetValue(s_steps), parsed.GetValue(s_threads))
        ),
        (
            "score",
            "Encoding in an ML.NET pipeline against ApplyOnnxModel and raw runs.",
            (page, parsed) => ScoreBenchmark.Run(page, parsed.GetValue(s_seconds), parsed.GetValue(s_rounds))
        ),
        (
            "pipeline",
            "Scorer from file to file against its parts.",
            (page, parsed) => PipelineBenchmark.Run(page, parsed.GetValue(s_seconds), parsed.GetValue(s_rounds))
        ),
        (
            "anomaly",
            "Anomaly detection on labelled tables, by the one-class protocol.",
            (page, parsed) =>
                AnomalyBenchmark.Run(page, parsed.GetValue(s_data)!, parsed.GetValue(s_seeds), new Measurements(parsed.GetValue(s_results)))
        ),
        (
            "stopping",
            "Early stopping against the best of all epochs.",
            (page, parsed) => StoppingBenchmark.Run(page, Files(parsed), parsed.GetValue(s_seeds))
        ),
        (
            "alarms",
            "Alarm rates realised on fresh rows against those asked for.",
            (page, parsed) =>
                AlarmBenchmark.Run(page, Files(parsed), parsed.GetValue(s_seeds), new Measurements(parsed.GetValue(s_results)))
        ),
        ("damage", "Finding and naming damaged cells of tables.", (page, parsed) => DamageBenchmark.Run(page, Files(parsed))),
    ];

    public static int Run(string[] args)
    {
        var root = new RootCommand("Measures Latent, and its peers where they are installed.");
        foreach (var (verb, description, run) in s_benchmarks)
            Add(verb, description, run);
        Add(
            "all",
            "All of them.",
            (page, parsed) =>
            {
                foreach (var benchmark in s_benchmarks)
                    benchmark.Run(page, parsed);
            }
        );
        var one = new Command(TrainBenchmark.OneModel, "Trains one model in this process and prints JSON.")
        {
            s_model,
            s_seconds,
            s_threads,
            s_engine,
        };
        one.Hidden = true;
        one.SetAction(parsed =>
            OnEngine(
                args,
                parsed,
                () =>
                    Console.WriteLine(
                        JsonSerializer.Serialize(
                            TrainingSpeed.Measure(parsed.GetRequiredValue(s_model), parsed.GetValue(s_seconds), parsed.GetValue(s_threads))
                        )
                    )
            )
        );
        root.Add(one);
        return root.Parse(args).Invoke();

        void Add(string verb, string description, Action<Markdown, ParseResult> run)
        {
            var command = new Command(verb, description) { s_seconds, s_rounds, s_threads, s_steps, s_seeds, s_results, s_engine, s_write };
            command.Options.Add(s_ofFiles.Contains(verb) ? s_files : s_data);
            command.SetAction(parsed => OnEngine(args, parsed, Write));
            root.Add(command);

            void Write()
            {
                var parsed = root.Parse(args);
                var page = new Markdown($"Made by `{Typed(args, parsed)}` on {Machine.Name}, {DateTime.UtcNow:yyyy-MM-dd}.");
                run(page, parsed);
                if (parsed.GetValue(s_write) is { } path)
                    page.WriteTo(path);
            }
        }
    }

    private static string[] Files(ParseResult parsed) => parsed.GetResult(s_files) is null ? [] : parsed.GetValue(s_files)!;

    private static int OnEngine(string[] args, ParseResult parsed, Action run) =>
        EngineChoice.IsManaged(parsed.GetValue(s_engine), "cpu", Console.Error.WriteLine) && !Trainer.Engines.Engine.IsManaged
            ? ManagedEngine.Call<int>(typeof(CommandLine), nameof(Run), [args])
            : Done(run);

    private static int Done(Action run)
    {
        run();
        return 0;
    }

    private static string Typed(string[] args, ParseResult parsed)
    {
        string?[] paths = [parsed.GetValue(s_write), parsed.GetValue(s_results)];
        var words = args.Where(word => word is not ("--write" or "--results") && !paths.Contains(word));
        return $"dotnet run -c Release --project benchmarks -- {string.Join(' ', words)}";
    }
}
