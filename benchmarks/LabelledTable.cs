using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Data.Tables;
using Latent.Trainer.Data;
using Latent.Trainer.Runs;

namespace Latent.Benchmarks;

/// <summary>Represents a table whose rows are divided as the one-class protocol does.</summary>
/// <param name="Name">Name of the file, without its endings.</param>
/// <param name="Recipe">The recipe `table` of the file.</param>
/// <param name="All">All rows, of which the kinds of columns are found; nothing else is learned of those that are not trained on.</param>
internal sealed record LabelledTable(string Name, Recipe Recipe, DataSet All)
{
    private static readonly string[] s_endings = [".csv", ".csv.gz", ".csv.zst", ".parquet", ".arrow"];

    /// <summary>Lists the tables of a folder.</summary>
    /// <exception cref="LatentException">There is no such folder, or no table in it.</exception>
    public static IReadOnlyList<string> FilesOf(string folder)
    {
        if (!Directory.Exists(folder))
            throw new LatentException($"There is no folder {folder} of labelled tables.");
        string[] files = [.. Directory.GetFiles(folder).Where(IsTable).Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new LatentException($"{folder} has no table (.csv, .csv.gz, .csv.zst, .parquet or .arrow).");
    }

    /// <summary>Reads a table whose last column has the labels, for runs without test rows of their own.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentException">The table has no header.</exception>
    public static LabelledTable Read(string path) =>
        LastColumn(path) is { } label
            ? Read(path, label, "data.test=0", "data.validation=0.1")
            : throw new LatentException($"{path} has no header; its last column must name the labels.");

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="label">Name of the column of labels, 1 for anomalies; null for none.</param>
    /// <param name="settings">What differs in the recipe.</param>
    public static LabelledTable Read(string path, string? label, params IEnumerable<string> settings)
    {
        string[] ofLabel = label is null ? [] : [$"data.label={label}"];
        var recipe = RecipeLibrary.Read("table", [$"data.path={path}", .. ofLabel, .. settings]);
        var all = new DataReader(recipe.Data, path, null, [], default).Read().All;
        return new LabelledTable(Path.GetFileName(path).Split('.')[0], recipe, all);
    }

    /// <summary>Gets the label of anomalies.</summary>
    /// <param name="set">Rows some of which are anomalies.</param>
    public static string Anomaly(DataSet set) => set.Labels!.First(label => Truth.Of(label) == true);

    /// <summary>Halves the rows without anomalies at random.</summary>
    /// <param name="seed">The seed of the halves.</param>
    /// <returns>One half, and the other with all anomalies.</returns>
    public (DataSet Half, DataSet Others) Halves(int seed)
    {
        var truth = Enumerable.Range(0, All.Count).Select(row => All.Labels is { } labels && Truth.Of(labels[row]) == true).ToArray();
        int[] normal = [.. Enumerable.Range(0, All.Count).Where(row => !truth[row])];
        var order = new SeededRandom(seed, SeededRandom.Purpose.Split, 1).Permutation(normal.Length);
        var half = normal.Length / 2;
        int[] train = [.. order[..half].Select(i => normal[i]).Order()];
        int[] rest = [.. order[half..].Select(i => normal[i]).Concat(Enumerable.Range(0, All.Count).Where(row => truth[row])).Order()];
        return (All.Select(train), All.Select(rest));
    }

    /// <summary>Makes the data of a run that learns from one half and is tested on the rest.</summary>
    /// <param name="seed">The seed of the halves and of the run.</param>
    public (Recipe Recipe, DataSplits Data) Halved(int seed)
    {
        var (half, rest) = Halves(seed);
        var run = Recipe with { Training = Recipe.Training with { Seed = seed } };
        return (run, TableFit.Apply(DataSplits.Divide(half, rest, run), half, run.Data.Table!));
    }

    private static string? LastColumn(string path)
    {
        using var source = TableList.Open([path], new TableOptions(), null, null, Latent.Data.Rows.Shard.Whole, 256);
        return source.ColumnNames?[^1];
    }

    private static bool IsTable(string path) => s_endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
