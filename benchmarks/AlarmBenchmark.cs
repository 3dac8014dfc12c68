using System.Globalization;
using Latent.Trainer.Data;

namespace Latent.Benchmarks;

/// <summary>Measures which share of fresh normal rows is called anomalies where a share is asked for.</summary>
internal static class AlarmBenchmark
{
    private const double Tolerance = 0.2;
    private const string Label = "anomaly";

    // The 97.5% quantile of a standard normal distribution.
    private const double Z = 1.959963984540054;

    private static readonly double[] s_rates = [0.01, 0.05];

    // Those of the most normal rows of ../shared/data.
    private static readonly string[] s_files =
    [
        "adbench/34_smtp.csv.gz",
        "adbench/1_ALOI.csv.gz",
        "adbench/32_shuttle.csv",
        "mixed/adult.csv.gz",
        "adbench/24_mnist.csv.gz",
        "adbench/28_pendigits.csv",
        "adbench/2_annthyroid.csv.gz",
        "mixed/taxis.csv",
    ];

    /// <summary>Measures tables.</summary>
    /// <param name="page">The page that the results are written to.</param>
    /// <param name="files">
    /// The tables; a column `anomaly` is 1 for anomalies and 0 for others, and without it all rows are normal. None: those of the most
    /// normal rows of ../shared/data.
    /// </param>
    /// <param name="seeds">Number of seeds.</param>
    /// <param name="measurements">The measurements made before.</param>
    public static void Run(Markdown page, string[] files, int seeds, Measurements measurements)
    {
        page.Heading("Alarm rates")
            .Text(
                FormattableString.Invariant(
                    $"The recipe `table`, with its own held-out rows (a tenth for validation and a tenth for testing), is given one half of a table's normal rows; the threshold is that of the manifest for the rate asked, and the rate realised is the share of the other half, which the run never saw, that is called an anomaly; mean of {seeds} seeds. By chance: where the mean of so many seeds lies in 95% of all cases if held-out and fresh rows are alike, since both are few. Where that range is wider than {Tolerance:0%} of the rate asked, there are too few rows to tell whether it holds within {Tolerance:0%}."
                )
            );
        var lines = new List<string[]>();
        foreach (var path in files.Length == 0 ? s_files.Select(file => "../shared/data/" + file) : files)
        {
            var name = Path.GetFileName(path).Split('.')[0];
            var table = new Lazy<LabelledTable>(() => Read(path));
            double[][] made =
            [
                .. Enumerable.Range(0, seeds).Select(seed => measurements.Of($"{name} alarms {seed}", () => Measure(table.Value, seed))),
            ];
            var (heldOut, fresh) = (made[0][0], made[0][1]);
            var line = new List<string> { name, Text(heldOut), Text(fresh) };
            for (var i = 0; i < s_rates.Length; i++)
            {
                var (asked, realised) = (s_rates[i], made.Average(figures => figures[2 + i]));
                var chance = Z * Math.Sqrt(asked * (1 - asked) * ((1 / heldOut) + (1 / fresh)) / seeds);
                var holds = Math.Abs(realised - asked) <= Tolerance * asked;
                line.AddRange([
                    Rate(realised),
                    $"{Rate(Math.Max(0, asked - chance))} to {Rate(asked + chance)}",
                    double.IsNaN(realised) || chance > Tolerance * asked ? "too few rows to tell"
                    : holds ? "yes"
                    : "no",
                ]);
            }

            lines.Add([.. line]);
        }

        var columns = s_rates.SelectMany(rate => new[] { $"realised of {Short(rate)}", "by chance", $"within {Tolerance:0%}" });
        page.Table(["table", "held-out rows", "fresh rows", .. columns], lines);
    }

    private static LabelledTable Read(string path)
    {
        var all = LabelledTable.Read(path, label: null);
        return all.All.Input.Table!.Columns.Any(column => column.Name == Label) ? LabelledTable.Read(path, Label) : all;
    }

    private static double[] Measure(LabelledTable table, int seed)
    {
        var (half, rest) = table.Halves(seed);
        var recipe = table.Recipe with { Training = table.Recipe.Training with { Seed = seed } };
        var divided = DataSplits.Divide(half, null, recipe);
        var data = TableFit.Apply(divided, half, recipe.Data.Table!);
        var unseen = TableFit.Apply(divided with { Test = rest }, half, recipe.Data.Table!).Test!;
        using var trained = new TrainedTable(recipe, data);
        var manifest = trained.Bundle.Manifest;
        var scores = trained.Score(unseen.Values).Score;
        float[] normal = [.. scores.Where((_, row) => unseen.Labels is null || unseen.Labels[row] != LabelledTable.Anomaly(unseen))];
        return [manifest.Scores!.Rows, normal.Length, .. s_rates.Select(Realised)];

        // NaN: so few held-out rows have no threshold for the rate.
        double Realised(double rate)
        {
            if (rate * (manifest.Scores.Rows + 1) < 1)
                return double.NaN;
            var threshold = manifest.Scores.Threshold(rate);
            return normal.Average(score => score < threshold ? 0.0 : 1);
        }
    }

    private static string Text(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Short(double rate) => rate.ToString(CultureInfo.InvariantCulture);

    private static string Rate(double rate) => double.IsNaN(rate) ? "" : rate.ToString("0.0000", CultureInfo.InvariantCulture);
}
