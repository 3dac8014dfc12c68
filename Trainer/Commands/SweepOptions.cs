using System.CommandLine;
using Latent.CommandLine;
using static Latent.CommandLine.OptionFactory;

namespace Latent.Trainer.Commands;

/// <summary>Defines the options of a sweep, which trains a recipe with several values of its keys.</summary>
internal static class SweepOptions
{
    private static readonly Argument<string> s_recipe = new("RECIPE") { Description = TrainOptions.RecipeDescription };
    private static readonly Option<string[]> s_sets = new("--set")
    {
        Description =
            "Values of a key of the recipe, such as latent.dimension=2,5,10, or with --random a range such as "
            + "optimizer.learningRate=1e-4..1e-2; repeated for several keys, whose combinations are trained.",
        HelpName = "KEY=A,B,…",
        Required = true,
    };
    private static readonly Option<string> s_folder = new("--out")
    {
        Description = "Folder of the sweep, which gets a bundle of each run, the ranking, and a page with the learning curves.",
        HelpName = "DIR",
        Required = true,
    };
    private static readonly Option<string?> s_shard = Parsed<string?>(
        "--shard",
        "I/N|auto",
        "Trains part I of N of the runs; auto takes I and N from a Slurm array, or I from an indexed Kubernetes job.",
        ArrayTask.Expected,
        ArrayTask.IsValue
    );
    private static readonly Option<long?> s_shards = WholeNumber(
        "--shards",
        "Number of parts for --shard auto [default: the tasks of the Slurm array].",
        1,
        99_999
    );
    private static readonly Option<long?> s_random = WholeNumber("--random", "Draws N combinations instead of training all.", 1, 10_000);
    private static readonly Option<long?> s_seed = WholeNumber(
        "--seed",
        "Seed of the draws; training.seed is that of the runs [default: 1].",
        0,
        long.MaxValue
    );
    private static readonly Option<bool> s_halving = new("--halving")
    {
        Description = "Trains all runs for a few epochs, the better of them for --eta times as many, and so on to the recipe's epochs.",
    };
    private static readonly Option<long?> s_eta = WholeNumber(
        "--eta",
        "With --halving: one run of so many goes on to the next round [default: 3].",
        2,
        100
    );

    /// <summary>Makes the command, without its action.</summary>
    public static Command Command() =>
        new(
            "sweep",
            "Trains a recipe with several values of its keys and ranks the runs by validation loss; the same command continues an interrupted sweep."
        )
        {
            s_recipe,
            s_sets,
            s_folder,
            TrainOptions.Data,
            TrainOptions.Label,
            TrainOptions.From,
            TrainOptions.Epochs,
            TrainOptions.BatchSize,
            s_shard,
            s_shards,
            s_random,
            s_seed,
            s_halving,
            s_eta,
            TrainOptions.Threads,
            TrainOptions.Engine,
            TrainOptions.Device,
            TrainOptions.OnError,
            TrainOptions.Quiet,
        };

    /// <summary>Makes the settings of a sweep from what was given.</summary>
    /// <exception cref="UsageException">Two options contradict each other.</exception>
    public static SweepSettings Settings(ParseResult parsed)
    {
        if (parsed.GetValue(s_eta) is not null && !parsed.GetValue(s_halving))
            throw new UsageException("--eta is the factor of --halving, which must be given too.");
        return new SweepSettings
        {
            Run = new TrainSettings
            {
                Recipe = parsed.GetRequiredValue(s_recipe),
                Data = parsed.GetValue(TrainOptions.Data),
                Label = parsed.GetValue(TrainOptions.Label),
                From = parsed.GetValue(TrainOptions.From),
                Epochs = parsed.GetValue(TrainOptions.Epochs),
                BatchSize = parsed.GetValue(TrainOptions.BatchSize),
                Threads = (int?)parsed.GetValue(TrainOptions.Threads),
                Device = parsed.GetValue(TrainOptions.Device) ?? "cpu",
                Assignments = parsed.GetRequiredValue(s_sets),
                SkipErrors = parsed.GetValue(TrainOptions.OnError) == "skip",
                Quiet = parsed.GetValue(TrainOptions.Quiet),
            },
            Folder = parsed.GetRequiredValue(s_folder),
            Shard = ArrayTask.Of(parsed.GetValue(s_shard), parsed.GetValue(s_shards)),
            Random = (int?)parsed.GetValue(s_random),
            Seed = parsed.GetValue(s_seed) ?? 1,
            Eta = parsed.GetValue(s_halving) ? (int)(parsed.GetValue(s_eta) ?? 3) : null,
        };
    }
}
