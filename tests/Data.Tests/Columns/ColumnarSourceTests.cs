using System.Globalization;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Latent.Contracts;
using Latent.Data.Columns;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Parquet;
using Parquet.Schema;
using Array = System.Array;
using Field = Apache.Arrow.Field;

namespace Latent.Data.Tests.Columns;

public sealed class ColumnarSourceTests : IDisposable
{
    private static readonly string[] s_names = ["a", "b", "c"];
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Formats => ["t.parquet", "t.arrow", "t.arrows"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_type_of_number_is_read(string name)
    {
        float[] values = [0, 1, 100, 7];
        (string Name, Array Values)[] columns =
        [
            ("u1", Array.ConvertAll(values, v => (byte)v)),
            ("i1", Array.ConvertAll(values, v => (sbyte)v)),
            ("u2", Array.ConvertAll(values, v => (ushort)v)),
            ("i2", Array.ConvertAll(values, v => (short)v)),
            ("u4", Array.ConvertAll(values, v => uint.MaxValue - (uint)v)),
            ("i4", Array.ConvertAll(values, v => -(int)v)),
            ("u8", Array.ConvertAll(values, v => ulong.MaxValue - (ulong)v)),
            ("i8", Array.ConvertAll(values, v => -(long)v)),
            ("f4", values),
            ("f8", Array.ConvertAll(values, v => (double)v / 3)),
            ("truth", Array.ConvertAll(values, v => v > 1)),
            ("decimal", Array.ConvertAll(values, v => -(decimal)v / 8)),
            ("i4?", Array.ConvertAll(values, v => (int?)v)),
            ("f8?", Array.ConvertAll(values, v => (double?)v)),
        ];
        var expected = values.SelectMany(v =>
            (float[])[v, v, v, v, uint.MaxValue - (uint)v, -v, ulong.MaxValue, -v, v, (float)(v / 3.0), v > 1 ? 1 : 0, -v / 8, v, v]
        );
        var path = ColumnarFiles.Write(_folder[name], columns, columns);
        Assert.Equal([.. expected, .. expected], TestFolder.ReadAll(OpenAll(path)));
        using var source = OpenAll(path, new TableOptions { Keep = ["decimal", "f8", "truth"] });
        var batch = new RowBatch(16, source.RowLength, 0);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        Assert.Equal(["-0.125", "0.3333333333333333", "0"], batch.Kept[1]);
        Assert.Equal(["-12.500", "33.333333333333336", "1"], batch.Kept[2]);
    }

    [Fact]
    public void Half_floats_dictionaries_and_larger_texts_of_arrow_are_read()
    {
        var places = ColumnarFiles.Array(Int8Type.Default, (sbyte[])[1, 0, 1, 0], [true, true, true, false]);
        var numbers = new DictionaryArray(
            new DictionaryType(Int8Type.Default, DoubleType.Default, false),
            places,
            ColumnarFiles.Array(DoubleType.Default, [0.5, 1.5])
        );
        var texts = new DictionaryArray(
            new DictionaryType(Int8Type.Default, StringType.Default, false),
            places,
            new StringArray.Builder().AppendRange(["no", "yes"]).Build()
        );
        var halves = ColumnarFiles.Array(HalfFloatType.Default, (Half[])[(Half)1, (Half)2, (Half)0.25, (Half)4]);
        string[] words = ["a text of more than twelve letters", "short", "ä"];
        var large = new LargeStringArray.Builder().AppendRange([.. words, "x"]).Build();
        var views = new StringViewArray.Builder().AppendRange([.. words, "x"]).Build();
        using (
            var source = OpenAll(
                ColumnarFiles.WriteArrow(_folder["t.arrow"], null, ["half", "large", "view"], [halves, large, views]),
                new TableOptions { Keep = ["large", "view"] }
            )
        )
        {
            var batch = new RowBatch(4, 1, 0);
            Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
            Assert.Equal(words.Select(word => (string[])[word, word]), batch.Kept[..3]);
        }

        foreach (var packed in (string?[])[null, "Zstd", "Lz4Frame"])
        {
            var path = ColumnarFiles.WriteArrow(
                _folder["t.arrow"],
                packed,
                ["half", "number", "text"],
                [halves, numbers, texts],
                [halves, numbers, texts],
                [halves, numbers, texts]
            );
            var skipped = new List<SkippedInput>();
            float[] part = [1, 1.5f, 2, 0.5f, 0.25f, 1.5f];
            Assert.Equal([.. part, .. part, .. part], TestFolder.ReadAll(OpenAll(path, new TableOptions { Keep = ["text"] }), skipped));
            Assert.Equal([3, 7, 11], skipped.Select(s => int.Parse(s.Input.Split('[', ']')[^2], CultureInfo.InvariantCulture)));
            Assert.Contains("column number, has null; it must be a finite number", skipped[0].Reason);
            // The dictionaries lie before the batches that a shard leaves out.
            Assert.Equal(
                part,
                TestFolder.ReadAll(
                    new ColumnarSource(path, () => new ArrowTable(path), new TableOptions { Keep = ["text"] }, null, 2, new Shard(3, 3), 4),
                    []
                )
            );
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_no_number_is_skipped_as_in_a_csv(string name)
    {
        var path = ColumnarFiles.Write(
            _folder[name],
            [
                ("a", (double?[])[1, null, 3, 4, 5]),
                ("b", (float[])[1, 2, float.NaN, 4, 5]),
                ("c", (double[])[1, 2, 3, 1e39, double.NegativeInfinity]),
            ]
        );
        var skipped = new List<SkippedInput>();
        Assert.Equal([1, 1, 1], TestFolder.ReadAll(Open(path), skipped));
        Assert.Equal([$"{path}[1]", $"{path}[2]", $"{path}[3]", $"{path}[4]"], skipped.Select(s => s.Input));
        Assert.Equal(
            [
                $"{path}, row 1 (counted from 0), column a, has null; it must be a finite number.",
                $"{path}, row 2 (counted from 0), column b, has 'NaN'; it must be a finite number.",
                $"{path}, row 3 (counted from 0), column c, has '1E+39'; it must be a number that a 32-bit float holds.",
                $"{path}, row 4 (counted from 0), column c, has '-Infinity'; it must be a finite number.",
            ],
            skipped.Select(s => s.Reason)
        );
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Columns_are_chosen_as_in_a_csv(string name)
    {
        var path = ColumnarFiles.Write(
            _folder[name],
            [
                ("id", (string?[])["x", null]),
                ("c", (int[])[3, 6]),
                ("a", (int[])[1, 4]),
                ("b", (int[])[2, 5]),
                ("odd", (bool[])[true, false]),
                ("day", (DateOnly[])[new(2024, 2, 29), new(1969, 7, 20)]),
                ("time", (DateTime[])[new(2024, 2, 29, 1, 2, 3, 450), new(1969, 7, 20)]),
            ]
        );
        Assert.Equal([1, 2, 3, 4, 5, 6], TestFolder.ReadAll(Open(path)));
        Assert.Equal([2, 3, 1, 5, 6, 4], TestFolder.ReadAll(Open(path, new TableOptions { Columns = ["b", "1..a"] })));
        using var source = Open(
            path,
            new TableOptions
            {
                Keep = ["id", "day", "time", "0"],
                Label = "odd",
                LabelIsTruth = true,
            }
        );
        Assert.Equal(2, source.Count);
        Assert.Equal(["id", "day", "time", "id"], source.KeptNames);
        Assert.Equal(s_names, source.ColumnNames);
        var batch = new RowBatch(4, 3, 0);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        Assert.Equal(["x", "2024-02-29", "2024-02-29T01:02:03.45", "x"], batch.Kept[0]);
        Assert.Equal(["", "1969-07-20", "1969-07-20T00:00:00", ""], batch.Kept[1]);
        Assert.Equal(["1", "0"], batch.Labels[..2]);
        Refuses("has no column 'd'", new TableOptions { Columns = ["d"] });
        Refuses("column id, is of type", new TableOptions { Columns = ["id", "a", "b"] });
        Refuses(
            "column time, is of type timestamp; a column of a row must hold numbers",
            new TableOptions { Columns = ["a", "b", "time"] }
        );
        Refuses("has 2 columns to read, but the model takes 3", new TableOptions { Columns = ["a", "b"] });
        Refuses("says itself how it is read", new TableOptions { Separator = ';' });
        Assert.Contains(
            "has no column 'z'; it has id, c, a",
            Assert.Throws<LatentException>(() => TableFile.Open(path, new TableOptions(), ["z"], 1, Shard.Whole, 16)).Message
        );

        void Refuses(string reason, TableOptions options) =>
            Assert.Contains(reason, Assert.Throws<LatentException>(() => Open(path, options)).Message);
    }

    [Fact]
    public async Task Nested_columns_are_left_out_unless_they_are_asked_for()
    {
        var (x, a) = (new DataField("x", typeof(int)), new DataField("a", typeof(int)));
        await using (var file = File.Create(_folder["t.parquet"]))
        {
            await using var writer = await ParquetWriter.CreateAsync(
                new ParquetSchema(new StructField("s", x), a),
                file,
                cancellationToken: TestContext.Current.CancellationToken
            );
            using var group = writer.CreateRowGroup();
            await group.WriteAllPartsAsync(
                x,
                (ReadOnlyMemory<int>)(int[])[1, 2],
                (ReadOnlyMemory<int>)(int[])[1, 1],
                null,
                TestContext.Current.CancellationToken
            );
            await group.WriteAsync(a, (ReadOnlyMemory<int>)(int[])[3, 4], cancellationToken: TestContext.Current.CancellationToken);
        }

        var structure = new StructArray(
            new StructType([new Field("x", Int32Type.Default, true)]),
            2,
            [ColumnarFiles.Array(Int32Type.Default, [1, 2])],
            ArrowBuffer.Empty
        );
        ColumnarFiles.WriteArrow(_folder["t.arrow"], null, ["s", "a"], [structure, ColumnarFiles.Array(Int32Type.Default, [3, 4])]);
        foreach (var name in (string[])["t.parquet", "t.arrow"])
        {
            using var source = OpenAll(_folder[name]);
            Assert.Equal($"{_folder[name]} has nested columns, which are left out: s.", source.Note);
            Assert.Equal([3, 4], TestFolder.ReadAll(source));
            var error = Assert.Throws<LatentException>(() => OpenAll(_folder[name], new TableOptions { Columns = ["s"] }));
            Assert.Contains("column s, is of type struct", error.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Shards_joined_are_the_whole_and_parts_of_others_are_not_decoded(string name)
    {
        var random = new Random(5);
        float[] Column(int rows) => [.. Enumerable.Range(0, rows).Select(_ => random.NextSingle())];
        (string Name, Array Values)[][] parts =
        [
            .. ((int[])[100, 1, 0, 63, 64, 65]).Select(rows => s_names.Select(n => (n, (Array)Column(rows))).ToArray()),
        ];
        var path = ColumnarFiles.Write(_folder[name], parts);
        var whole = TestFolder.ReadAll(Open(path));
        Assert.Equal(3 * 293, whole.Length);
        foreach (var count in (int[])[2, 3, 7, 40])
            Assert.Equal(whole, Enumerable.Range(1, count).SelectMany(i => TestFolder.ReadAll(Open(path, shard: new Shard(i, count)))));
        if (name != "t.parquet")
            return;
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf(MemoryMarshal.AsBytes(((float[])parts[0][2].Values).AsSpan()));
        bytes.AsSpan(at - 20, 400).Fill(0xFF);
        _folder.Write(name, bytes);
        Assert.Contains(
            "is damaged, or is none that can be read in row group 0",
            Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(path))).Message
        );
        Assert.Equal(whole[(3 * 144)..], TestFolder.ReadAll(Open(path, shard: new Shard(2, 2))));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Columns_that_floats_would_merge_are_refused_when_training(string name)
    {
        var path = ColumnarFiles.Write(
            _folder[name],
            [("a", Enumerable.Range(0, 60).ToArray()), ("t", Enumerable.Range(0, 60).Select(i => 1764460800L + i).ToArray())]
        );
        using var source = OpenAll(path);
        TestFolder.ReadAll(source);
        Assert.Contains("column 't', has values around 17644608", Assert.Throws<LatentException>(source.CheckPrecision).Message);
    }

    [Fact]
    public void A_file_is_known_by_its_first_bytes()
    {
        (string Name, Array Values)[] columns = [.. s_names.Select((n, i) => (n, (Array)(float[])[i]))];
        foreach (var name in (string[])["t.parquet", "t.arrow", "t.arrows"])
        {
            File.Copy(ColumnarFiles.Write(_folder[name], columns), _folder["t.csv"], overwrite: true);
            Assert.Equal([0, 1, 2], TestFolder.ReadAll(Open(_folder["t.csv"])));
        }

        var error = Assert.Throws<LatentException>(() => Open(_folder.Write("u.parquet", "a,b,c\n1,2,3\n")));
        Assert.Contains("begins with 0x612c622c630a312c, which is neither Parquet (PAR1) nor Arrow", error.Message);
    }

    [Theory]
    [InlineData("t.parquet", "Snappy")]
    [InlineData("t.parquet", "Gzip")]
    [InlineData("t.parquet", "Zstd")]
    [InlineData("t.parquet", "Brotli")]
    [InlineData("t.parquet", "Lz4Raw")]
    [InlineData("t.arrow", "Zstd")]
    [InlineData("t.arrows", "Lz4Frame")]
    public void Packed_columns_are_read(string name, string packed)
    {
        var values = Enumerable.Range(0, 5000).Select(i => i % 7 * 0.25f).ToArray();
        (string Name, Array Values)[] columns =
        [
            ("a", values),
            ("b", values),
            ("c", values),
            ("id", values.Select(v => $"number {v}").ToArray()),
        ];
        float[] part = [.. values.SelectMany(v => (float[])[v, v, v])];
        var path = ColumnarFiles.Write(_folder[name], packed, [columns, columns]);
        Assert.Equal([.. part, .. part], TestFolder.ReadAll(Open(path, new TableOptions { Keep = ["id"] })));
    }

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public void What_is_written_is_read(string name)
    {
        ColumnarSink New(string[] kept, string[] results) =>
            name == "t.parquet"
                ? new ParquetSink(_folder[name], kept, ResultColumn.Numbers(results), true)
                : new ArrowSink(_folder[name], kept, ResultColumn.Numbers(results), true);
        Assert.Contains("two columns named 'x'", Assert.Throws<LatentException>(() => New(["x"], ["x"])).Message);
        using (var sink = New(["row", "text"], ["x", "y"]))
        {
            var batch = new RowBatch(100_000, 1, 2);
            for (var round = 0; round < 2; round++, batch.Clear())
            {
                for (; batch.Count < 100_000; batch.Count++)
                {
                    batch.Positions[batch.Count] = 3 * batch.Count;
                    batch.Kept[batch.Count] = [$"{round}", "ä, \"b\""];
                    ((float[])[batch.Count / 3f, float.NaN]).CopyTo(batch.Result(batch.Count));
                }

                sink.Write(batch);
            }

            Assert.False(File.Exists(_folder[name]));
            sink.Complete();
        }

        Assert.Equal([name], Directory.GetFiles(_folder.Path).Select(System.IO.Path.GetFileName));
        using var source = TableFile.Open(
            _folder[name],
            new TableOptions { Columns = ["row_number", "x", "x"], Keep = ["row", "text", "y"] },
            null,
            3,
            Shard.Whole,
            16
        );
        Assert.Equal(200_000, source.Count);
        var read = new RowBatch(70_000, 3, 0);
        var rows = 0;
        for (; source.Read(read, TestContext.Current.CancellationToken); read.Clear())
        {
            for (var i = 0; i < read.Count; i++, rows++)
            {
                if (
                    read.Row(i)[0] != 3 * (rows % 100_000)
                    || read.Row(i)[1] != rows % 100_000 / 3f
                    || !read.Kept[i].SequenceEqual([$"{rows / 100_000}", "ä, \"b\"", "NaN"])
                )
                {
                    Assert.Fail($"Row {rows} is {string.Join(' ', read.Row(i).ToArray())} {string.Join(' ', read.Kept[i])}.");
                }
            }
        }

        Assert.Equal(200_000, rows);
    }

    private static RowSource Open(string path, TableOptions? options = null, Shard? shard = null) =>
        TableFile.Open(path, options ?? new TableOptions(), s_names, 3, shard ?? Shard.Whole, 16);

    private static RowSource OpenAll(string path, TableOptions? options = null) =>
        TableFile.Open(path, options ?? new TableOptions(), null, null, Shard.Whole, 16);
}
