using System.CommandLine;
using System.Globalization;
using Latent.Trainer.Engines;
using Latent.Trainer.Runs;
using Latent.Trainer.Training;
using static Latent.CommandLine.OptionFactory;

namespace Latent.Trainer.Commands;

/// <summary>Defines the options of training, of which other commands share some.</summary>
internal static class TrainOptions
{
    public const string DataDescription = "File (CSV, Parquet, Arrow, NPY or IDX) or folder of the data.";
    public const string RecipeDescription = "Name of a recipe, or path of a recipe's JSON file.";

    private static readonly Argument<string> s_recipe = new("RECIPE")
    {
        Description = RecipeDescription,
        DefaultValueFactory = _ => RecipeLibrary.Default,
    };

    public static readonly Option<string?> Data = new("--data") { Description = DataDescription, HelpName = "PATH" };
    public static readonly Option<string?> Label = new("--label")
    {
        Description = "Column of labels, which is not learned; rows with 1, true or yes are anomalies, and are not learned either.",
        HelpName = "COL",
    };
    public static readonly Option<string?> From = new("--from")
    {
        Description = "Bundle whose weights training starts from [default: random weights].",
        HelpName = "BUNDLE",
    };
    private static readonly Option<string?> s_out = new("--out")
    {
        Description = "Folder of the bundle to write [default: artifacts/NAME].",
        HelpName = "DIR",
    };
    public static readonly Option<long?> Epochs = WholeNumber("--epochs", "Number of epochs [default: the recipe's].", 1);
    public static readonly Option<long?> BatchSize = WholeNumber("--batch-size", "Rows per minibatch [default: the recipe's].", 1);
    private static readonly Option<long?> s_seed = WholeNumber(
        "--seed",
        "Seed of all random numbers [default: the recipe's].",
        0,
        long.MaxValue
    );
    public static readonly Option<long?> Threads = WholeNumber(
        "--threads",
        "Number of threads [default: all cores].",
        1,
        Machine.MaxThreads
    );
    public static readonly Option<string?> Device = Parsed<string?>(
        "--device",
        "DEVICE",
        "Device to train on: cpu, cuda or cuda:N [default: cpu].",
        "cpu, cuda or cuda:N",
        IsDevice
    );
    public static readonly Option<string[]> Set = new("--set")
    {
        Description = "Sets a key of the recipe, such as latent.dimension=5; may be repeated.",
        HelpName = "KEY=VALUE",
    };
    public static readonly Option<string?> OnError = Choice(
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
    public static readonly Option<bool> Mpi = new("--mpi")
    {
        Description =
            "Trains in all processes that OpenMPI's mpirun or srun started, each on its slice of every minibatch; --threads is the number of each [default: its cores, divided among the processes that share them].",
    };
    public static readonly Option<bool> Quiet = new("--quiet") { Description = "Prints only errors." };
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Also prints how the engine was loaded." };
    public static readonly Option<EngineKind> Engine = EngineOption();

    /// <summary>Adds the recipe and all options to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Add(s_recipe);
        foreach (
            var option in (Option[])
                [
                    Data,
                    Label,
                    From,
                    s_out,
                    Epochs,
                    BatchSize,
                    s_seed,
                    Threads,
                    Engine,
                    Device,
                    Set,
                    OnError,
                    s_resume,
                    s_force,
                    Mpi,
                    Quiet,
                    Verbose,
                ]
        )
        {
            command.Add(option);
        }
    }

    /// <summary>Makes the settings of a run from what was given.</summary>
    public static TrainSettings Settings(ParseResult parsed) =>
        new()
        {
            Recipe = parsed.GetRequiredValue(s_recipe),
            Data = parsed.GetValue(Data),
            Label = parsed.GetValue(Label),
            From = parsed.GetValue(From),
            Output = parsed.GetValue(s_out),
            Epochs = parsed.GetValue(Epochs),
            BatchSize = parsed.GetValue(BatchSize),
            Seed = parsed.GetValue(s_seed),
            Threads = (int?)parsed.GetValue(Threads),
            Device = parsed.GetValue(Device) ?? "cpu",
            Assignments = parsed.GetValue(Set) ?? [],
            SkipErrors = parsed.GetValue(OnError) == "skip",
            Resume = parsed.GetValue(s_resume),
            Force = parsed.GetValue(s_force),
            Quiet = parsed.GetValue(Quiet),
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
