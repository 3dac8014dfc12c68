using System.Globalization;
using System.Text;
using Latent.Data.Rows;
using Latent.Data.Tables;

namespace Latent.Data.Tests.Tables;

/// <summary>The parts of a table, one after the other, are the table.</summary>
public sealed class RecordRangeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\n", "", "utf-8")]
    [InlineData("\r\n", "", "utf-8")]
    [InlineData("\r\n", "gz", "utf-8")]
    [InlineData("\n", "zst", "utf-8")]
    [InlineData("\n", "", "utf-16")]
    public void Every_row_is_in_one_part_with_its_place_and_its_line(string end, string packed, string encoding)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var rows = random.Next(1, seed % 8 == 0 ? 20_000 : 300);
            var hasHeader = random.Next(2) == 0;
            var text = new StringBuilder(hasHeader ? $"\"a{end}\",note,b{end}" : "");
            for (var i = 0; i < rows; i++)
            {
                // Text of several lines, of quotes and of letters of several bytes, blank lines, and values that aren't numbers.
                var note = random.Next(5) switch
                {
                    0 => $"\"x{end}{end}\"\"{i}\"",
                    1 => "ünïcödé€",
                    2 => "\"a,b\"",
                    _ => "",
                };
                text.Append(random.Next(20) == 0 ? "x" : $"{i}").Append(',').Append(note).Append(',').Append(random.Next(100)).Append(end);
                text.Append(random.Next(30) == 0 ? end : "");
            }

            var bytes = Encoding.GetEncoding(encoding).GetBytes(text.ToString());
            var path = _folder.Write(
                "t.csv",
                packed switch
                {
                    "gz" => TestFolder.Gzip(bytes),
                    "zst" => TestFolder.Zstandard(bytes),
                    _ => bytes,
                }
            );
            var options = new TableOptions
            {
                Columns = ["0", "2"],
                Keep = ["1"],
                Header = hasHeader,
                Encoding = encoding,
            };
            var batchSize = random.Next(1, 40);
            var whole = Read(path, options, Shard.Whole, batchSize);
            foreach (var count in (int[])[1, 2, 3, 7, 50])
            {
                var parts = Enumerable.Range(1, count).Select(i => Read(path, options, new Shard(i, count), batchSize)).ToArray();
                Assert.Equal(whole, parts.SelectMany(part => part));
                // Cut by length: of a table of many batches, no part has all.
                if (rows > 10_000 && count == 2)
                    Assert.All(parts, part => Assert.InRange(part.Count, whole.Count / 3, 2 * whole.Count / 3));
                // Nor has any batch rows in two parts.
                var batches = parts.Select(part =>
                    part.Where(line => !line.StartsWith("skipped", StringComparison.Ordinal))
                        .Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture) / batchSize)
                        .Distinct()
                );
                Assert.Distinct(batches.SelectMany(part => part));
            }
        }
    }

    private static List<string> Read(string path, TableOptions options, Shard shard, int batchSize)
    {
        using var source = new CsvSource(path, options, null, 2, shard, batchSize);
        var batch = new RowBatch(batchSize, 2, 0);
        var lines = new List<string>();
        for (; source.Read(batch, TestContext.Current.CancellationToken); batch.Clear())
        {
            lines.AddRange(
                Enumerable.Range(0, batch.Count).Select(i => $"{batch.Positions[i]} {batch.Row(i)[0]} {batch.Row(i)[1]} {batch.Kept[i][0]}")
            );
            lines.AddRange(batch.Skipped.Select(skipped => $"skipped {skipped.Input} {skipped.Reason}"));
        }

        return lines;
    }
}
