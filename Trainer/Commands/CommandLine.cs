using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Latent.Contracts;
using Latent.Models;
using Latent.Trainer.Engines;
using Latent.Trainer.Training;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>The command line: [RECIPE|list|show RECIPE|report BUNDLE|evaluate BUNDLE|draw BUNDLE WHAT|compare BUNDLE…] and options.</summary>
public static class CommandLine
{
    private const string Examples = """
        Examples:
          dotnet run --project Trainer                                        learn drawn digits: a first run of about a minute
          dotnet run --project Trainer -- list                                what else there is
          dotnet run --project Trainer -- show mnist-vae                      a recipe and its layers
          dotnet run --project Trainer -- show mnist-vae --set latent.dimension=5
          dotnet run -c Release --project Trainer -- mnist-vae --data ../shared/data/mnist
          dotnet run --project Trainer -- digits-vae --epochs 3 --set latent.dimension=2 --out artifacts/digits-2d
          dotnet run --project Trainer -- report artifacts/digits-vae         its report, drawn again
          dotnet run --project Trainer -- my-recipe.json --data table.csv --resume
          dotnet run --project Trainer -- digits-vae --epochs 20 --force      train anew, over the finished bundle
          dotnet run --project Trainer -- digits-vae --from artifacts/digits-vae --out artifacts/digits-longer
          dotnet run --project Trainer -- draw artifacts/digits-vae prior-sample --output drawn.png
          dotnet run -c Release --project Trainer -- evaluate artifacts/mnist-vae --data ../shared/data/mnist
          dotnet run --project Trainer -- compare artifacts/digits-vae artifacts/digits-2d

        Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with inputs left out, 130 stopped by Ctrl-C or a signal; once training has begun a checkpoint is saved (--resume continues).
        """;

    private static readonly Argument<string> s_recipe = new("RECIPE")
    {
        Description = "Name of a recipe, or path of a recipe's JSON file.",
        DefaultValueFactory = _ => RecipeLibrary.Default,
    };

    private static readonly Option<string?> s_data = new("--data") { Description = "File (CSV, Parquet, Arrow, NPY or IDX) or folder of the data.", HelpName = "PATH" };
    private static readonly Option<string?> s_from = new("--from") { Description = "Bundle whose weights training starts from, rather than from drawn ones.", HelpName = "BUNDLE" };
    private static readonly Option<string?> s_out = new("--out") { Description = "Folder of the bundle [default: artifacts/NAME].", HelpName = "DIR" };
    private static readonly Option<long?> s_epochs = WholeNumber("--epochs", "Passes over the training rows.", 1);
    private static readonly Option<long?> s_batchSize = WholeNumber("--batch-size", "Rows of a minibatch.", 1);
    private static readonly Option<long?> s_seed = WholeNumber("--seed", "Seed of everything random.", 0, long.MaxValue);
    private static readonly Option<long?> s_threads = WholeNumber("--threads", "Threads of the engine [default: all cores].", 1, Machine.MostThreads);
    private static readonly Option<string> s_device = Device();
    private static readonly Option<string[]> s_set = new("--set") { Description = "Changes any key of the recipe; may be given often.", HelpName = "key=value" };
    private static readonly Option<string> s_onError = OnError();
    private static readonly Option<bool> s_resume = new("--resume") { Description = "Continues an unfinished run from its last checkpoint." };
    private static readonly Option<bool> s_force = new("--force") { Description = "Trains over a finished bundle in the output folder, which stays until the new one is whole." };
    private static readonly Option<bool> s_quiet = new("--quiet") { Description = "Prints only errors." };
    private static readonly Option<bool> s_verbose = new("--verbose") { Description = "Also prints how the engine was loaded." };
    private static readonly Option<EngineKind> s_engine = EngineOption();

    /// <summary>Runs the program.</summary>
    /// <param name="args">What the user typed.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        var parsed = Root(args).Parse(args);
        if (parsed.Errors.Count > 0)
            return Complain($"{parsed.Errors[0].Message.TrimEnd('.')}; --help shows what can be said.", ExitCodes.Usage);
        if (parsed.Tokens.Any(token => token.Value.Length == 0))
            return Complain("An argument is empty; a variable of the shell may not be set, or an option lacks its value.", ExitCodes.Usage);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e)
        {
            return Explain(e);
        }
    }

    private static int Explain(Exception e) => e switch
    {
        UsageException => Complain(e.Message, ExitCodes.Usage),
        LatentException or IOException or UnauthorizedAccessException => Complain(e.Message, ExitCodes.Failed),
        OperationCanceledException => Complain("Stopped before training began; nothing was written.", ExitCodes.Interrupted),
        OutOfMemoryException => Complain("There is not enough memory for this; data.count or --batch-size can make it smaller.", ExitCodes.Failed),
        _ => Complain($"This is a defect of the program ({e.GetType().Name}): {e.Message}", ExitCodes.Failed),
    };

    private static RootCommand Root(string[] args)
    {
        var root = new RootCommand("Trains an autoencoder by a recipe and exports it as a bundle of ONNX graphs.")
        {
            s_recipe, s_data, s_from, s_out, s_epochs, s_batchSize, s_seed, s_threads, s_engine, s_device, s_set, s_onError, s_resume, s_force, s_quiet, s_verbose,
            List(), Show(), Report(args), Evaluate(args), Draw(), Compare(),
        };
        root.SetAction(parsed =>
        {
            var settings = Settings(parsed);
            // An engine takes a second to load.
            TrainCommand.Check(settings);
            return OnEngine(args, parsed, settings.Device, () => TrainCommand.Run(settings, AnsiConsole.Console));
        });
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    // Everything runs again from its arguments where the managed engine is chosen: types of TorchSharp can't cross.
    private static int OnEngine(string[] args, ParseResult parsed, string device, Func<int> run)
    {
        var managed = EngineChoice.IsManaged(parsed.GetValue(s_engine), device, parsed.GetValue(s_quiet) ? _ => { } : Console.Out.WriteLine);
        if (managed && !Engine.IsManaged)
            return ManagedEngine.Call<int>(typeof(CommandLine), nameof(Run), [args]);
        if (parsed.GetValue(s_verbose))
            Console.Out.WriteLine($"Engine: {Engine.Name}{(Libtorch.Note is { } note ? $"; {note}" : "")}.");
        return run();
    }

    private static Command List()
    {
        var command = new Command("list", "Shows all recipes as a table.");
        command.SetAction(_ => ListCommand.Run(AnsiConsole.Console));
        return command;
    }

    private static Command Show()
    {
        var recipe = new Argument<string>("RECIPE") { Description = s_recipe.Description };
        var command = new Command("show", "Shows a recipe, defaults filled in and keys set, and its layers.") { recipe, s_set };
        command.SetAction(parsed => ShowCommand.Run(parsed.GetRequiredValue(recipe), parsed.GetValue(s_set) ?? [], AnsiConsole.Console));
        return command;
    }

    private static Command Report(string[] args)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "Folder of the bundle." };
        var data = new Option<string?>("--data") { Description = s_data.Description, HelpName = "PATH" };
        var command = new Command("report", "Draws a bundle's report again, and computes the figures of its held-out rows anew.") { bundle, data, s_engine };
        command.SetAction(parsed => OnEngine(args, parsed, "cpu", () =>
            ReportCommand.Run(parsed.GetRequiredValue(bundle), parsed.GetValue(data), AnsiConsole.Console)));
        return command;
    }

    private static Command Evaluate(string[] args)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "Folder of a variational bundle." };
        var data = new Option<string?>("--data") { Description = s_data.Description, HelpName = "PATH" };
        var samples = WholeNumber("--samples", "Importance samples a row [default: 5000].", 1);
        var count = WholeNumber("--count", "Rows, from the first held-out one on [default: all].", 2);
        var threads = WholeNumber("--threads", s_threads.Description!, 1, Machine.MostThreads);
        var graphs = new Option<bool>("--graphs") { Description = "Uses the exported graphs in ONNX Runtime rather than the torch modules." };
        var command = new Command("evaluate", "Estimates the likelihood of held-out rows, and writes it into the manifest unless --graphs, --count or other data are given.") { bundle, data, samples, count, threads, graphs, s_engine };
        command.SetAction(parsed => OnEngine(args, parsed, "cpu", () => EvaluateCommand.Run(
            parsed.GetRequiredValue(bundle), parsed.GetValue(data), (int)(parsed.GetValue(samples) ?? 5000), (int?)parsed.GetValue(count),
            (int?)parsed.GetValue(threads), parsed.GetValue(graphs), AnsiConsole.Console)));
        return command;
    }

    private static Command Draw()
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "Folder of a variational bundle of images." };
        var what = new Argument<string>("WHAT") { Description = "prior-sample, prior-mean, posterior (of held-out inputs) or mean (of a given code)." };
        what.AcceptOnlyFromAmong(DrawCommand.Names);
        var code = new Option<string?>("--code") { Description = "The code whose mean is drawn, such as 0.5,-1.", HelpName = "Z,…" };
        var data = new Option<string?>("--data") { Description = s_data.Description, HelpName = "PATH" };
        var count = WholeNumber("--count", "Draws, or inputs [default: 10].", 1, 10_000);
        var seed = WholeNumber("--seed", "Seed of the draws [default: 1].", 0, long.MaxValue);
        var file = new Option<string>("--output") { Description = "The PNG file.", HelpName = "FILE", Required = true };
        var command = new Command("draw", "Draws one of the four predictives as an image.") { bundle, what, code, data, count, seed, file };
        command.SetAction(parsed => DrawCommand.Run(
            parsed.GetRequiredValue(bundle), parsed.GetRequiredValue(what), parsed.GetValue(code), parsed.GetValue(data),
            (int)(parsed.GetValue(count) ?? 10), parsed.GetValue(seed) ?? 1, parsed.GetRequiredValue(file), Console.Out));
        return command;
    }

    private static Command Compare()
    {
        var bundles = new Argument<string[]>("BUNDLE") { Description = "Folders of bundles.", Arity = ArgumentArity.OneOrMore };
        var page = new Option<string?>("--page") { Description = "Markdown page whose tables and curves are written anew, rather than printing one.", HelpName = "FILE" };
        var command = new Command("compare", "Prints bundles' figures side by side as a Markdown table.") { bundles, page };
        command.SetAction(parsed => CompareCommand.Run(parsed.GetRequiredValue(bundles), parsed.GetValue(page), Console.Out));
        return command;
    }

    private static TrainSettings Settings(ParseResult parsed) => new()
    {
        Recipe = parsed.GetRequiredValue(s_recipe),
        Data = parsed.GetValue(s_data),
        From = parsed.GetValue(s_from),
        Output = parsed.GetValue(s_out),
        Epochs = parsed.GetValue(s_epochs),
        BatchSize = parsed.GetValue(s_batchSize),
        Seed = parsed.GetValue(s_seed),
        Threads = (int?)parsed.GetValue(s_threads),
        Device = parsed.GetRequiredValue(s_device),
        Assignments = parsed.GetValue(s_set) ?? [],
        SkipErrors = parsed.GetValue(s_onError) == "skip",
        Resume = parsed.GetValue(s_resume),
        Force = parsed.GetValue(s_force),
        Quiet = parsed.GetValue(s_quiet),
    };

    private static Option<long?> WholeNumber(string name, string description, long least, long greatest = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= greatest)
                return value;
            result.AddError($"{name} is '{text}'; it must be a whole number from {least} to {greatest}");
            return null;
        },
    };

    private static Option<string> Device() => new("--device")
    {
        Description = "cpu, cuda or cuda:N.",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => "cpu",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text is "cpu" or "cuda" || (text.StartsWith("cuda:", StringComparison.Ordinal) && byte.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                return text;
            result.AddError($"--device is '{text}'; it must be cpu, cuda or cuda:N");
            return null;
        },
    };

    private static Option<string> OnError()
    {
        var option = new Option<string>("--on-error") { Description = "What to do with a row or an image that can't be read, stop or skip [default: stop]." };
        option.AcceptOnlyFromAmong("stop", "skip");
        return option;
    }

    private static Option<EngineKind> EngineOption()
    {
        var option = new Option<EngineKind>("--engine")
        {
            Description = $"auto, libtorch or managed; auto takes libtorch where it loads. The variable {EngineChoice.Variable} can set it, too.",
            HelpName = "ENGINE",
            DefaultValueFactory = _ => EngineKind.Auto,
            CustomParser = result =>
            {
                if (EngineChoice.Parse(result.Tokens[0].Value) is { } kind)
                    return kind;
                result.AddError($"--engine is '{result.Tokens[0].Value}'; it must be {string.Join(", ", EngineChoice.Names[..^1])} or {EngineChoice.Names[^1]}");
                return EngineKind.Auto;
            },
        };
        option.CompletionSources.Add(EngineChoice.Names);
        return option;
    }

    private static int Complain(string message, int code)
    {
        Console.Error.WriteLine(Printable.Of(message.ReplaceLineEndings(" ").Trim()));
        return code;
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        // Who asks for help need not give the rest.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(Examples);
            return code;
        }
    }
}
