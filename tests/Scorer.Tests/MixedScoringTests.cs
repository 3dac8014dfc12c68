using System.Globalization;
using System.IO.Compression;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Outputs;
using ZstdSharp;

namespace Latent.Tests;

public sealed class MixedScoringTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ScorerRun Run(string command, string input, string output, params string[] more) =>
        ScorerRun.Of([command, "--model", MixedTable.Bundle, "--input", _folder[input], "--output", _folder[output], .. more]);

    private ScorerRun Score(string csv, params string[] more)
    {
        _folder.Write("in.csv", csv);
        return Run("score", "in.csv", "out.csv", more);
    }

    private string[][] Output => [.. File.ReadAllLines(_folder["out.csv"]).Select(line => line.Split(','))];

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private static ScoreDistribution Scores => ManifestFile.Read(MixedTable.Bundle).Scores!;

    [Fact]
    public void Scores_are_the_graphs_own_with_their_p_values_and_the_default_alarm_rate()
    {
        var run = Score(MixedTable.Csv(MixedTable.Rows(300)));
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(["row", "score", "p_value", "is_anomaly"], Output[0]);
        var expected = MixedTable.Run(_folder["in.csv"], BundleRole.Autoencoder, TensorNames.Score).Results;
        Assert.Equal(expected.Select(score => score[0]), Output[1..].Select(line => Number(line[1])));
        var threshold = Scores.Threshold(0.01);
        Assert.All(
            Output[1..],
            line =>
            {
                Assert.Equal((float)Scores.PValue(Number(line[1])), Number(line[2]));
                Assert.Equal(Number(line[1]) >= threshold ? "true" : "false", line[3]);
            }
        );
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"are anomalies: a score of at least {threshold:G6}, which 1% of "),
            run.Output
        );
    }

    [Fact]
    public void Columns_may_be_in_any_order_among_others_with_any_separator_and_compression()
    {
        var rows = MixedTable.Rows(150);
        Assert.Equal(0, Score(MixedTable.Csv(rows)).Code);
        var expected = File.ReadAllText(_folder["out.csv"]);
        Assert.Equal(0, Score(MixedTable.Csv(rows, ';')).Code);
        Assert.Equal(expected, File.ReadAllText(_folder["out.csv"]));
        var swapped =
            "more,paid,boarded,alone,deck,sex,age,fare,class\n"
            + string.Concat(rows.Select(row => $"7,{string.Join(',', row[1..].Reverse())}\n"));
        Assert.Equal(0, Score(swapped).Code);
        Assert.Equal(expected, File.ReadAllText(_folder["out.csv"]));
        using (var gzip = new GZipStream(File.Create(_folder["in.csv.gz"]), CompressionLevel.Fastest))
            gzip.Write(File.ReadAllBytes(_folder["in.csv"]));
        using (var zstandard = new CompressionStream(File.Create(_folder["in.csv.zst"]), leaveOpen: false))
            zstandard.Write(File.ReadAllBytes(_folder["in.csv"]));
        foreach (var packed in (string[])["in.csv.gz", "in.csv.zst"])
        {
            Assert.Equal(0, Run("score", packed, "out.csv").Code);
            Assert.Equal(expected, File.ReadAllText(_folder["out.csv"]));
        }
    }

    [Fact]
    public void Standard_input_is_read()
    {
        var csv = MixedTable.Csv(MixedTable.Rows(20));
        Assert.Equal(0, Score(csv).Code);
        using var process = System.Diagnostics.Process.Start(
            ScorerRun.StartInfo("score", "--model", MixedTable.Bundle, "--input", "-", "--output", "-")
        )!;
        process.StandardInput.Write(csv);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, File.ReadAllText(_folder["out.csv"])), (process.ExitCode, output));
    }

    [Fact]
    public void Tables_that_are_stored_by_column_give_the_scores_of_csv()
    {
        _folder.Write("in.csv", MixedTable.Csv(MixedTable.Rows(200)));
        foreach (var table in (string[])["made.csv", "made.parquet", "made.arrow"])
        {
            Assert.Equal(0, Run("reconstruct", "in.csv", table).Code);
            Assert.Equal(0, Run("score", table, table + ".csv", "--explain", "3").Code);
        }

        var expected = File.ReadAllText(_folder["made.csv.csv"]);
        Assert.Equal(201, expected.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(expected, File.ReadAllText(_folder["made.parquet.csv"]));
        Assert.Equal(expected, File.ReadAllText(_folder["made.arrow.csv"]));
    }

    [Fact]
    public void Shards_joined_are_the_whole()
    {
        string[] more = ["--batch-size", "16", "--explain", "2", "--keep", "name"];
        Assert.Equal(0, Score(MixedTable.Csv(MixedTable.Rows(200)), more).Code);
        var whole = File.ReadAllText(_folder["out.csv"]);
        var parts = "";
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(0, Run("score", "in.csv", "part.csv", [.. more, "--shard", $"{i}/3"]).Code);
            parts += File.ReadAllText(_folder["part.csv"]);
        }

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void What_cannot_be_read_is_said_in_a_sentence_or_skipped()
    {
        Assert.Contains("has no column 'fare'", Score(MixedTable.Csv(MixedTable.Rows(3)).Replace("fare", "fee")).Sentence());
        var rows = MixedTable.Rows(9);
        (rows[2][2], rows[5][7]) = ("much", "soon");
        var run = Score(MixedTable.Csv(rows));
        Assert.Equal(1, run.Code);
        Assert.Contains("in.csv, line 4, column fare, has 'much'; it must be a finite number", run.Sentence());
        Assert.Equal(3, Score(MixedTable.Csv(rows), "--on-error", "skip").Code);
        Assert.Equal(["0", "1", "3", "4", "6", "7", "8"], Output[1..].Select(line => line[0]));
        Assert.Contains("column boarded, has 'soon'; it must be a date", File.ReadAllText(_folder["out.csv.skipped.csv"]));
        File.WriteAllBytes(_folder["in.npy"], [0x93, .. "NUMPY"u8]);
        run = Run("score", "in.npy", "out.csv");
        Assert.Equal(2, run.Code);
        Assert.Contains("in.npy is an array, but the model reads the columns of a table by their names", run.Sentence());
        File.WriteAllBytes(_folder["in.png"], [0x89, .. "PNG"u8]);
        Assert.Contains("in.png is an image, but", Run("score", "in.png", "out.csv").Sentence());
    }

    [Fact]
    public void Reasons_are_the_columns_with_the_largest_errors()
    {
        var rows = MixedTable.Rows(100);
        (rows[7][2], rows[8][5], rows[9][3]) = ("9000", "Q", "");
        var run = Score(MixedTable.Csv(rows), "--explain", "8");
        Assert.Equal(0, run.Code);
        Assert.Equal(4 + (4 * 8), Output[0].Length);
        Assert.Equal(["why8_column", "why8_value", "why8_expected", "why8_share"], Output[0][^4..]);
        var errors = MixedTable.Run(_folder["in.csv"], BundleRole.Autoencoder, TensorNames.FeatureErrors).Results;
        var outputs = MixedTable.Run(_folder["in.csv"], BundleRole.Autoencoder, TensorNames.Output).Results;
        var table = ManifestFile.Read(MixedTable.Bundle).Input.Table!;
        var texts = new CellText(table);
        for (var row = 0; row < rows.Length; row++)
        {
            var reasons = Output[row + 1][4..].Chunk(4).ToArray();
            int[] order = [.. Enumerable.Range(0, 8).OrderByDescending(i => errors[row][i]).ThenBy(i => i)];
            Assert.Equal(order.Select(i => table.Columns[i].Name), reasons.Select(reason => reason[0]));
            Assert.Equal(order.Select(i => texts.Text(i, outputs[row][i])), reasons.Select(reason => reason[2]));
            Assert.Equal(
                order.Select(i => (double)errors[row][i] / errors[row].Sum(error => (double)error)),
                reasons.Select(reason => (double)Number(reason[3])),
                (a, b) => Math.Abs(a - b) < 1e-6
            );
            foreach (var (column, place) in table.Columns.Select((column, i) => (column, i + 1)).Where(c => c.column.Levels is not null))
            {
                var value = reasons.Single(reason => reason[0] == column.Name)[1];
                Assert.Equal(rows[row][place], value);
            }
        }

        Assert.Equal(["fare", "9000"], Output[8][4..6]);
        Assert.Equal("", Output[10][4..].Chunk(4).Single(reason => reason[0] == "age")[1]);
        Assert.Equal("true", Output[8][3]);
    }

    [Fact]
    public void Anomalies_are_set_by_a_rate_or_a_score_without_training()
    {
        var csv = MixedTable.Csv(MixedTable.Rows(200));
        foreach (
            var (more, threshold) in new (string[], double)[]
            {
                (["--alarm-rate", "0.2"], Scores.Threshold(0.2)),
                (["--threshold", "1.25"], 1.25),
            }
        )
        {
            var run = Score(csv, more);
            Assert.Equal(0, run.Code);
            var anomalies = Output[1..].Where(line => line[3] == "true").ToArray();
            Assert.Equal(Output[1..].Count(line => Number(line[1]) >= threshold), anomalies.Length);
            Assert.InRange(anomalies.Length, 1, 199);
            Assert.Contains($"{anomalies.Length} rows (", run.Output);
            Assert.Equal(0, Run("score", "in.csv", "few.csv", [.. more, "--only-anomalies"]).Code);
            Assert.Equal(anomalies.Select(line => string.Join(',', line)), File.ReadAllLines(_folder["few.csv"])[1..]);
        }

        Assert.Contains("needs at least", Score(csv, "--alarm-rate", "1e-9").Sentence());
    }

    [Fact]
    public void A_share_of_anomalies_is_for_held_out_rows_without_labels()
    {
        var csv = MixedTable.Csv(MixedTable.Rows(200));
        _folder.Write("in.csv", csv);
        var models = new[] { true, false }.Select(labelled =>
            MixedTable.Write(_folder[$"{labelled}"], manifest => manifest with { Scores = manifest.Scores! with { IsLabelled = labelled } })
        );
        string[][] runs =
        [
            .. models.Select(model => (string[])["score", "--model", model, "--input", _folder["in.csv"], "--output", _folder["out.csv"]]),
        ];
        var refused = ScorerRun.Of([.. runs[0], "--contamination", "0.1"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("normal by their labels; --alarm-rate says", refused.Sentence());
        Assert.Equal(0, ScorerRun.Of([.. runs[1], "--contamination", "0.1"]).Code);
        var expected = File.ReadAllText(_folder["out.csv"]);
        Assert.Equal(0, ScorerRun.Of([.. runs[1], "--alarm-rate", "0.1"]).Code);
        Assert.Equal(expected, File.ReadAllText(_folder["out.csv"]));
    }

    [Fact]
    public void Few_held_out_rows_have_a_larger_rate_unless_one_is_asked_for()
    {
        var model = MixedTable.Write(
            _folder["few"],
            manifest =>
                manifest with
                {
                    Scores = new ScoreDistribution
                    {
                        Rows = 9,
                        Probabilities = [0, 1],
                        Quantiles = [1, 2],
                    },
                }
        );
        _folder.Write("in.csv", MixedTable.Csv(MixedTable.Rows(20)));
        string[] run = ["score", "--model", model, "--input", _folder["in.csv"], "--output", _folder["out.csv"]];
        Assert.Contains("a score of at least 2, which 10% of held-out rows have", ScorerRun.Of(run).Output);
        Assert.Contains("needs at least 99", ScorerRun.Of([.. run, "--alarm-rate", "0.01"]).Sentence());
    }

    [Theory]
    [InlineData("--alarm-rate 1", "--alarm-rate is '1'; it must be a number above 0 and below 1")]
    [InlineData("--contamination NaN", "--contamination is 'NaN'; it must be a number above 0 and below 1")]
    [InlineData("--threshold high", "--threshold is 'high'; it must be a number.")]
    [InlineData("--explain 0", "--explain is '0'; it must be a whole number from 1")]
    [InlineData("--explain 9", "--explain is 9; it must be at most 8, the number of the model's columns.")]
    [InlineData("--alarm-rate 0.1 --threshold 3", "--alarm-rate and --threshold both say which scores are those of anomalies")]
    [InlineData("--contamination 0.1 --alarm-rate 0.1", "--alarm-rate and --contamination both say")]
    public void Options_that_cannot_be_are_usage_errors(string options, string reason)
    {
        var run = Score(MixedTable.Csv(MixedTable.Rows(2)), options.Split(' '));
        Assert.Equal(2, run.Code);
        Assert.StartsWith(reason, run.Sentence());
        Assert.Equal(["in.csv"], _folder.Files());
    }

    [Fact]
    public void Bundles_without_scores_of_held_out_rows_keep_their_columns()
    {
        _folder.Write("in.csv", Table.Csv(Table.Rows(50)));
        string[] run = ["score", "--model", TestBundles.Table, "--input", _folder["in.csv"], "--output", _folder["out.csv"]];
        Assert.Equal(0, ScorerRun.Of(run).Code);
        Assert.Equal(["row", "score", "reconstruction_error", "kl"], Output[0]);
        var scores = Output[1..].Select(line => Number(line[1])).Order().ToArray();
        var threshold = scores[40].ToString(CultureInfo.InvariantCulture);
        Assert.Contains("10 rows (20%) are anomalies", ScorerRun.Of([.. run, "--threshold", threshold]).Output);
        Assert.Equal(["row", "score", "reconstruction_error", "kl", "is_anomaly"], Output[0]);
        Assert.Equal(10, Output[1..].Count(line => line[4] == "true"));
        foreach (
            var (more, needs) in new[]
            {
                ("--alarm-rate 0.1", "--alarm-rate needs"),
                ("--contamination 0.1", "--contamination needs"),
                ("--only-anomalies", "--only-anomalies needs a threshold"),
            }
        )
        {
            var refused = ScorerRun.Of([.. run, .. more.Split(' ')]);
            Assert.Equal(2, refused.Code);
            Assert.StartsWith(needs, refused.Sentence());
        }

        Assert.Contains("no errors of columns to explain", ScorerRun.Of([.. run, "--explain", "1"]).Sentence());
    }

    [Theory]
    [InlineData(float.NaN, true)]
    [InlineData(float.PositiveInfinity, true)]
    [InlineData(2f, true)]
    [InlineData(1.9999999f, false)]
    public void A_score_that_is_no_number_is_an_anomaly(float score, bool isAnomaly) =>
        Assert.Equal(isAnomaly, new AnomalyRule(2, null, OfNormals: false).IsAnomaly(score));

    [Fact]
    public void A_row_beyond_all_bounds_is_an_anomaly()
    {
        var rows = MixedTable.Rows(3);
        rows[1][2] = "3e38";
        Assert.Equal(0, Score(MixedTable.Csv(rows), "--explain", "1").Code);
        Assert.Equal(("true", "fare"), (Output[2][3], Output[2][4]));
    }

    [Theory]
    [InlineData("out.parquet")]
    [InlineData("out.arrow")]
    public void Tables_stored_by_column_have_truth_and_texts(string output)
    {
        _folder.Write("in.csv", MixedTable.Csv(MixedTable.Rows(150)));
        string[] more = ["--explain", "2", "--alarm-rate", "0.3", "--keep", "name,deck"];
        Assert.Equal(0, Run("score", "in.csv", "out.csv", more).Code);
        Assert.Equal(0, Run("score", "in.csv", output, more).Code);
        Assert.Equal(
            Output[1..].Select(line => string.Join(',', line).Replace(",true,", ",1,").Replace(",false,", ",0,")),
            Read(output, Output[0])
        );
    }

    [Fact]
    public void Arrays_hold_no_texts()
    {
        _folder.Write("in.csv", MixedTable.Csv(MixedTable.Rows(10)));
        Assert.Equal(0, Run("score", "in.csv", "out.npy").Code);
        Assert.Equal(128 + (10 * 3 * 4), new FileInfo(_folder["out.npy"]).Length);
        Assert.Equal(0, Run("encode", "in.csv", "out.npy").Code);
        var run = Run("score", "in.csv", "out.npy", "--explain", "1");
        Assert.Equal(2, run.Code);
        Assert.Contains("out.npy, which holds only numbers, but the column why1_column holds texts", run.Sentence());
        Assert.Contains("the column class holds texts", Run("reconstruct", "in.csv", "out.npy").Sentence());
    }

    [Fact]
    public void Codes_are_the_graphs_own()
    {
        _folder.Write("in.csv", MixedTable.Csv(MixedTable.Rows(70)));
        Assert.Equal(0, Run("encode", "in.csv", "out.csv").Code);
        Assert.Equal(["row", "z0", "z1", "z2"], Output[0]);
        Assert.Equal(
            MixedTable.Run(_folder["in.csv"], BundleRole.Encoder, TensorNames.LatentMean).Results,
            Output[1..].Select(line => line[1..].Select(Number).ToArray())
        );
    }

    [Theory]
    [InlineData("reconstruct")]
    [InlineData("denoise")]
    public void Reconstructions_have_the_datas_words_dates_and_whole_numbers(string command)
    {
        _folder.Write("in.csv", MixedTable.Csv(MixedTable.Rows(70)));
        Assert.Equal(0, Run(command, "in.csv", "out.csv", "--keep", "name").Code);
        Assert.Equal(["row", "name", "class", "fare", "age", "sex", "deck", "alone", "boarded", "paid"], Output[0]);
        var expected = MixedTable.Run(_folder["in.csv"], BundleRole.Autoencoder, TensorNames.Output).Results;
        string[] classes = ["1", "2", "3"];
        foreach (var (line, cells) in Output[1..].Zip(expected))
        {
            Assert.Equal(classes[(int)cells[0]], line[2]);
            Assert.Equal(cells[1], Number(line[3]));
            Assert.Equal($"{Math.Round(cells[2], MidpointRounding.AwayFromZero)}", line[4]);
            Assert.Equal(cells[5] >= 0.5f ? "1" : "0", line[7]);
            Assert.StartsWith("1912-04-", line[8]);
        }
    }

    [Fact]
    public void Samples_are_rows_that_could_be()
    {
        var run = ScorerRun.Of("sample", "--model", MixedTable.Bundle, "--output", _folder["out.csv"], "--count", "400", "--seed", "3");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var columns = ManifestFile.Read(MixedTable.Bundle).Input.Table!.Columns;
        Assert.Equal(columns.Select(column => column.Name), Output[0]);
        Assert.Equal(401, Output.Length);
        Assert.All(
            Output[1..],
            line =>
            {
                foreach (var (text, column) in line.Zip(columns))
                {
                    if (column.Levels is { } levels)
                    {
                        Assert.Contains(text, levels);
                        continue;
                    }

                    var number =
                        column.Kind == TableColumnKind.DateTime
                            ? (DateTime.Parse(text, CultureInfo.InvariantCulture) - column.Origin!.Value).TotalDays
                            : Number(text);
                    Assert.InRange(number, column.Min!.Value - 1e-4, column.Max!.Value + 1e-4);
                    if (column.Kind is TableColumnKind.Integer or TableColumnKind.Boolean)
                        Assert.True(double.IsInteger(number));
                }
            }
        );
        Assert.True(Output[1..].Select(line => string.Join(',', line)).Distinct().Count() > 300);
        // What was sampled is a table that the model reads.
        Assert.Equal(0, Run("score", "out.csv", "scores.csv").Code);
    }

    [Fact]
    public void Inspect_shows_what_the_columns_hold()
    {
        var run = ScorerRun.Of("inspect", "--model", MixedTable.Bundle);
        Assert.Equal((0, ""), (run.Code, run.Error));
        foreach (var text in (string[])["1, 2, 3", "yes, no", "some missing", "1912-04-0", "left out", "anomaly score"])
            Assert.Contains(text, run.Output);
    }

    /// <summary>The rows of a file, as CSV has them.</summary>
    private string[] Read(string name, string[] columns)
    {
        using var source = TableFile.Open(
            _folder[name],
            new TableOptions { Columns = ["score"], Keep = columns },
            null,
            null,
            Shard.Whole,
            64
        );
        var (batch, rows) = (new RowBatch(64, source.RowLength, 0), new List<string>());
        for (; source.Read(batch, TestContext.Current.CancellationToken); batch.Clear())
        {
            for (var i = 0; i < batch.Count; i++)
                rows.Add(string.Join(',', batch.Kept[i]));
        }

        return [.. rows];
    }
}
