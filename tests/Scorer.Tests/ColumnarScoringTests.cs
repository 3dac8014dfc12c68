using System.Globalization;
using Latent.Data.Rows;
using Latent.Data.Tables;

namespace Latent.Tests;

public sealed class ColumnarScoringTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ScorerRun Run(string command, string input, string output, params string[] more) =>
        ScorerRun.Of([command, "--model", TestBundles.Table, "--input", _folder[input], "--output", _folder[output], .. more]);

    private void WithIds(int rows)
    {
        var lines = Table.Csv(Table.Rows(rows)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _folder.Write("in.csv", string.Join('\n', lines.Select((line, i) => (i == 0 ? "id," : $"=row {i},") + line)));
    }

    [Fact]
    public void From_csv_to_parquet_to_arrow_and_back_the_results_are_the_same()
    {
        WithIds(700);
        string[] files = ["made.csv", "made.parquet", "made.arrow"];
        foreach (var file in files)
            Assert.Equal(0, Run("reconstruct", "in.csv", file, "--keep", "id", "--excel-safe").Code);
        string? expected = null;
        foreach (var input in files)
        {
            Assert.Equal(0, Run("encode", input, "codes.csv", "--keep", "id,row").Code);
            // Only a spreadsheet runs what begins with an equals sign.
            var codes = File.ReadAllText(_folder["codes.csv"]).Replace("'=", "=");
            Assert.StartsWith("row_number,id,row,z0,z1,z2\n0,", codes);
            Assert.Equal(expected ??= codes, codes);
        }

        Assert.Equal(0, Run("score", "made.parquet", "scores.arrow", "--keep", "id").Code);
        Assert.Equal(0, Run("score", "made.arrow", "scores.parquet", "--keep", "id").Code);
        Assert.Equal(Read("scores.arrow", "id"), Read("scores.parquet", "id"));
        Assert.Equal(700, Read("scores.arrow", "id").Length);
    }

    [Theory]
    [InlineData("made.parquet", "codes.parquet")]
    [InlineData("made.arrow", "codes.arrow")]
    public void Shards_joined_are_the_whole(string input, string output)
    {
        WithIds(700);
        Assert.Equal(0, Run("reconstruct", "in.csv", input, "--keep", "id").Code);
        Assert.Equal(0, Run("encode", input, output, "--keep", "id", "--batch-size", "64").Code);
        var whole = Read(output, "row", "id");
        Assert.Equal(700, whole.Length);
        Assert.StartsWith("699 =row 700 ", whole[^1]);
        var parts = Enumerable
            .Range(1, 3)
            .SelectMany(i =>
            {
                Assert.Equal(0, Run("encode", input, output, "--keep", "id", "--batch-size", "64", "--shard", $"{i}/3").Code);
                return Read(output, "row", "id");
            });
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void What_cannot_be_is_said_in_a_sentence_and_skipped_rows_are_listed()
    {
        _folder.Write("in.csv", Table.Csv(Table.Rows(5)));
        Assert.Equal(0, Run("reconstruct", "in.csv", "made.parquet").Code);
        Assert.Contains("says itself how it is read", Run("encode", "made.parquet", "codes.csv", "--separator", ";").Sentence());
        Assert.Contains("two columns named 'a'", Run("reconstruct", "made.parquet", "again.parquet", "--keep", "a").Sentence());
        Assert.Contains("has no column 'g'; it has row, a", Run("encode", "made.parquet", "codes.csv", "--columns", "a..e,g").Sentence());
        Assert.Contains(".parquet, .arrow or .npy", Run("encode", "made.parquet", "codes.txt").Sentence());
        File.WriteAllBytes(_folder["cut.parquet"], File.ReadAllBytes(_folder["made.parquet"])[..^1]);
        Assert.Contains("cut.parquet is damaged, or is none that can be read", Run("encode", "cut.parquet", "codes.parquet").Sentence());
        Assert.Equal(["cut.parquet", "in.csv", "made.parquet"], _folder.Files());
        _folder.Write("in.csv", Table.Csv(Table.Rows(3)) + "x,1,2,3,4,5\n" + Table.Csv(Table.Rows(2), header: false));
        Assert.Equal(3, Run("encode", "in.csv", "codes.parquet", "--on-error", "skip").Code);
        Assert.Equal(["0", "1", "2", "4", "5"], Read("codes.parquet", "row").Select(row => row.Split(' ')[0]));
    }

    /// <summary>The rows of a file: what is kept, then the numbers.</summary>
    private string[] Read(string name, params string[] keep)
    {
        using var source = TableFile.Open(_folder[name], new TableOptions { Keep = keep }, null, null, Shard.Whole, 64);
        var (batch, rows) = (new RowBatch(64, source.RowLength, 0), new List<string>());
        for (; source.Read(batch, TestContext.Current.CancellationToken); batch.Clear())
        {
            Assert.Empty(batch.Skipped);
            for (var i = 0; i < batch.Count; i++)
            {
                rows.Add(
                    string.Join(
                        ' ',
                        [.. batch.Kept[i], .. batch.Row(i).ToArray().Select(value => value.ToString(CultureInfo.InvariantCulture))]
                    )
                );
            }
        }

        return [.. rows];
    }
}
