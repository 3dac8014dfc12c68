using System.Globalization;
using System.Numerics.Tensors;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Runs;

namespace Latent.Benchmarks;

/// <summary>
/// Measures whether damaged cells are found and named: the table recipe is trained, one cell of each of some held-out rows gets the value
/// that another row has in the same column, and the damaged rows are scored beside the undamaged ones.
/// </summary>
internal static class DamageBenchmark
{
    private const int Rows = 1000;
    private const double Deviations = 3;
    private const int MaxTries = 200_000;
    private static readonly string[] s_files = ["../shared/data/mixed/adult.csv.gz", "../shared/data/mixed/taxis.csv"];

    /// <summary>Measures tables.</summary>
    /// <param name="page">The page that the results are written to.</param>
    /// <param name="files">The tables; none: adult and taxis.</param>
    public static void Run(Markdown page, string[] files)
    {
        page.Heading("Damaged cells")
            .Text(
                $"The recipe `table` is trained on a table without labels; of its test rows (a fifth of all) at most {Rows:N0} get one damaged cell each: the value of another row in the same column, other than their own. A row with a missing or an unseen cell in the place of its value is not made, since such cells have no error to be named by. AUROC: the damaged rows against the same rows undamaged, by score. Named: the damaged column has the largest of the row's feature errors; of large damages of numbers, which move a cell by more than {Deviations} standard deviations of its column, as many again are drawn. Some of them move an unusual cell to a usual value, such as a large gain to 0, which nothing in the row betrays; those that end far out have a value more than {Deviations} standard deviations from the column's mean."
            );
        var (summary, byKind, byColumn) = (new List<string[]>(), new List<string[]>(), new List<string[]>());
        foreach (var path in files.Length == 0 ? s_files : files)
        {
            var name = Path.GetFileName(path).Split('.')[0];
            var (auroc, any, large) = Measure(path);
            summary.Add([name, Text(any.Count), auroc, Share(any), Large(large), Large(large.FindAll(damage => damage.IsFar))]);
            foreach (var kind in any.GroupBy(damage => damage.Column.Kind).OrderBy(group => group.Key))
            {
                var ofLarge = large.Where(damage => damage.Column.Kind == kind.Key).ToList();
                byKind.Add([name, RecipeNames.Of(kind.Key), Text(kind.Count()), Share([.. kind]), Large(ofLarge)]);
            }

            foreach (var column in any.GroupBy(damage => damage.Column).OrderBy(group => group.Key.Position))
            {
                var ofLarge = large.Where(damage => damage.Column == column.Key).ToList();
                var instead = column
                    .Where(damage => !damage.IsNamed)
                    .CountBy(damage => damage.Named)
                    .OrderByDescending(count => count.Value);
                byColumn.Add([
                    $"{name}: {column.Key.Name}",
                    Text(column.Count()),
                    Share([.. column]),
                    Large(ofLarge),
                    string.Join(", ", instead.Take(3).Select(count => $"{count.Key} {count.Value}")),
                ]);
            }
        }

        page.Table(
                ["table", "damaged rows", "AUROC (95% interval)", "named", "named, large damages of numbers", "those that end far out"],
                summary
            )
            .Table(["table", "kind of column", "damages", "named", "named, large"], byKind)
            .Table(["column", "damages", "named", "named, large", "named in its place"], byColumn);
    }

    private static (string Auroc, List<Damage> Any, List<Damage> Large) Measure(string path)
    {
        var recipe = RecipeLibrary.Read("table", [$"data.path={path}", "data.test=0.2"]);
        var data = DataLoader.Load(recipe);
        using var trained = new TrainedTable(recipe, data);
        var damaging = new Damaging(data.Test!, recipe.Training.Seed);
        var (clean, damaged, any) = damaging.Apply(trained, isLarge: false);
        var (_, _, large) = damaging.Apply(trained, isLarge: true);
        float[] scores = [.. trained.Score(clean).Score, .. trained.Score(damaged).Score];
        var metrics = AnomalyMetrics.Of(scores, [.. scores.Select((_, i) => i >= scores.Length / 2)]);
        var (value, low, high) = metrics.Auroc;
        return (FormattableString.Invariant($"{value:0.000} ({low:0.000} to {high:0.000})"), any, large);
    }

    private static string Share(List<Damage> damages) =>
        damages.Count == 0 ? "" : damages.Average(damage => damage.IsNamed ? 1.0 : 0).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Large(List<Damage> damages) => damages.Count == 0 ? "" : $"{Share(damages)} of {Text(damages.Count)}";

    private static string Text(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Damage(TableColumn Column, bool IsFar, bool IsNamed, string Named);

    private sealed class Damaging(DataSet rows, long seed)
    {
        private readonly IReadOnlyList<TableColumn> _columns = rows.Input.Table!.Columns;

        // Rows in random order, each once; for large damages a row may come again, since few cells can be damaged so.
        public (float[] Clean, float[] Damaged, List<Damage> Damages) Apply(TrainedTable trained, bool isLarge)
        {
            var random = new SeededRandom(seed, SeededRandom.Purpose.Evaluation, isLarge ? 2 : 1);
            var order = random.Permutation(rows.Count);
            var usual = Enumerable.Range(0, _columns.Count).Select(Usual).ToArray();
            int[] numbers = [.. Enumerable.Range(0, _columns.Count).Where(column => _columns[column].Levels is null)];
            var (clean, damaged, columns) = (new List<float>(), new List<float>(), new List<int>());
            for (var tries = 0; columns.Count < (isLarge ? Rows : Math.Min(Rows, rows.Count)) && tries < MaxTries; tries++)
            {
                if (isLarge && numbers.Length == 0)
                    break;
                var row = rows.Row((int)order[(isLarge ? tries : columns.Count) % order.Length]).ToArray();
                var column = isLarge ? numbers[random.Next(numbers.Length)] : random.Next(_columns.Count);
                var other = rows.Row(random.Next(rows.Count))[column];
                if (!IsPresent(column, other) || other == row[column])
                    continue;
                if (isLarge && !(Math.Abs(other - row[column]) > Deviations * usual[column].Deviation))
                    continue;
                clean.AddRange(row);
                row[column] = other;
                damaged.AddRange(row);
                columns.Add(column);
            }

            var errors = columns.Count == 0 ? [] : trained.Score([.. damaged]).FeatureErrors;
            return ([.. clean], [.. damaged], columns.Select((column, i) => DamageOf(column, i * _columns.Count)).ToList());

            Damage DamageOf(int column, int at)
            {
                var own = errors.AsSpan(at, _columns.Count);
                var worst = own.IndexOf(TensorPrimitives.Max(own));
                var isFar = Math.Abs(damaged[at + column] - usual[column].Mean) > Deviations * usual[column].Deviation;
                return new Damage(_columns[column], isFar, worst == column, _columns[worst].Name);
            }
        }

        private bool IsPresent(int column, float cell) => _columns[column].Levels is null ? float.IsFinite(cell) : cell >= 0;

        private (double Mean, double Deviation) Usual(int column)
        {
            double[] values = [.. Enumerable.Range(0, rows.Count).Select(row => (double)rows.Row(row)[column]).Where(double.IsFinite)];
            var mean = values.DefaultIfEmpty(0).Average();
            return (mean, Math.Sqrt(values.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(0).Average()));
        }
    }
}
