using System.Globalization;
using Latent.Contracts;
using Latent.Data.Tables;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Progress;
using Latent.Trainer.Runs;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Latent.Benchmarks;

/// <summary>
/// Measures anomaly detection by the one-class protocol: rows without anomalies are halved at random; the table recipe, the same for all
/// tables, is trained on one half and scores the other half and all anomalies.
/// </summary>
internal static class AnomalyBenchmark
{
    private static readonly string[] s_endings = [".csv", ".csv.gz", ".csv.zst", ".parquet", ".arrow"];

    /// <summary>Measures every table of a folder.</summary>
    /// <param name="page">The page that the results are written to.</param>
    /// <param name="folder">Folder of labelled tables, whose last column is 1 for anomalies and 0 for others.</param>
    /// <param name="seeds">Number of seeds.</param>
    public static void Run(Markdown page, string folder, int seeds)
    {
        var tables = Directory.Exists(folder)
            ? Directory.GetFiles(folder).Where(IsTable).Order(StringComparer.Ordinal).ToArray()
            : throw new LatentException($"There is no folder {folder} of labelled tables.");
        if (tables.Length == 0)
            throw new LatentException($"{folder} has no table (.csv, .csv.gz, .csv.zst, .parquet or .arrow).");
        var theirs = Published(Path.Combine(folder, "..", "..", "peers", "adbench_one_class.csv"));
        page.Heading("Anomaly detection")
            .Text(
                $"AUROC, mean of {seeds} seeds, one-class protocol: rows without anomalies are halved at random, the recipe `table` is trained on one half, and the other half and all anomalies are scored. PCA is ML.NET's RandomizedPca, of half as many components as there are columns, at most 20, on the same standardized numbers. The other columns are the published means of the same protocol."
            );
        string[] peers = [.. theirs.Values.FirstOrDefault() is { } one ? one.Keys : (IEnumerable<string>)[]];
        var (lines, ours, pcas) = (new List<string[]>(), new List<double>(), new List<double>());
        foreach (var path in tables)
        {
            var name = Path.GetFileName(path).Split('.')[0];
            var (auroc, pca, rows, columns) = Measure(path, seeds);
            ours.Add(auroc.Average());
            pcas.Add(pca.Average());
            Console.Error.WriteLine(FormattableString.Invariant($"{name}: AUROC {auroc.Average():0.0000} ± {Deviation(auroc):0.0000}"));
            var figures = theirs.GetValueOrDefault(name);
            lines.Add([
                name,
                rows.ToString(CultureInfo.InvariantCulture),
                columns.ToString(CultureInfo.InvariantCulture),
                FormattableString.Invariant($"{auroc.Average():0.000} ± {Deviation(auroc):0.000}"),
                Three(pca.Average()),
                .. peers.Select(peer => figures is null ? "" : Three(figures[peer])),
            ]);
        }

        var means = peers.Select(peer => Three(theirs.Values.Average(figures => figures[peer])));
        lines.Add([
            "mean",
            "",
            "",
            Three(ours.Average()),
            Three(pcas.Average()),
            .. theirs.Count == lines.Count ? means : peers.Select(_ => ""),
        ]);
        page.Table(["table", "rows", "columns", "Latent", "PCA (ML.NET)", .. peers], lines);
        Console.WriteLine(FormattableString.Invariant($"mean AUROC: {ours.Average():0.0000}"));
    }

    private static (List<double> Auroc, List<double> Pca, int Rows, int Columns) Measure(string path, int seeds)
    {
        var label = LabelOf(path);
        var recipe = RecipeLibrary.Read("table", [$"data.path={path}", $"data.label={label}", "data.test=0", "data.validation=0.1"]);
        // The whole table, of which the kinds of columns are found; nothing else is learned of the test rows.
        var all = new DataReader(recipe.Data, path, null, [], default).Read().All;
        var (auroc, pca) = (new List<double>(), new List<double>());
        for (var seed = 0; seed < seeds; seed++)
        {
            var (train, test) = Halve(all, seed);
            var run = recipe with { Training = recipe.Training with { Seed = seed } };
            var data = TableFit.Apply(DataSplits.Divide(train, test, run), train, run.Data.Table!);
            var folder = Directory.CreateTempSubdirectory("latent-bench-").FullName;
            try
            {
                var bundle = Path.Combine(folder, "bundle");
                TrainingRun.Execute(run, data, new RunOptions { Output = bundle, Display = new QuietDisplay() });
                auroc.Add(ScoreOf(bundle, data.Test!));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }

            pca.Add(PcaOf(data));
        }

        return (auroc, pca, all.Count, all.Features);
    }

    private static double ScoreOf(string bundle, DataSet test)
    {
        using var graphs = new BundleGraphs(Latent.Contracts.Bundles.BundleFolder.Open(bundle));
        return Ranking.Of(graphs.Score(test.Values).Score, test.Labels!, Anomaly(test))!.Auroc;
    }

    private static double PcaOf(DataSplits data)
    {
        var ml = new MLContext(seed: 1);
        var width = data.Train.Features;
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        var transforms = data.Train.Input.Table!.Columns.Select(column => column.Transform).ToArray();
        var options = new RandomizedPcaTrainer.Options { Rank = Math.Clamp(width / 2, 1, 20), Seed = 1 };
        var model = ml.AnomalyDetection.Trainers.RandomizedPca(options).Fit(View(data.Train));
        var scores = model.Transform(View(data.Test!)).GetColumn<float>("Score").ToArray();
        return Ranking.Of(scores, data.Test!.Labels!, Anomaly(data.Test!))!.Auroc;

        IDataView View(DataSet set) =>
            ml.Data.LoadFromEnumerable(Enumerable.Range(0, set.Count).Select(i => new Row { Features = Standardized(set.Row(i)) }), schema);

        float[] Standardized(ReadOnlySpan<float> cells)
        {
            var values = cells.ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                var isNumber = transforms[i] is not null && !float.IsNaN(values[i]);
                values[i] = isNumber ? (float)transforms[i]!.Forward(values[i]) : Math.Max(0, values[i]);
            }

            return Array.ConvertAll(values, value => float.IsFinite(value) ? value : 0);
        }
    }

    private static (DataSet Train, DataSet Test) Halve(DataSet all, int seed)
    {
        var truth = all.Labels!.Select(label => Truth.Of(label) == true).ToArray();
        int[] normal = [.. Enumerable.Range(0, all.Count).Where(row => !truth[row])];
        var order = new SeededRandom(seed, SeededRandom.Purpose.Split, 1).Permutation(normal.Length);
        var half = normal.Length / 2;
        int[] train = [.. order[..half].Select(i => normal[i]).Order()];
        int[] test = [.. order[half..].Select(i => normal[i]).Concat(Enumerable.Range(0, all.Count).Where(row => truth[row])).Order()];
        return (all.Select(train), all.Select(test));
    }

    private static string Anomaly(DataSet set) => set.Labels!.First(label => Truth.Of(label) == true);

    private static string LabelOf(string path)
    {
        using var source = TableList.Open([path], new TableOptions(), null, null, Latent.Data.Rows.Shard.Whole, 256);
        return source.ColumnNames?[^1] ?? throw new LatentException($"{path} has no header; its last column must name the labels.");
    }

    private static Dictionary<string, Dictionary<string, double>> Published(string path)
    {
        if (!File.Exists(path))
            return [];
        var lines = File.ReadLines(path).Select(line => line.Split(',')).ToList();
        return lines
            .Skip(1)
            .ToDictionary(
                line => line[0],
                line =>
                    lines[0]
                        .Skip(1)
                        .Zip(line.Skip(1))
                        .ToDictionary(cell => cell.First, cell => double.Parse(cell.Second, CultureInfo.InvariantCulture))
            );
    }

    private static bool IsTable(string path) => s_endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
