using Latent.Contracts;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Tests;

namespace Latent.Data.Tests.Columns;

/// <summary>
/// Files of 40 rows that others wrote: DuckDB 1.5 (pages of version 2, Zstandard, delta encodings), arrow-rs by way of parquet-wasm 0.8
/// (two row groups, Snappy, dictionaries; pages of both versions), and Arrow for JavaScript 21, whose file has its schema in the footer
/// only.
/// </summary>
public sealed class ForeignFilesTests
{
    [Fact]
    public void Parquet_of_duckdb() =>
        Check(
            "duckdb.parquet",
            ["small", "large", "x", "gaps", "truth", "price"],
            ["t", "day", "moment", "price", "gaps"],
            i => [i * 2, i * 1000003L, i / 7f, i / 4f, i % 3 == 0 ? 1 : 0, i / 8f],
            i =>
                [
                    $"text {i % 4}",
                    $"{new DateOnly(2024, 2, 20).AddDays(i):yyyy-MM-dd}",
                    $"{new DateTime(2024, 2, 29, 1, 2, 3, 456).AddSeconds(i):yyyy-MM-ddTHH:mm:ss.fff}",
                    FormattableString.Invariant($"{i / 8.0:0.000}"),
                    FormattableString.Invariant($"{i / 4.0}"),
                ]
        );

    [Theory]
    [InlineData("arrow-rs.parquet")]
    [InlineData("arrow-js.arrow")]
    public void Parquet_and_arrow_of_arrow(string name) =>
        Check(name, ["x", "gaps", "half", "truth"], ["t"], i => [i / 7f, i / 4f, i % 2, i % 3 == 0 ? 1 : 0], i => [$"text {i % 4}"]);

    [Fact]
    public void Booleans_as_runs_are_refused_and_the_other_columns_read()
    {
        Check("arrow-rs-2.parquet", ["x", "gaps", "half"], ["t"], i => [i / 7f, i / 4f, i % 2], i => [$"text {i % 4}"]);
        var error = Assert.Throws<LatentException>(() => Check("arrow-rs-2.parquet", ["truth"], [], i => [0], i => []));
        Assert.Contains("a column of type BOOLEAN is encoded as RLE, which isn't read", error.Message);
    }

    private static void Check(string name, string[] columns, string[] keep, Func<int, float[]> values, Func<int, string[]> kept)
    {
        var path = Path.Combine(World.Root, "tests", "Data.Tests", "Columns", "foreign", name);
        using var source = TableFile.Open(path, new TableOptions { Columns = columns, Keep = keep }, null, columns.Length, Shard.Whole, 64);
        Assert.Equal(40, source.Count);
        var batch = new RowBatch(64, columns.Length, 0);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        // Every fifth row has a gap.
        int[] rows = [.. Enumerable.Range(0, 40).Where(i => i % 5 != 3 || !columns.Contains("gaps"))];
        Assert.Equal(rows.Select(i => (long)i), batch.Positions[..batch.Count]);
        Assert.Equal(rows.SelectMany(values), batch.Rows.ToArray());
        Assert.Equal(rows.Select(kept), batch.Kept[..batch.Count]);
    }
}
