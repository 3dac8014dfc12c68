using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Contracts.Json;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Runs;

namespace Latent.Trainer.Sweeps;

/// <summary>Represents what a sweep trains: sweep.json in its folder, which is the same whichever task writes it.</summary>
internal sealed record SweepPlan
{
    /// <summary>The name of the plan in the sweep's folder.</summary>
    public const string Name = "sweep.json";

    private const int MostRuns = 10_000;
    private const int DrawsPerRun = 100;

    /// <summary>Gets the version of the schema, counted from 1.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Gets the recipe's name or path, as it was given.</summary>
    public required string Recipe { get; init; }

    /// <summary>Gets the assignments that all runs have in common.</summary>
    public required IReadOnlyList<string> Assignments { get; init; }

    /// <summary>Gets the factor by which successive halving divides the runs; null to train all of them to the end.</summary>
    public int? Eta { get; init; }

    /// <summary>Gets the runs.</summary>
    public required IReadOnlyList<SweepRun> Runs { get; init; }

    /// <summary>Plans the grid of all combinations, or some combinations drawn at random.</summary>
    /// <param name="recipe">Name or path of the recipe.</param>
    /// <param name="sets">The values of --set, "key=a,b,c"; a single value is the same for all runs.</param>
    /// <param name="common">Assignments that all runs have in common.</param>
    /// <param name="count">Number of combinations to draw; null for the grid.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="eta">The factor of successive halving; null for none.</param>
    /// <exception cref="UsageException">There is nothing to sweep, or too much.</exception>
    /// <exception cref="LatentException">A recipe is wrong.</exception>
    public static SweepPlan Of(string recipe, IReadOnlyList<string> sets, IEnumerable<string> common, int? count, long seed, int? eta)
    {
        SweepAxis[] axes = [.. sets.Select(SweepAxis.Parse)];
        if (axes.GroupBy(axis => axis.Key).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
            throw new UsageException($"--set gives the key {twice} twice; give all its values at once, as {twice}=1,2.");
        SweepAxis[] swept = [.. axes.Where(axis => axis.IsRange || axis.Values.Count > 1)];
        if (swept.Length == 0)
            throw new UsageException("A sweep needs a key with several values, such as --set latent.dimension=2,5,10.");
        if (count is null && swept.FirstOrDefault(axis => axis.IsRange) is { } range)
            throw new UsageException($"--set {range.Key}={range.Values[0]}..{range.Values[1]} is a range, from which --random N draws.");
        var combinations = count is null ? Grid(swept) : Random(swept, count.Value, seed);
        var digits = Math.Max(3, combinations.Count.ToString(CultureInfo.InvariantCulture).Length);
        var plan = new SweepPlan
        {
            Recipe = recipe,
            Assignments = [.. common, .. axes.Except(swept).Select(axis => $"{axis.Key}={axis.Values[0]}")],
            Eta = eta,
            Runs =
            [
                .. combinations.Select(
                    (values, i) => new SweepRun($"run-{(i + 1).ToString($"D{digits}", CultureInfo.InvariantCulture)}", values)
                ),
            ],
        };
        // What is wrong with the last run is found before the first is trained.
        foreach (var run in plan.Runs)
            plan.RecipeOf(run);
        return plan;
    }

    /// <summary>Reads the plan of a sweep's folder.</summary>
    /// <exception cref="LatentException">It can't be read.</exception>
    public static SweepPlan Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        return StrictJson.Parse<SweepPlan>(SmallFile.ReadText(path), path);
    }

    /// <summary>Gets the recipe of a run.</summary>
    public Recipe RecipeOf(SweepRun run) =>
        RecipeLibrary.Read(Recipe, [.. Assignments, .. run.Values.Select(pair => $"{pair.Key}={pair.Value}")]);

    /// <summary>Writes the plan, or checks that the folder's is the same.</summary>
    /// <exception cref="LatentException">The folder has another sweep, or can't be written.</exception>
    public void WriteOrCompare(string folder)
    {
        var (path, json) = (Path.Combine(folder, Name), StrictJson.ToJson(this));
        for (var attempt = 1; ; attempt++)
        {
            if (File.Exists(path))
            {
                if (SmallFile.ReadText(path) == json)
                    return;
                throw new LatentException(
                    $"{folder} has another sweep ({Name} differs in its recipe, values or options); give it the same options, or choose another --out."
                );
            }

            try
            {
                AtomicFile.WriteText(path, json);
                return;
            }
            // The tasks of an array begin at the same time, and write the same.
            catch (LatentException) when (attempt < 50)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static List<SortedDictionary<string, string>> Grid(SweepAxis[] axes)
    {
        var all = axes.Aggregate(1L, (product, axis) => Math.Min(product, MostRuns + 1) * axis.Values.Count);
        if (all > MostRuns)
            throw new UsageException($"The grid has more than {MostRuns:N0} runs; --random N trains some of them.");
        List<SortedDictionary<string, string>> runs =
        [
            [],
        ];
        foreach (var axis in axes)
        {
            runs =
            [
                .. runs.SelectMany(run => axis.Values.Select(value => new SortedDictionary<string, string>(run) { [axis.Key] = value })),
            ];
        }

        return runs;
    }

    private static List<SortedDictionary<string, string>> Random(SweepAxis[] axes, int count, long seed)
    {
        var (random, seen, runs) = (
            new SeededRandom(seed, SeededRandom.Purpose.Sweep),
            new HashSet<string>(),
            new List<SortedDictionary<string, string>>()
        );
        for (var draw = 0; runs.Count < count && draw < DrawsPerRun * count; draw++)
        {
            var run = new SortedDictionary<string, string>();
            foreach (var axis in axes)
                run[axis.Key] = axis.Draw(random);
            if (seen.Add(string.Join('\n', run.Values)))
                runs.Add(run);
        }

        return runs;
    }
}
