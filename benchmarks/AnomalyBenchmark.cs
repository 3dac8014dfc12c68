using System.Diagnostics;
using System.Globalization;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
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
    /// <summary>Measures every table of a folder.</summary>
    /// <param name="page">The page that the results are written to.</param>
    /// <param name="folder">Folder of labelled tables, whose last column is 1 for anomalies and 0 for others.</param>
    /// <param name="seeds">Number of seeds.</param>
    /// <param name="measurements">The measurements made before.</param>
    public static void Run(Markdown page, string folder, int seeds, Measurements measurements)
    {
        var tables = LabelledTable.FilesOf(folder);
        var theirs = Published(Path.Combine(folder, "..", "..", "peers", "adbench_one_class.csv"));
        page.Heading("Detection")
            .Text(
                $"AUROC, mean of {seeds} seeds and the deviation of a seed, one-class protocol: rows without anomalies are halved at random, the recipe `table` is trained on one half (a tenth of it is validation rows), and the other half and all anomalies are scored by `autoencoder.onnx`. PCA is ML.NET's RandomizedPca, of half as many components as there are columns, at most 20, on the same standardized numbers. The other columns are the published means of the same protocol."
            );
        string[] peers = [.. theirs.Values.FirstOrDefault() is { } one ? one.Keys : (IEnumerable<string>)[]];
        var (lines, ours, pcas, seconds) = (new List<string[]>(), new List<double>(), new List<double>(), 0.0);
        foreach (var path in tables)
        {
            var name = Path.GetFileName(path).Split('.')[0];
            var table = new Lazy<LabelledTable>(() => LabelledTable.Read(path));
            double[][] made =
            [
                .. Enumerable.Range(0, seeds).Select(seed => measurements.Of($"{name} {seed}", () => Measure(table.Value, seed))),
            ];
            double[] auroc = [.. made.Select(figures => figures[0])];
            ours.Add(auroc.Average());
            pcas.Add(made.Average(figures => figures[1]));
            seconds += made.Sum(figures => figures[2]);
            var figures = theirs.GetValueOrDefault(name);
            lines.Add([
                name,
                made[0][3].ToString(CultureInfo.InvariantCulture),
                made[0][4].ToString(CultureInfo.InvariantCulture),
                FormattableString.Invariant($"{auroc.Average():0.000} ± {Deviation(auroc):0.000}"),
                Three(pcas[^1]),
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
        page.Table(["table", "rows", "columns", "Latent", "PCA (ML.NET)", .. peers], lines)
            .Text(FormattableString.Invariant($"Training and scoring, all tables and seeds together, took {seconds / 60:0.#} minutes."));
        Console.WriteLine(FormattableString.Invariant($"mean AUROC: {ours.Average():0.0000}"));
    }

    private static double[] Measure(LabelledTable table, int seed)
    {
        var clock = Stopwatch.StartNew();
        var (recipe, data) = table.Halved(seed);
        using var trained = new TrainedTable(recipe, data);
        var auroc = AurocOf(trained.Score(data.Test!.Values).Score, data.Test);
        var seconds = clock.Elapsed.TotalSeconds;
        return [auroc, PcaOf(data), Math.Round(seconds, 1), table.All.Count, table.All.Features];
    }

    private static double AurocOf(float[] scores, DataSet test) => Ranking.Of(scores, test.Labels!, LabelledTable.Anomaly(test))!.Auroc;

    private static double PcaOf(DataSplits data)
    {
        var ml = new MLContext(seed: 1);
        var width = data.Train.Features;
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        var transforms = data.Train.Input.Table!.Columns.Select(column => column.Transform).ToArray();
        var options = new RandomizedPcaTrainer.Options { Rank = Math.Clamp(width / 2, 1, 20), Seed = 1 };
        var model = ml.AnomalyDetection.Trainers.RandomizedPca(options).Fit(View(data.Train));
        return AurocOf([.. model.Transform(View(data.Test!)).GetColumn<float>("Score")], data.Test!);

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

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return values.Length < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
