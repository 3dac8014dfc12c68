using System.Globalization;
using System.IO.Compression;
using Latent.Contracts;
using Latent.Contracts.Bundles;

namespace Latent.Tests;

public sealed class CsvScoringTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ScorerRun Encode(string csv, params string[] more)
    {
        var input = _folder.Write("in.csv", csv);
        return ScorerRun.Of(["encode", "--model", TestBundles.Table, "--input", input, "--output", _folder["out.csv"], .. more]);
    }

    private string Output => File.ReadAllText(_folder["out.csv"]);

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    public void Codes_are_the_graphs_own_whatever_the_separator(string separator)
    {
        var rows = Table.Rows(300);
        Assert.Equal(0, Encode(Table.Csv(rows, separator)).Code);
        Assert.StartsWith("row,z0,z1,z2\n", Output);
        Assert.Equal(Table.Codes(rows), Table.Numbers(Output));
        Assert.Equal(["in.csv", "out.csv"], _folder.Files());
    }

    [Theory]
    [InlineData(" ", " ")]
    [InlineData("\t", "\\t")]
    public void A_separator_can_be_said(string separator, string said)
    {
        var rows = Table.Rows(20);
        Assert.Equal(0, Encode(Table.Csv(rows, separator), "--separator", said).Code);
        Assert.Equal(Table.Codes(rows), Table.Numbers(Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\n")]
    [InlineData("::")]
    [InlineData("§")]
    [InlineData("\a")]
    [InlineData("#")]
    public void A_separator_that_cannot_be_is_a_usage_error(string separator)
    {
        var run = Encode(Table.Csv(Table.Rows(2)), "--separator", separator);
        Assert.Equal(2, run.Code);
        Assert.StartsWith("--separator is '", run.Sentence());
        Assert.Contains("one ASCII character", run.Sentence());
    }

    [Fact]
    public void A_table_without_a_header_is_read_by_position_where_that_is_said()
    {
        var rows = Table.Rows(7);
        Assert.Contains(
            "has no line of names, by which the model's columns are found; --columns 0..5 says",
            Encode(Table.Csv(rows, header: false)).Sentence()
        );
        foreach (
            var said in (string[][])
                [
                    ["--header", "no"],
                    ["--columns", "0..5"],
                ]
        )
        {
            Assert.Equal(0, Encode(Table.Csv(rows, header: false), said).Code);
            Assert.Equal(Table.Codes(rows), Table.Numbers(Output));
        }

        Assert.Equal(0, Encode("1,2,3,4,5,6\n" + Table.Csv(rows, header: false), "--header", "yes", "--columns", "1..6").Code);
        Assert.Equal(Table.Codes(rows), Table.Numbers(Output));
    }

    [Fact]
    public void The_models_columns_are_found_by_name_in_any_order_and_others_are_kept()
    {
        var rows = Table.Rows(3);
        var csv =
            "id,f,e,d,c,b,a\n"
            + string.Concat(
                rows.Select(
                    (r, i) =>
                        $"\"row \"\"{i}\"\",\nof 3\","
                        + string.Join(',', r.Reverse().Select(v => v.ToString(CultureInfo.InvariantCulture)))
                        + "\n"
                )
            );
        Assert.Equal(0, Encode(csv, "--keep", "id,a").Code);
        Assert.StartsWith("row,id,a,z0,z1,z2\n0,\"row \"\"0\"\",\nof 3\"," + rows[0][0].ToString(CultureInfo.InvariantCulture), Output);
        var codes = Output
            .Split('\n')
            .Where(l => l.StartsWith("of 3"))
            .Select(l => l.Split(',')[2..].Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray());
        Assert.Equal(Table.Codes(rows), codes);
    }

    [Theory]
    [InlineData("a,b,c,d,e,f")]
    [InlineData("a..f")]
    [InlineData("1..6")]
    [InlineData("1,b..d,5,f")]
    public void Columns_are_chosen_by_name_index_and_range(string columns)
    {
        var rows = Table.Rows(5);
        var csv = string.Concat(
            Table.Csv(rows).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((l, i) => (i == 0 ? "id," : $"{i},") + l + ",x\n")
        );
        Assert.Equal(0, Encode(csv, "--columns", columns).Code);
        Assert.Equal(Table.Codes(rows), Table.Numbers(Output));
    }

    [Fact]
    public void Blanks_around_names_do_not_count()
    {
        var rows = Table.Rows(5);
        var csv = string.Concat(
            Table
                .Csv(rows)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select((l, i) => (i == 0 ? " a , b,c ,d,e,f, odd\n" : l + ",1\n"))
        );
        var input = _folder.Write("in.csv", csv);
        var run = ScorerRun.Of(
            "score",
            "--model",
            TestBundles.Table,
            "--input",
            input,
            "--columns",
            "a .. f",
            "--label",
            "odd ",
            "--output",
            _folder["out.csv"]
        );
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(
            Table.Run(BundleRole.Autoencoder, TensorNames.ReconstructionError, rows).Select(r => r[0]),
            Table.Numbers(Output).Select(r => r[1])
        );
    }

    [Fact]
    public void A_name_of_two_columns_is_refused_where_it_is_asked_for()
    {
        var rows = Table.Rows(5);
        var csv = string.Concat(
            Table.Csv(rows).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((l, i) => (i == 0 ? "a,b,c,d,e,f, a\n" : l + ",1\n"))
        );
        foreach (
            var more in (string[][])
                [
                    [],
                    ["--columns", "a..f"],
                    ["--columns", "0..5", "--keep", "b,a"],
                ]
        )
        {
            var run = Encode(csv, more);
            Assert.Equal(1, run.Code);
            Assert.Contains("in.csv has 2 columns named 'a'; a position must say which: 0 or 6.", run.Sentence());
        }

        Assert.Equal(0, Encode(csv, "--columns", "0..5").Code);
        Assert.Equal(Table.Codes(rows), Table.Numbers(Output));
    }

    [Fact]
    public void Gzip_goes_in_and_comes_out_by_extension()
    {
        var rows = Table.Rows(20);
        using (var gzip = new GZipStream(File.Create(_folder["in.csv.gz"]), CompressionLevel.Fastest))
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(Table.Csv(rows)));
        Assert.Equal(
            0,
            ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", _folder["in.csv.gz"], "--output", _folder["out.csv.gz"]).Code
        );
        using var reader = new StreamReader(new GZipStream(File.OpenRead(_folder["out.csv.gz"]), CompressionMode.Decompress));
        Assert.Equal(Table.Codes(rows), Table.Numbers(reader.ReadToEnd()));
    }

    [Fact]
    public async Task Standard_input_and_output_are_files_too()
    {
        var rows = Table.Rows(40);
        using var process = ScorerRun.Start("encode", "--model", TestBundles.Table, "--input", "-", "--output", "-");
        await process.StandardInput.WriteAsync(Table.Csv(rows));
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(Table.Codes(rows), Table.Numbers(output));
        Assert.StartsWith("40 rows to -", await error);
    }

    [Fact]
    public void Reconstruct_and_denoise_give_the_columns_back()
    {
        var rows = Table.Rows(9);
        var expected = Table.Run(BundleRole.Autoencoder, TensorNames.Output, rows);
        var input = _folder.Write("in.csv", Table.Csv(rows));
        foreach (var command in (string[])["reconstruct", "denoise"])
        {
            Assert.Equal(0, ScorerRun.Of(command, "--model", TestBundles.Table, "--input", input, "--output", _folder["out.csv"]).Code);
            Assert.StartsWith("row,a,b,c,d,e,f\n", Output);
            Assert.Equal(expected, Table.Numbers(Output));
        }
    }

    [Fact]
    public void Score_gives_its_terms_and_the_AUROC_of_a_label()
    {
        var rows = Table.Rows(60);
        var error = Table.Run(BundleRole.Autoencoder, TensorNames.ReconstructionError, rows).Select(r => r[0]).ToArray();
        var kl = Table.Run(BundleRole.Autoencoder, TensorNames.Kl, rows).Select(r => r[0]).ToArray();
        var labels = rows.Select((_, i) => i % 7 == 0).ToArray();
        var csv = string.Concat(
            Table
                .Csv(rows)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(
                    (l, i) =>
                        l
                        + (
                            i == 0 ? ",anomaly\n"
                            : labels[i - 1] ? ",1\n"
                            : ",0\n"
                        )
                )
        );
        var input = _folder.Write("in.csv", csv);
        var run = ScorerRun.Of(
            "score",
            "--model",
            TestBundles.Table,
            "--input",
            input,
            "--output",
            _folder["out.csv"],
            "--label",
            "anomaly"
        );
        Assert.Equal(0, run.Code);
        Assert.StartsWith("row,score,reconstruction_error,kl\n", Output);
        Assert.Equal(error.Zip(kl, (e, k) => new[] { e + k, e, k }), Table.Numbers(Output));

        var score = error.Zip(kl, (e, k) => e + k).ToArray();
        double above = 0,
            pairs = 0;
        for (var i = 0; i < score.Length; i++)
        {
            for (var j = 0; j < score.Length; j++)
            {
                if (labels[i] && !labels[j])
                {
                    (above, pairs) = (
                        above
                            + (
                                score[i] > score[j] ? 1
                                : score[i] == score[j] ? 0.5
                                : 0
                            ),
                        pairs + 1
                    );
                }
            }
        }

        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"anomaly AUROC {above / pairs:F4} (9 anomalies of 60 rows)"),
            run.Output
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(40)]
    public void The_shards_outputs_one_after_the_other_are_the_whole(int count)
    {
        var input = _folder.Write("in.csv", Table.Csv(Table.Rows(333)));
        string[] run = ["encode", "--model", TestBundles.Table, "--input", input, "--batch-size", "16", "--output"];
        Assert.Equal(0, ScorerRun.Of([.. run, _folder["whole.csv"]]).Code);
        var parts = "";
        for (var i = 1; i <= count; i++)
        {
            Assert.Equal(0, ScorerRun.Of([.. run, _folder["part.csv"], "--shard", $"{i}/{count}"]).Code);
            parts += File.ReadAllText(_folder["part.csv"]);
        }

        Assert.Equal(File.ReadAllText(_folder["whole.csv"]), parts);
    }

    [Fact]
    public void Several_tables_are_one_input_that_no_output_may_be_part_of()
    {
        var rows = Table.Rows(30);
        _folder.Write("tables/a.csv", Table.Csv(rows));
        _folder.Write("tables/b.csv", Table.Csv(rows, ";"));
        string[] run = ["encode", "--model", TestBundles.Table, "--input"];
        Assert.Equal(0, ScorerRun.Of([.. run, _folder["tables/a.csv"], "--output", _folder["one.csv"]]).Code);
        Assert.Equal(0, ScorerRun.Of([.. run, _folder["tables/a.csv"], _folder["tables/b.csv"], "--output", _folder["out.csv"]]).Code);
        var codes = File.ReadAllLines(_folder["one.csv"])[1..].Select(line => line[(line.IndexOf(',') + 1)..]);
        var expected = new[] { "a", "b" }.SelectMany(name => codes.Select((line, i) => $"{i},{_folder[$"tables/{name}.csv"]},{line}"));
        Assert.Equal(["row,file,z0,z1,z2", .. expected], File.ReadAllLines(_folder["out.csv"]));
        foreach (var output in (string[])["tables/c.csv", "tables/a.csv"])
        {
            foreach (var input in (string[])["tables", "tables/*.csv"])
                Assert.Equal(2, ScorerRun.Of([.. run, _folder[input], "--output", _folder[output]]).Code);
        }

        Assert.Equal(Table.Csv(rows), File.ReadAllText(_folder["tables/a.csv"]));
    }

    [Fact]
    public void A_short_line_late_in_the_table_is_named_or_skipped()
    {
        var rows = Table.Rows(1000);
        var lines = Table.Csv(rows).Split('\n').ToList();
        lines[901] = "1,2,3";
        lines[950] = "1,2,x,4,5,6";
        lines[960] = "1,2,,4,5,NaN";
        var csv = string.Join('\n', lines);
        var stopped = Encode(csv);
        Assert.Equal(1, stopped.Code);
        Assert.Equal($"{_folder["in.csv"]}, line 902, has 3 fields; the first line has 6.", stopped.Sentence());
        Assert.Equal(["in.csv"], _folder.Files());

        var skipped = Encode(csv, "--on-error", "skip");
        Assert.Equal(3, skipped.Code);
        Assert.Equal(998, Table.Numbers(Output).Length + 1);
        Assert.Contains("3 skipped", skipped.Output);
        var list = File.ReadAllLines(_folder["out.csv.skipped.csv"]);
        Assert.Equal(4, list.Length);
        Assert.Contains("line 902, has 3 fields", list[1]);
        Assert.Contains("line 951, column c, has 'x'", list[2]);
        Assert.Contains("line 961, column c, has ''", list[3]);

        Assert.Equal(0, Encode(Table.Csv(rows)).Code);
        Assert.Equal(["in.csv", "out.csv"], _folder.Files());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,b,c,d,e\n1,2,3,4,5\n", "has no column 'f'")]
    [InlineData("1,2,3,4,5\n", "has no line of names")]
    [InlineData("a,b,c,d,e,f\n1,2,3,4,5,1e99\n", "line 2, column f, has '1e99'")]
    [InlineData("a,b,c,d,e,f\n\"1,2,3,4,5,6\n", "line 2")]
    public void A_table_that_cannot_be_scored_is_refused_with_the_place(string csv, string reason)
    {
        var run = Encode(csv);
        Assert.Equal(1, run.Code);
        Assert.Contains(_folder["in.csv"], run.Sentence());
        Assert.Contains(reason, run.Sentence());
        Assert.Equal(["in.csv"], _folder.Files());
    }

    [Theory]
    [InlineData(
        "a,b,c,d,e,f,note\n1,2,3,4,5,6,\"x\n1,2,3,4,5,6,y\n1,2,3,4,5,6,\"z\n1,2,3,4,5,6,\n",
        "line 2, has a quote in the wrong place, in a record that goes on to line 4"
    )]
    [InlineData(
        "note,a,b,c,d,e,f\n,1,2,3,4,5,6\n\"x,1,2,3,4,5,6\n,1,2,3,4,5,6\n",
        "line 3, has a quote in the wrong place, in a record that goes on to line 5"
    )]
    [InlineData(
        "a,b,c,d,e,f,note\n1,2,3,4,5,6,\"x\n1,2,3,4,5,6,\"\"",
        "line 2, has a quote in the wrong place, in a record that goes on to line 3"
    )]
    [InlineData("a,b,c,d,e,f,\"note\n1,2,3,4,5,6,\n", "line 1, has a quote in the wrong place")]
    public void A_quote_that_swallows_lines_is_found_in_a_column_that_is_not_read(string csv, string reason)
    {
        var stopped = Encode(csv);
        Assert.Equal(1, stopped.Code);
        Assert.StartsWith($"{_folder["in.csv"]}, {reason}", stopped.Sentence());
        Assert.Equal(["in.csv"], _folder.Files());
    }

    [Fact]
    public void A_bad_quote_is_found_in_a_column_that_is_kept()
    {
        var run = Encode("id,a,b,c,d,e,f\nx,1,2,3,4,5,6\n5\" disk,1,2,3,4,5,6\n", "--keep", "id", "--on-error", "skip");
        Assert.Equal(3, run.Code);
        Assert.Contains("line 3, has a quote in the wrong place", File.ReadAllText(_folder["out.csv.skipped.csv"]));
        Assert.Single(Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..]);
    }

    [Fact]
    public void Quoted_fields_with_line_ends_and_quotes_may_be_in_columns_that_are_not_read()
    {
        var rows = Table.Rows(3);
        var lines = Table.Csv(rows).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, Encode($"{lines[0]},\"no\nte\"\n{lines[1]},\"x\n\"\"y\"\"\r\nz\"\n{lines[2]},\"\"\n{lines[3]},\"w\n\"\"\"").Code);
        Assert.Equal(Table.Codes(rows), Table.Numbers(Output));
    }

    [Fact]
    public void Lines_are_counted_with_blank_ones_and_those_that_records_go_on_to()
    {
        var run = Encode(
            "\na,b,c,d,e,f,note\n\n1,2,3,4,5,6,\"x\ny\"\n\r\n\n1,2,3,4,5,six,\n1,2,3,4,five,6,\"x\ny\"\n1\n",
            "--on-error",
            "skip"
        );
        Assert.Equal(3, run.Code);
        var list = File.ReadAllLines(_folder["out.csv.skipped.csv"]);
        Assert.Contains("in.csv:8\"", list[1]);
        Assert.Contains("line 8, column f, has 'six'", list[1]);
        Assert.Contains("line 9, column e, has 'five'", list[2]);
        Assert.Contains("line 11, has 1 field", list[3]);
    }

    [Fact]
    public void A_table_of_no_rows_gives_a_header()
    {
        Assert.Equal(0, Encode("a,b,c,d,e,f\n").Code);
        Assert.Equal("row,z0,z1,z2\n", Output);
    }
}
