using System.Globalization;
using System.IO.Compression;
using System.Text;
using Latent.Contracts;
using Latent.Data.Rows;
using Latent.Data.Tables;

namespace Latent.Data.Tests.Tables;

public sealed class CsvSourceTests : IDisposable
{
    private static readonly string[] s_names = ["a", "b", "c"];
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", ".csv")]
    [InlineData("gz", ".csv.gz")]
    [InlineData("zst", ".csv.zst")]
    [InlineData("gz", ".csv")]
    [InlineData("members", ".csv.gz")]
    public void Plain_and_packed_tables_are_read_by_what_they_are(string packed, string ending)
    {
        var (text, values) = Large(5000);
        byte[] bytes = packed switch
        {
            "gz" => TestFolder.Gzip(text),
            "zst" => TestFolder.Zstandard(text),
            "members" => [.. TestFolder.Gzip(text[..70_001]), .. TestFolder.Gzip([]), .. TestFolder.Gzip(text[70_001..])],
            _ => text,
        };
        Assert.Equal(values, TestFolder.ReadAll(Open(_folder.Write("t" + ending, bytes))));
    }

    [Fact]
    public void A_gzip_that_ends_before_its_trailer_is_refused_wherever_it_ends()
    {
        var (text, _) = Large(3000);
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(text.AsSpan(0, text.Length / 2));
            gzip.Flush();
            var flushed = memory.Length;
            gzip.Write(text.AsSpan(text.Length / 2));
            gzip.Flush();
            foreach (var length in (long[])[flushed, memory.Length])
                Refuses("is truncated: it ends before its gzip trailer", memory.ToArray()[..(int)length]);
        }

        var whole = memory.ToArray();
        for (var length = 1; length < whole.Length; length += 1 + whole.Length / 200)
            Refuses("truncated", whole[..length]);
        for (var length = whole.Length - 9; length < whole.Length; length++)
            Refuses("truncated", whole[..length]);
        Refuses("truncated", [.. TestFolder.Gzip(text), .. whole[..^1]]);
        whole[^1] ^= 1;
        Refuses("", whole);

        void Refuses(string reason, byte[] bytes)
        {
            var path = _folder.Write("t.csv.gz", bytes);
            var error = Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(path), []));
            // Of two bytes, not even that they are gzip can be told.
            if (bytes.Length > 1)
                Assert.Contains(reason, error.Message);
            Assert.DoesNotContain("\n", error.Message);
        }
    }

    [Fact]
    public void A_truncated_zstandard_is_refused()
    {
        var whole = TestFolder.Zstandard(Large(3000).Text);
        for (var length = 4; length < whole.Length; length += 1 + whole.Length / 50)
            Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(_folder.Write("t.csv.zst", whole[..length])), []));
    }

    [Theory]
    [InlineData("a;b;c\n1,5;2;3\n", true, "semicolons")]
    [InlineData("a;b;c;note\n1.5;2;3;x, y, z, w and v\n", false, "semicolons")]
    [InlineData("note, of the kind, that has, commas\ta\tb\tc\nx\t1.5\t2\t3\n", false, "tabs")]
    [InlineData("c|b|a\n3|2|1.5\n", false, "'|'")]
    public void The_separator_is_what_lets_the_models_columns_be_found_and_is_said(string text, bool decimalComma, string name)
    {
        using var source = Open(_folder.Write("t.csv", text), new TableOptions { DecimalComma = decimalComma });
        Assert.Equal($"{_folder["t.csv"]} is read as values separated by {name}.", source.Note);
        Assert.Equal([1.5f, 2, 3], TestFolder.ReadAll(source));
    }

    [Theory]
    [InlineData("0,1,2,4,5,age\n1,2,3,4,5,6\n", "has no column '3'")]
    [InlineData("id,x,y,z,t,u\n1,2,3,4,5,6\n", "has no column '0'")]
    public void A_models_column_is_found_by_name_or_not_at_all(string text, string reason)
    {
        string[] names = ["0", "1", "2", "3", "4", "5"];
        var error = Assert.Throws<LatentException>(() =>
            new CsvSource(_folder.Write("t.csv", text), new TableOptions(), names, 6, Shard.Whole, 16)
        );
        Assert.Contains(reason, error.Message);
        using var named = new CsvSource(
            _folder.Write("t.csv", "5,4,3,2,1,0\n1,2,3,4,5,6\n"),
            new TableOptions(),
            names,
            6,
            Shard.Whole,
            16
        );
        Assert.Equal([6, 5, 4, 3, 2, 1], TestFolder.ReadAll(named));
    }

    [Theory]
    [InlineData("x,1,2\ny,3,4\n", "may be names or values")]
    [InlineData("0,1,2\n3,4,5\n", "may be names or values")]
    public void A_first_line_that_may_be_names_or_values_is_asked_about(string text, string reason)
    {
        var path = _folder.Write("t.csv", text);
        Assert.Contains(
            reason,
            Assert.Throws<LatentException>(() => new CsvSource(path, new TableOptions(), null, 3, Shard.Whole, 16)).Message
        );
        using var named = new CsvSource(path, new TableOptions { Header = true }, null, 3, Shard.Whole, 16);
        Assert.Equal(text.Split('\n')[0].Split(','), named.ColumnNames!);
        // Positions leave the question open.
        Assert.Throws<LatentException>(() =>
            new CsvSource(_folder.Write("u.csv", "x,1,2,3\n"), new TableOptions { Columns = ["1..3"] }, s_names, 3, Shard.Whole, 16)
        );
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_line_and_column()
    {
        Refuses("line 3, column 3, has a byte 0xE9 that is no UTF-8", [.. "a,b,c\n1,2,3\n4,"u8, 0xE9, .. ",6\n"u8]);
        Refuses("line 2, column 4, has a NUL character", "a,b,c\n1,2\0,3\n"u8.ToArray());
        Refuses("line 2, column 6, has a byte 0xC3 that is no UTF-8", [.. "a,b,c\n1,2,3"u8, 0xC3]);
        var far = string.Concat(Enumerable.Repeat("1,2,3\n", 30_000));
        Refuses("line 30002, column 1, has a byte 0xFF", [.. Encoding.UTF8.GetBytes("a,b,c\n" + far), 0xFF]);
        Refuses("are no us-ascii", [.. "a,b,c\n1,2,"u8, 0xE9], new TableOptions { Encoding = "us-ascii" });
        Refuses("There is no encoding 'klingon'", "a,b,c\n"u8.ToArray(), new TableOptions { Encoding = "klingon" });

        void Refuses(string reason, byte[] bytes, TableOptions? options = null)
        {
            var path = _folder.Write("t.csv", bytes);
            Assert.Contains(reason, Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(path, options))).Message);
        }
    }

    [Theory]
    [InlineData("windows-1252", "windows-1252")]
    [InlineData("utf-16", null)]
    [InlineData("utf-16BE", null)]
    [InlineData("utf-8", null)]
    public void A_table_in_another_encoding_is_read_where_that_is_said_or_marked(string encoding, string? said)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var coder = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. coder.GetPreamble(), .. coder.GetBytes("a,b,c,é\n1,2,3,ä\n")];
        using var source = Open(_folder.Write("t.csv", bytes), new TableOptions { Encoding = said, Keep = ["é"] });
        var batch = new RowBatch(4, 3, 0);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        Assert.Equal(["ä"], batch.Kept[0]);
    }

    [Fact]
    public void Lines_records_and_columns_without_end_take_little_memory()
    {
        foreach (
            var (text, reason) in ((string, string)[])
                [
                    (new string(',', 30_000_000), "columns|characters"),
                    ("a,b,c\n" + new string(',', 30_000_000), "characters"),
                    ("a,b,c\n1,2,\"" + string.Concat(Enumerable.Repeat("3\n", 10_000_000)), "quote"),
                    (string.Join(',', Enumerable.Range(0, 100_001)) + "\n", "columns"),
                ]
        )
        {
            var path = _folder.Write("t.csv", text);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Matches(reason, Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(path))).Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400 << 20);
        }
    }

    [Fact]
    public void Long_texts_that_are_kept_make_smaller_batches()
    {
        var path = _folder.Write("t.csv", "a,b,c,note\n" + string.Concat(Enumerable.Repeat($"1,2,3,{new string('x', 500_000)}\n", 10)));
        using var source = Open(path, new TableOptions { Keep = ["note"] });
        var batch = new RowBatch(16, 3, 0);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        Assert.InRange(batch.Count, 1, 4);
        Assert.Equal(3 * (10 - batch.Count), TestFolder.ReadAll(source).Length);
    }

    [Fact]
    public void Columns_that_floats_would_merge_are_refused_when_training_and_others_are_not()
    {
        Check("a\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{1764460800 + i}\n")), "column 'a', has values around 17644608");
        Check("a\n1764460800\n1764460800\n", null);
        Check("a\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{0.1 + i / 7.0:G17}\n")), null);
        Check("a\n" + string.Concat(Enumerable.Range(0, 6000).Select(i => $"{1764460800 + 3600L * i}\n")), null);

        void Check(string text, string? reason)
        {
            using var source = new CsvSource(_folder.Write("t.csv", text), new TableOptions(), null, null, Shard.Whole, 16);
            var batch = new RowBatch(16, 1, 0);
            for (; source.Read(batch, TestContext.Current.CancellationToken); batch.Clear()) { }

            var error = Record.Exception(source.CheckPrecision);
            if (reason is null)
                Assert.Null(error);
            else
                Assert.Contains(reason, Assert.IsType<LatentException>(error).Message);
        }
    }

    [Fact]
    public void More_than_a_float_holds_is_refused()
    {
        var path = _folder.Write("t.csv", "a,b,c\n1,2,1e39\n");
        Assert.Contains(
            "line 2, column c, has '1e39'; it must be a number that a 32-bit float holds.",
            Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(path))).Message
        );
    }

    [Fact]
    public void A_skipped_row_keeps_its_place()
    {
        var path = _folder.Write("t.csv", "a,b,c\n1,2,3\n4,x,6\n7,8,9\n");
        using var source = Open(path);
        var batch = new RowBatch(16, 3, 0);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        Assert.Equal([0, 2], batch.Positions[..2]);
        Assert.Equal([1, 2, 3, 7, 8, 9], batch.Rows.ToArray());
        Assert.Equal($"{path}:3", Assert.Single(batch.Skipped).Input);
    }

    [Fact]
    public void A_fifo_is_refused_at_once()
    {
        TestFolder.MakeFifo(_folder["t.csv"]);
        Assert.Contains("no regular file", Assert.Throws<LatentException>(() => Open(_folder["t.csv"])).Message);
    }

    private CsvSource Open(string path, TableOptions? options = null) =>
        new(path, options ?? new TableOptions(), s_names, 3, Shard.Whole, 16);

    private static (byte[] Text, float[] Values) Large(int rows)
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 3 * rows).Select(_ => MathF.Round(random.NextSingle() * 100 - 50, 4)).ToArray();
        var lines = values.Chunk(3).Select(row => string.Join(',', row.Select(v => v.ToString(CultureInfo.InvariantCulture))));
        return (Encoding.UTF8.GetBytes("a,b,c\n" + string.Join('\n', lines)), values);
    }

    [Fact]
    public void Every_separator_that_is_admitted_is_read()
    {
        foreach (
            var separator in Enumerable.Range(0x1F, 0x7F - 0x1F).Append('\t').Select(code => (char)code).Where(c => c is not ('"' or '#'))
        )
        {
            var path = _folder.Write("t.csv", $"ä{separator}ö\n1{separator}2\n");
            using var records = new CsvRecords(path, new TableOptions { Separator = separator, Header = true }, null, null);
            Assert.Equal(2, records.Fields);
        }
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("x-no-such")]
    public void An_encoding_that_is_not_known_is_refused(string encoding)
    {
        var path = _folder.Write("t.csv", "x,y\n1,2\n");
        Assert.StartsWith(
            $"There is no encoding '{encoding}';",
            Assert.Throws<LatentException>(() => new CsvRecords(path, new TableOptions { Encoding = encoding }, null, null)).Message
        );
    }

    [Fact]
    public void What_follows_a_gzip_trailer_may_be_zeros_and_nothing_else()
    {
        var packed = TestFolder.Gzip("x,y\n1,2\n"u8.ToArray());
        foreach (var zeros in (int[])[1, 7, 8, 20, 100_000])
        {
            var path = _folder.Write("t.csv.gz", [.. packed, .. new byte[zeros]]);
            Assert.Equal([1, 2], TestFolder.ReadAll(TableList.Open([path], new TableOptions(), null, null, Shard.Whole, 16)));
        }

        var junk = _folder.Write("j.csv.gz", [.. packed, 0, .. "junk"u8]);
        Assert.Contains(
            "j.csv.gz has 5 bytes after its gzip trailer",
            Assert
                .Throws<LatentException>(() => TestFolder.ReadAll(TableList.Open([junk], new TableOptions(), null, null, Shard.Whole, 16)))
                .Message
        );
    }

    [Fact]
    public void A_file_that_begins_with_a_skippable_frame_is_unpacked()
    {
        byte[] skipped = [0x5A, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];
        var path = _folder.Write("t.csv.zst", [.. skipped, .. TestFolder.Zstandard("x,y\n1,2\n"u8.ToArray())]);
        Assert.Equal([1, 2], TestFolder.ReadAll(TableList.Open([path], new TableOptions(), null, null, Shard.Whole, 16)));
    }
}
