using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Data.Tables.Profile;
using Latent.Data.Tests.Columns;
using Latent.Tests;
using static System.Single;

namespace Latent.Data.Tests.Tables;

public sealed class CellSourceTests : IDisposable
{
    private static readonly TableDescription s_table = new()
    {
        Columns =
        [
            Column("n", 0, TableColumnKind.Number),
            Column("i", 1, TableColumnKind.Integer),
            Column("w", 2, TableColumnKind.Category) with
            {
                Levels = ["red", "light blue", "a \"b\""],
            },
            Column("b", 3, TableColumnKind.Boolean) with
            {
                Levels = ["False", "True"],
            },
            Column("d", 4, TableColumnKind.DateTime) with
            {
                Origin = new DateTime(2019, 2, 25),
            },
        ],
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fields_become_cells()
    {
        Assert.Equal(
            [
                [1.5f, 2, 0, 1, 1],
                [-1000, 3.5f, 1, 0, 26.5f],
                [NaN, NaN, -2, -2, NaN],
                [NaN, NaN, -2, -2, NaN],
                [NaN, NaN, -2, -2, NaN],
                [0, 0, -1, -1, -1],
                [1, 1, 2, 1, 0.25f],
                [1, 1, 0, 0, 0.5f],
            ],
            Read(
                """"
                n,i,w,b,d
                1.5,2,red,True,2019-02-26
                 -1e3 , 3.5, light blue ,False, 2019-03-23T12:00:00
                ,?,NA,N/A,n/a
                NaN,nan,NULL,null,#N/A
                ,"",""," ","? "
                0,0,Red,maybe,2019-02-24
                "1"," 1","a ""b""",true,2019-02-25 06:00:00Z
                1,1,red,no,25.02.2019 12:00
                """"
            )
        );
    }

    [Theory]
    [InlineData(
        "n,i,w,b,d\nx,2,red,True,2019-02-26\n",
        "line 2, column n, has 'x'; it must be a finite number, or empty where it is missing."
    )]
    [InlineData("n,i,w,b,d\n1,inf,red,True,2019-02-26\n", "line 2, column i, has 'inf'; it must be a finite number, or empty")]
    [InlineData("n,i,w,b,d\n1,1e39,red,True,2019-02-26\n", "line 2, column i, has '1e39'; it must be a number that a 32-bit float holds.")]
    [InlineData("n,i,w,b,d\n1,2,red,True,2019-02-30\n", "line 2, column d, has '2019-02-30'; it must be a date such as 2019-03-23 or")]
    [InlineData("n,i,w,b,d\n1,2,red\n", "line 2, has 3 fields; the first line has 5.")]
    [InlineData("n,i,w,b\n1,2,red,True\n", "has no column 'd'; it has n, i, w, b.")]
    [InlineData("n,ii,w,b,d\n1,2,red,True,2019-02-26\n", "has no column 'i' (is it ii?); it has")]
    [InlineData("n,i,w,b,d,n\n1,2,red,True,2019-02-26,2\n", "has 2 columns named 'n'; a position must say which: 0 or 5.")]
    [InlineData("1,2,3,0,5\n", "has no line of names, by which the model's columns are found")]
    public void What_is_no_cell_is_a_problem(string text, string reason)
    {
        var path = _folder.Write("t.csv", text);
        Assert.Contains(reason, Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(path, s_table))).Message);
    }

    [Fact]
    public void Problems_leave_other_rows_alone()
    {
        var path = _folder.Write("t.csv", "n,i,w,b,d\n1,2,red,True,\nx,2,red,True,\n3,2,,True,\n");
        var skipped = new List<SkippedInput>();
        Assert.Equal([1, 2, 0, 1, NaN, 3, 2, -2, 1, NaN], TestFolder.ReadAll(Open(path, s_table), skipped));
        Assert.Equal($"{path}:3", Assert.Single(skipped).Input);
    }

    [Theory]
    [InlineData("x,d,b,w, i ,n,y\n7,2019-02-26,True,red,2,1.5,z\n")]
    [InlineData("d;b;w;i;n\n2019-02-26;True;red;2;1.5\n")]
    [InlineData("\"d\"\t\"b\"\t\"w\"\t\"i\"\t\"n\"\n2019-02-26\tTRUE\t\"red\"\t2\t1.5\n")]
    public void Swapped_and_further_columns_and_other_separators_are_no_problem(string text) =>
        Assert.Equal(
            [
                [1.5f, 2, 0, 1, 1],
            ],
            Read(text)
        );

    [Fact]
    public void Options_choose_columns_when_scoring_and_pass_others_on()
    {
        var path = _folder.Write("t.csv", "N,I,W,B,D,id,label\n1.5,2,red,True,2019-02-26,x1,yes\n");
        var options = new TableOptions
        {
            Columns = ["N..D"],
            Keep = ["id"],
            Label = "label",
            Table = s_table,
        };
        using var source = TableFile.Open(path, options, null, 5, Shard.Whole, 16);
        var batch = new RowBatch(4, source.RowLength, 0);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        Assert.Equal([1.5f, 2, 0, 1, 1], batch.Row(0).ToArray());
        Assert.Equal(("x1", "yes"), (batch.Kept[0][0], batch.Labels[0]));
        Assert.Equal(["n", "i", "w", "b", "d"], source.ColumnNames!);
        Assert.Contains(
            "has 4 columns to read, but the model takes 5",
            Assert
                .Throws<LatentException>(() => TableFile.Open(path, options with { Columns = ["N..B"] }, null, 5, Shard.Whole, 16))
                .Message
        );
        // What a recipe names is in the description.
        using var training = TableFile.Open(
            _folder.Write("u.csv", "n,i,w,b,d,z\n1,2,red,True,,5\n"),
            options with
            {
                Columns = ["n..z"],
                Keep = null,
                Label = "z",
            },
            null,
            null,
            Shard.Whole,
            16
        );
        Assert.Equal([1, 2, 0, 1, NaN], TestFolder.ReadAll(training));
    }

    [Fact]
    public void Tables_without_names_are_read_by_position()
    {
        var table = s_table with
        {
            HasHeader = false,
            Columns = [.. s_table.Columns.Select(c => c with { Name = $"{c.Position + 1}", Position = c.Position + 1 })],
        };
        Assert.Equal(
            [
                [1.5f, 2, 0, 1, 1],
            ],
            Read("x,1.5,2,red,True,2019-02-26\n", table)
        );
        Assert.Equal(
            [
                [1.5f, 2, 0, 1, 1],
            ],
            Read("x,1.5,2,red,True,2019-02-26,further\n", table)
        );
        Assert.Equal(
            [
                [1.5f, 2, 0, 1, 1],
            ],
            Read("0,1,2,3,4,5\nx,1.5,2,red,True,2019-02-26\n", table)
        );
        var path = _folder.Write("t.csv", "x,1.5,2,red,True\n");
        Assert.Contains(
            "has 5 columns, but the model reads column 5 (counted from 0)",
            Assert.Throws<LatentException>(() => Open(path, table)).Message
        );
        path = _folder.Write("t.csv", "id,n,i,w,b,d\nx,1.5,2,red,True,2019-02-26\n");
        Assert.Contains("line 1, column 1, has 'n'", Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(path, table))).Message);
        using var said = TableFile.Open(path, new TableOptions { Table = table, Header = true }, null, 5, Shard.Whole, 16);
        Assert.Equal([1.5f, 2, 0, 1, 1], TestFolder.ReadAll(said));
    }

    [Fact]
    public void Numbers_as_words_are_found_however_they_are_written()
    {
        var table = new TableDescription
        {
            Columns =
            [
                Column("code", 0, TableColumnKind.Category) with
                {
                    Levels = ["3", "02", "10"],
                },
                Column("bits", 1, TableColumnKind.Boolean),
                Column("mixed", 2, TableColumnKind.Category) with
                {
                    Levels = ["3", "x"],
                },
            ],
        };
        Assert.Equal(
            [
                [0, 1, 0],
                [1, 0, -1],
                [2, 1, 1],
                [-1, 0, -1],
                [-2, NaN, -2],
            ],
            Read("code,bits,mixed\n3,1,3\n2,false,3.0\n10.0,True,x\n4,0.0,y\n,,\n", table)
        );
        foreach (var name in (string[])["t.parquet", "t.arrow"])
        {
            foreach (
                var codes in (Array[])
                    [new byte[] { 3, 2, 10 }, new long[] { 3, 2, 10 }, new double[] { 3, 2, 10 }, new string[] { "3", "2.0", "10" }]
            )
            {
                (string, Array)[] columns = [("mixed", codes), ("bits", new bool[] { true, false, true }), ("code", codes)];
                var path = ColumnarFiles.Write(_folder[name], columns);
                Assert.Equal([0, 1, 0, 1, 0, -1, 2, 1, -1], TestFolder.ReadAll(Open(path, table)));
            }
        }
    }

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.arrows")]
    public void Columns_become_cells(string name)
    {
        var day = new DateTime(2019, 2, 26, 0, 0, 0, DateTimeKind.Utc);
        (string, Array)[] columns =
        [
            ("further", new int[] { 1, 2, 3 }),
            ("d", new DateTime[] { day, day.AddHours(6), day.AddDays(-1) }),
            ("b", new bool[] { true, false, true }),
            ("w", new string?[] { " red", null, "green" }),
            ("i", new int?[] { 5, null, -7 }),
            ("n", new float[] { 1.5f, NaN, PositiveInfinity }),
        ];
        var path = ColumnarFiles.Write(_folder[name], columns, columns);
        var skipped = new List<SkippedInput>();
        float[] part = [1.5f, 5, 0, 1, 1, NaN, NaN, -2, 0, 1.25f];
        Assert.Equal([.. part, .. part], TestFolder.ReadAll(Open(path, s_table), skipped));
        Assert.Equal([$"{path}[2]", $"{path}[5]"], skipped.Select(s => s.Input));
        Assert.Contains("row 2 (counted from 0), column n, has 'Infinity'; it must be a finite number", skipped[0].Reason);

        // Texts and dates without times too, and numbers where dates or words should be.
        columns =
        [
            ("n", new string?[] { "1.5", "?", "x" }),
            ("i", new decimal[] { 1.5m, 2, 3 }),
            ("w", new string[] { "red", "light blue", "" }),
            ("b", new string[] { "yes", "0", "x" }),
            ("d", new DateOnly[] { new(2019, 2, 26), new(2019, 2, 24), new(2020, 2, 24) }),
        ];
        path = ColumnarFiles.Write(_folder[name], columns);
        skipped.Clear();
        Assert.Equal([1.5f, 1.5f, 0, 1, 1, NaN, 2, 1, 0, -1], TestFolder.ReadAll(Open(path, s_table), skipped));
        Assert.Contains("column n, has 'x'; it must be a finite number", Assert.Single(skipped).Reason);
        columns[4] = ("d", new int[] { 1, 2, 3 });
        path = ColumnarFiles.Write(_folder[name], columns);
        Assert.Contains(
            "column d, has '1'; it must be a date",
            Assert.Throws<LatentException>(() => TestFolder.ReadAll(Open(path, s_table))).Message
        );
        path = ColumnarFiles.Write(_folder[name], columns[..4]);
        Assert.Contains("has no column 'd'", Assert.Throws<LatentException>(() => Open(path, s_table)).Message);
    }

    [Fact]
    public void A_table_has_the_same_kinds_and_cells_in_every_format()
    {
        var random = new Random(6);
        var count = 300;
        var start = new DateTime(2024, 1, 1, 8, 30, 0, DateTimeKind.Utc);
        string[] words = ["one", "two words", "x,y", "quote \" in it"];
        (string Name, Array Values)[] columns =
        [
            ("number", Of(i => i % 10 == 9 ? null : (double?)Math.Round(random.NextDouble() * 100, 3))),
            ("integer", Of(i => random.Next(-50, 50))),
            ("small", Of(i => (byte)random.Next(7))),
            ("bits", Of(i => (long)random.Next(2))),
            ("truth", Of(i => random.Next(3) == 0)),
            ("word", Of(i => i % 7 == 6 ? null : words[random.Next(random.Next(1, 5))])),
            ("when", Of(i => start.AddSeconds(random.Next(10_000_000)))),
            ("day", Of(i => new DateOnly(2023, 5, 1).AddDays(random.Next(400)))),
            ("id", Of(i => i)),
            ("code", Of(i => 100 * random.Next(4))),
        ];
        var recipe = new TableRecipe { Kinds = new Dictionary<string, TableColumnKind> { ["code"] = TableColumnKind.Category } };
        string[] paths =
        [
            _folder.Write("t.csv", Csv(columns)),
            _folder.Write("t.csv.gz", TestFolder.Gzip(System.Text.Encoding.UTF8.GetBytes(Csv(columns)))),
            ColumnarFiles.Write(_folder["t.parquet"], columns),
            ColumnarFiles.Write(_folder["t.arrow"], columns),
            ColumnarFiles.Write(_folder["t.arrows"], columns),
        ];
        var tables = paths.Select(path => Profile(path, recipe)).ToArray();
        Assert.Equal(
            [
                TableColumnKind.Number,
                TableColumnKind.Integer,
                TableColumnKind.Integer,
                TableColumnKind.Boolean,
                TableColumnKind.Boolean,
                TableColumnKind.Category,
                TableColumnKind.DateTime,
                TableColumnKind.DateTime,
                TableColumnKind.Category,
            ],
            tables[0].Columns.Select(c => c.Kind)
        );
        Assert.Equal(["False", "True"], tables[0].Columns[4].Levels!);
        Assert.Equal("id", Assert.Single(tables[0].LeftOut).Name);
        var cells = TestFolder.ReadAll(Open(paths[0], tables[0]));
        Assert.Equal(count * 9, cells.Length);
        foreach (var (path, table) in paths.Zip(tables))
        {
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(tables[0]), System.Text.Json.JsonSerializer.Serialize(table));
            Assert.Equal(cells, TestFolder.ReadAll(Open(path, table)));
            Assert.Equal(cells, Enumerable.Range(1, 3).SelectMany(i => TestFolder.ReadAll(Open(path, tables[0], new Shard(i, 3)))));
        }

        Array Of<T>(Func<int, T> value) => Enumerable.Range(0, count).Select(value).ToArray();
    }

    [Theory]
    [InlineData("titanic.csv")]
    [InlineData("taxis.csv")]
    [InlineData("adult.csv.gz")]
    public void Shared_tables_are_read_whole(string name)
    {
        var path = World.SharedData($"mixed/{name}");
        var table = Profile(path, new TableRecipe());
        var rows = TestFolder.ReadAll(Open(path, table)).Chunk(table.Columns.Count).ToArray();
        Assert.Equal(
            name switch
            {
                "titanic.csv" => 891,
                "taxis.csv" => 6433,
                _ => 32561,
            },
            rows.Length
        );
        string? Missing(string column)
        {
            var i = table.Columns.Index().First(c => c.Item.Name == column).Index;
            return $"{column} {rows.Count(row => IsNaN(row[i]) || row[i] == TableDescription.Missing)}";
        }

        Assert.Equal(
            name switch
            {
                "titanic.csv" => ["age 177", "deck 688", "embarked 2"],
                "taxis.csv" => ["payment 44", "pickup_zone 26", "dropoff_borough 45"],
                _ => (string[])["1 1836", "6 1843", "13 583"],
            },
            (
                name switch
                {
                    "titanic.csv" => (string[])["age", "deck", "embarked"],
                    "taxis.csv" => ["payment", "pickup_zone", "dropoff_borough"],
                    _ => ["1", "6", "13"],
                }
            ).Select(Missing)
        );
        if (name == "taxis.csv")
            Assert.Equal(26 + (20 * 3600 + 21 * 60 + 9) / 86400f, rows[0][0], 1e-5);
        Assert.DoesNotContain(rows, row => row.Contains(TableDescription.Unseen));
    }

    [Fact]
    public void Numbers_that_floats_would_merge_are_refused_when_training_and_missing_ones_do_not_count()
    {
        var path = _folder.Write(
            "t.csv",
            "w,t\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"x,{(i % 3 == 0 ? "" : 1764460800 + i)}\n"))
        );
        var table = new TableDescription
        {
            Columns = [Column("t", 1, TableColumnKind.Integer), Column("w", 0, TableColumnKind.Category) with { Levels = ["x"] }],
        };
        using var source = TableFile.Open(path, new TableOptions { Table = table }, null, null, Shard.Whole, 16);
        Assert.Equal(120, TestFolder.ReadAll(source).Length);
        Assert.Contains("column 't', has values around 17644608", Assert.Throws<LatentException>(source.CheckPrecision).Message);
    }

    private static string Csv((string Name, Array Values)[] columns) =>
        string.Join(',', columns.Select(c => c.Name))
        + "\n"
        + string.Concat(
            Enumerable
                .Range(0, columns[0].Values.Length)
                .Select(i => string.Join(',', columns.Select(c => Field(c.Values.GetValue(i)))) + "\n")
        );

    private static string Field(object? value) =>
        value switch
        {
            string text => $"\"{text.Replace("\"", "\"\"")}\"",
            DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    private float[][] Read(string text, TableDescription? table = null) =>
        [.. TestFolder.ReadAll(Open(_folder.Write("t.csv", text), table ?? s_table)).Chunk((table ?? s_table).Columns.Count)];

    private static RowSource Open(string path, TableDescription table, Shard? shard = null) =>
        TableFile.Open(path, new TableOptions { Table = table }, null, table.Columns.Count, shard ?? Shard.Whole, 16);

    private static TableDescription Profile(string path, TableRecipe recipe) =>
        TableProfiler.Profile([path], new TableOptions(), recipe, TestContext.Current.CancellationToken);

    private static TableColumn Column(string name, int position, TableColumnKind kind) =>
        new()
        {
            Name = name,
            Position = position,
            Kind = kind,
        };
}
