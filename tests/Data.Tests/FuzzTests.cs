using System.Text;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Data.Arrays;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Data.Tables.Profile;
using Latent.Data.Tests.Columns;
using Latent.Tests;

namespace Latent.Data.Tests;

/// <summary>
/// Mutated files end in rows or in an exception of ours, soon and in little memory; each is made from its number, so that a failure can be
/// repeated.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly int s_count = Fuzz.Count(usual: 2000);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static byte[] Table =>
        Encoding.UTF8.GetBytes(
            "a,b,c,note\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i * 0.5},\"{-i}\",\"x, \"\"y\"\"\n{i}\"\n"))
        );

    [Fact]
    public void Tables() => Run(Table, OpenTable);

    [Fact]
    public void Tables_that_a_model_learns_from() =>
        Run(Table, path => new CsvSource(path, new TableOptions { Label = "note" }, null, null, Shard.Whole, 16));

    [Fact]
    public void Packed_tables() => Run(TestFolder.Gzip(Table), OpenTable);

    [Fact]
    public void Tables_packed_by_zstandard() => Run(TestFolder.Zstandard(Table), OpenTable);

    [Fact]
    public void Arrays_of_numpy()
    {
        var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2, 2), }".PadRight(117) + "\n";
        Run(
            [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[96]],
            path => new ArraySource(path, Shard.Whole, 4)
        );
    }

    [Fact]
    public void Arrays_of_mnist()
    {
        byte[] bytes = [0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0, 3, .. Enumerable.Range(0, 60).Select(i => (byte)i)];
        Run(bytes, path => new ArraySource(path, Shard.Whole, 4));
        Run(TestFolder.Gzip(bytes), path => new ArraySource(path, new Shard(2, 2), 2));
    }

    [Theory]
    [InlineData("t.parquet", null)]
    [InlineData("t.parquet", "Zstd")]
    [InlineData("t.parquet", "Snappy")]
    [InlineData("t.arrow", null)]
    [InlineData("t.arrow", "Lz4Frame")]
    [InlineData("t.arrows", "Zstd")]
    public void Tables_of_columns(string name, string? packed)
    {
        (string, Array)[] columns =
        [
            ("a", Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? (double?)null : i).ToArray()),
            ("b", Enumerable.Range(0, 40).ToArray()),
            ("c", Enumerable.Range(0, 40).Select(i => i % 2 == 0).ToArray()),
            ("note", Enumerable.Range(0, 40).Select(i => $"x, {i % 7}").ToArray()),
        ];
        var valid = File.ReadAllBytes(ColumnarFiles.Write(_folder[name], packed, [columns, columns]));
        Run(valid, path => TableFile.Open(path, new TableOptions { Keep = ["note"] }, ["c", "a", "b"], 3, Shard.Whole, 16), skipped: []);
        Run(valid, path => TableFile.Open(path, new TableOptions { Columns = ["b"] }, null, null, new Shard(2, 2), 16));
    }

    [Fact]
    public void Tables_of_several_kinds() => RunKinds("t.csv", Encoding.UTF8.GetBytes(CsvOfKinds));

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.arrows")]
    public void Tables_of_columns_of_several_kinds(string name)
    {
        (string, Array)[] columns =
        [
            ("when", Enumerable.Range(0, 40).Select(i => new DateTime(2024, 1, 1).AddHours(i)).ToArray()),
            ("word", Enumerable.Range(0, 40).Select(i => i % 5 == 0 ? null : $"w, {i % 3}").ToArray()),
            ("number", Enumerable.Range(0, 40).Select(i => i % 7 == 0 ? (double?)null : i * 0.5).ToArray()),
            ("truth", Enumerable.Range(0, 40).Select(i => i % 2 == 0).ToArray()),
        ];
        RunKinds(name, File.ReadAllBytes(ColumnarFiles.Write(_folder[name], null, [columns, columns])));
    }

    [Fact]
    public void Noise_as_a_table()
    {
        var table = TableProfiler.Profile(
            [_folder.Write("t.csv", CsvOfKinds)],
            new TableOptions(),
            new TableRecipe(),
            TestContext.Current.CancellationToken
        );
        const string Letters = "ab01.,,,;\t|\n\n\"'- :/?TZé";
        for (var i = 0; i < s_count; i++)
        {
            var random = new Random(i);
            var text = string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => Letters[random.Next(Letters.Length)]));
            byte[] bytes = i % 4 == 0 ? [.. text.Select(_ => (byte)random.Next(256))] : Encoding.UTF8.GetBytes(text);
            ReadKinds(i, _folder.Write("t.csv", bytes.Length == 0 ? [10] : bytes), table);
        }
    }

    private static string CsvOfKinds =>
        "when,word,number,truth,code\n"
        + string.Concat(
            Enumerable
                .Range(0, 40)
                .Select(i => $"2024-01-{i % 28 + 1:00} 0{i % 10}:00,\"w, {i % 3}\",{i * 0.5},{i % 2 == 0},{(i % 5 == 0 ? "" : i % 4)}\n")
        );

    // What is read with a description that fits, and with one that is made of the damaged table.
    private void RunKinds(string name, byte[] valid)
    {
        var table = TableProfiler.Profile(
            [_folder.Write(name, valid)],
            new TableOptions(),
            new TableRecipe(),
            TestContext.Current.CancellationToken
        );
        var read = 0;
        for (var i = 0; i < s_count; i++)
        {
            if (ReadKinds(i, _folder.Write(name, Change(valid, new Random(i))), table))
                read++;
        }

        Assert.InRange(read, 1, s_count);
    }

    private static bool ReadKinds(int number, string path, TableDescription table)
    {
        var recipe = new TableRecipe
        {
            Kinds = number % 3 == 0 ? new Dictionary<string, TableColumnKind> { ["number"] = (TableColumnKind)(number % 8) } : null,
        };
        Fuzz.Ends<LatentException>($"Input {number}", () => Read(table, 5));
        return Fuzz.Ends<LatentException>(
            $"Input {number}, profiled",
            () => Read(TableProfiler.Profile([path], new TableOptions(), recipe, TestContext.Current.CancellationToken), null)
        );

        void Read(TableDescription described, int? length) =>
            Assert.DoesNotContain(
                TestFolder.ReadAll(TableFile.Open(path, new TableOptions { Table = described }, null, length, Shard.Whole, 16), []),
                float.IsInfinity
            );
    }

    private static CsvSource OpenTable(string path) => new(path, new TableOptions { Keep = ["note"] }, ["c", "a", "b"], 3, Shard.Whole, 16);

    private void Run(byte[] valid, Func<string, RowSource> open, List<SkippedInput>? skipped = null)
    {
        var read = 0;
        for (var i = 0; i < s_count; i++)
        {
            var path = _folder.Write("t", Change(valid, new Random(i)));
            if (Fuzz.Ends<LatentException>($"Input {i}", () => TestFolder.ReadAll(open(path), [])))
                read++;
        }

        Assert.InRange(read, 0, s_count - 1);
        TestFolder.ReadAll(open(_folder.Write("t", valid)), skipped);
    }

    private static byte[] Change(byte[] valid, Random random)
    {
        var bytes = valid.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            // Headers are where damage does most, and footers.
            var at = random.Next(4) switch
            {
                0 => random.Next(Math.Min(64, bytes.Count)),
                1 => bytes.Count - 1 - random.Next(Math.Min(1024, bytes.Count)),
                _ => random.Next(bytes.Count),
            };
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"\",\n\r;\t0'-eE."[random.Next(12)];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
