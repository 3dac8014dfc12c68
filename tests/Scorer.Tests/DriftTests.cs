using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts.Tables;
using Latent.Scorer.Reporting;

namespace Latent.Tests;

public sealed class DriftTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ScorerRun Compare(IEnumerable<string[]> training, IEnumerable<string[]> rows, params string[] more)
    {
        if (!Directory.Exists(_folder["model"]))
            MixedTable.WriteTrainedOn(_folder["model"], _folder.Write("training.csv", MixedTable.Csv(training)));
        return ScorerRun.Of(["drift", "--model", _folder["model"], "--input", _folder.Write("in.csv", MixedTable.Csv(rows)), .. more]);
    }

    private string Verdict(string column) =>
        File.ReadAllLines(_folder["out.csv"]).Single(line => line.StartsWith(column + ",", StringComparison.Ordinal)).Split(',')[^1];

    [Theory]
    [InlineData(40)]
    [InlineData(3000)]
    public void Rows_of_the_same_kind_are_stable_however_few(int count)
    {
        var run = Compare(MixedTable.Rows(3000, seed: 1), MixedTable.Rows(count, seed: 2), "--output", _folder["out.csv"]);
        Assert.Equal((ExitCodes.Done, ""), (run.Code, run.Error));
        Assert.Contains($"Stable: {count:N0} rows against 3,000 training rows", run.Output);
        var lines = File.ReadAllLines(_folder["out.csv"]);
        Assert.Equal("column,kind,psi,ks,ks_p_value,missing_training,missing,unseen,verdict", lines[0]);
        Assert.Equal(
            ["class", "fare", "age", "sex", "deck", "alone", "boarded", "paid", "z0", "z1", "z2"],
            lines[1..].Select(line => line.Split(',')[0])
        );
        Assert.All(lines[1..], line => Assert.EndsWith(",stable", line));
    }

    [Fact]
    public void The_columns_that_changed_are_told_by_an_exit_code_and_a_verdict()
    {
        var rows = MixedTable.Rows(1000, seed: 2);
        foreach (var (i, row) in rows.Index())
        {
            row[2] = (2 * double.Parse(row[2], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
            row[8] = i % 3 == 0 ? "later" : row[8];
            row[3] = i % 2 == 0 ? "" : row[3];
        }

        var run = Compare(MixedTable.Rows(3000, seed: 1), rows, "--output", _folder["out.csv"]);
        Assert.Equal((ExitCodes.Drift, ""), (run.Code, run.Error));
        Assert.Contains("Drift in 3 columns", run.Output);
        Assert.Equal(["drift", "drift", "drift"], new[] { "fare", "age", "paid" }.Select(Verdict));
        Assert.Equal(["stable", "stable", "stable"], new[] { "class", "sex", "alone" }.Select(Verdict));
        var paid = File.ReadAllLines(_folder["out.csv"]).Single(line => line.StartsWith("paid,", StringComparison.Ordinal)).Split(',');
        Assert.Equal(("boolean", "", "0.334"), (paid[1], paid[3], paid[7]));
        Assert.Equal(ExitCodes.Done, Compare([], rows, "--limit", "20", "--output", _folder["out.csv"]).Code);
        Assert.Equal("some drift", Verdict("fare"));
        Assert.Equal(
            (ExitCodes.Drift, "", ""),
            Compare([], rows, "--quiet") is var quiet ? (quiet.Code, quiet.Output, quiet.Error) : default
        );
    }

    [Fact]
    public void Rows_that_cannot_be_read_are_listed_and_what_cannot_be_compared_is_said()
    {
        var rows = MixedTable.Rows(500, seed: 2);
        rows[7][2] = "much";
        Assert.Contains("column fare, has 'much'", Compare(MixedTable.Rows(3000, seed: 1), rows).Sentence());
        var run = Compare([], rows, "--on-error", "skip");
        Assert.Equal(ExitCodes.Skipped, run.Code);
        Assert.Contains("in.csv:9: ", run.Error);
        Assert.Contains("499 rows against 3,000", run.Output);
        Assert.Contains("has no rows that could be read", Compare([], []).Sentence());
        run = ScorerRun.Of("drift", "--model", MixedTable.Bundle, "--input", _folder["in.csv"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("doesn't say how its training rows are distributed", run.Sentence());
        run = Compare([], rows, "--output", _folder["out.parquet"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("it must end in .csv", run.Sentence());
        Assert.Contains("the input itself", Compare([], rows, "--output", _folder["in.csv"]).Sentence());
        Assert.StartsWith("--limit is '0'; it must be a number above 0.", Compare([], rows, "--limit", "0").Sentence());
    }

    [Fact]
    public void The_index_is_that_of_its_formula_and_chance_is_known()
    {
        var (before, after) = (Numbers([5000, 3000, 2000]), Numbers([3000, 3000, 4000]));
        var drift = Drift.Of(before, after);
        // (0.3 - 0.5)·ln(0.3/0.5) + (0.4 - 0.2)·ln(0.4/0.2)
        Assert.Equal((-0.2 * Math.Log(0.6)) + (0.2 * Math.Log(2)), drift.Psi, 3);
        Assert.Equal(0.2, drift.Ks!.Value, 9);
        Assert.Equal(0, drift.KsPValue!.Value, 9);
        // The 99.9% quantile of χ² with 2 degrees of freedom is 13.816.
        Assert.Equal(13.816 * (2.0 / 10_000), drift.Chance, 1e-4);
        Assert.Equal(("some drift", "drift", "stable"), (drift.Verdict(0.25), drift.Verdict(0.2), Drift.Of(before, before).Verdict(0.2)));
    }

    [Fact]
    public void The_p_value_is_Kolmogorovs()
    {
        // P(K > 1.36) = 0.0494 (Smirnov 1948), at √n D = 1.36 - (0.12 + 0.11/√n) D.
        var drift = Drift.Of(Numbers([20_000, 20_000]), Numbers([20_000 - 384, 20_000 + 384]));
        Assert.Equal(0.0096, drift.Ks!.Value, 6);
        Assert.Equal(0.0494, drift.KsPValue!.Value, 0.002);
    }

    [Fact]
    public void Rare_levels_are_one_bin_and_unseen_words_another()
    {
        long[] common = [.. Enumerable.Repeat(900L, 10)];
        var before = new ColumnDistribution { Counts = [.. common, .. Enumerable.Repeat(10L, 100)] };
        var shuffled = new ColumnDistribution { Counts = [.. common, .. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 20L : 0)] };
        Assert.Equal(0, Drift.Of(before, shuffled).Psi, 6);
        var unseen = Drift.Of(before, before with { Unseen = 1000 });
        Assert.Equal((1.0 / 11, null, null), (unseen.Unseen!.Value, unseen.Ks, unseen.KsPValue));
        Assert.Equal("drift", unseen.Verdict(Drift.UsualLimit));
    }

    [Fact]
    public void Of_many_dimensions_of_the_code_the_five_that_changed_most_are_shown()
    {
        var training = TrainingDistribution.Of(
            new TableDescription
            {
                Columns =
                [
                    new TableColumn
                    {
                        Name = "one",
                        Position = 0,
                        Kind = TableColumnKind.Number,
                    },
                ],
            },
            [.. Enumerable.Range(0, 1000).Select(i => (float)i)],
            [.. Enumerable.Range(0, 12_000).Select(i => (float)(i / 12))]
        );
        var codes = training.Codes.Select(
            (code, z) => code with { Counts = [.. code.Counts.Select((n, bin) => bin == 0 ? n + (100 * z) : n)] }
        );
        var report = new DriftReport(
            new TableDescription
            {
                Columns =
                [
                    new TableColumn
                    {
                        Name = "one",
                        Position = 0,
                        Kind = TableColumnKind.Number,
                    },
                ],
            },
            training,
            training.Columns,
            [.. codes],
            Drift.UsualLimit
        );
        Assert.Equal(["z11", "z10", "z9", "z8", "z7"], Shown(allCodes: false, out var text));
        var largest = codes.Index().Take(7).Max(code => Drift.Of(training.Codes[code.Index], code.Item).Psi);
        Assert.Contains(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Of 12 dimensions of the code, the 5 with the largest PSI are shown; the others have at most {largest:F3}."
            ),
            text
        );
        Assert.Equal(Enumerable.Range(0, 12).Select(z => $"z{z}"), Shown(allCodes: true, out text));
        Assert.DoesNotContain("the others", text);
        Assert.Equal(13, report.Batch().Count);

        string[] Shown(bool allCodes, out string text)
        {
            using var writer = new StringWriter();
            report.Write(writer, allCodes);
            text = writer.ToString();
            return [.. text.Split('\n').Select(line => line.Trim('│', ' ').Split(' ')[0]).Where(name => name.StartsWith('z'))];
        }
    }

    [Fact]
    public void Two_columns_without_a_cell_are_the_same()
    {
        var empty = new ColumnDistribution
        {
            Edges = [],
            Counts = [0],
            Missing = 50,
        };
        var drift = Drift.Of(empty, empty);
        Assert.Equal((0, null, "stable"), (drift.Psi, drift.Ks, drift.Verdict(0.1)));
    }

    private static ColumnDistribution Numbers(long[] counts) =>
        new() { Edges = [.. Enumerable.Range(1, counts.Length - 1).Select(i => (double)i)], Counts = counts };
}
