using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Data.Tables.Profile;
using Latent.Tests;

namespace Latent.Data.Tests.Tables.Profile;

public sealed class TableProfilerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Titanic()
    {
        var table = Profile([World.SharedData("mixed/titanic.csv")]);
        Assert.True(table.HasHeader);
        Assert.Empty(table.LeftOut);
        Assert.Equal(
            """
            survived Boolean Bernoulli
            pclass Integer Gaussian
            sex Category Categorical male female
            age Number Gaussian
            sibsp Integer Gaussian
            parch Integer Gaussian
            fare Number Gaussian
            embarked Category Categorical S C Q
            class Category Categorical Third First Second
            who Category Categorical man woman child
            adult_male Boolean Categorical True False
            deck Category Categorical C B D E A F G
            embark_town Category Categorical Southampton Cherbourg Queenstown
            alive Boolean Categorical no yes
            alone Boolean Categorical True False
            """,
            Text(table)
        );
    }

    [Fact]
    public void Taxis()
    {
        var table = Profile([World.SharedData("mixed/taxis.csv")]);
        Assert.True(table.HasHeader);
        Assert.Empty(table.LeftOut);
        Assert.Equal(
            [
                "pickup DateTime Gaussian",
                "dropoff DateTime Gaussian",
                "passengers Integer Gaussian",
                "distance Number Gaussian",
                "fare Number Gaussian",
                "tip Number Gaussian",
                "tolls Number Gaussian",
                "total Number Gaussian",
                "color Category Categorical yellow green",
                "payment Category Categorical credit card cash",
            ],
            Text(table).Split('\n')[..10]
        );
        Assert.Equal(new DateTime(2019, 2, 25), table.Columns[0].Origin);
        Assert.Equal((194, "Midtown Center"), (table.Columns[10].Levels!.Count, table.Columns[10].Levels![0]));
        Assert.Equal(203, table.Columns[11].Levels!.Count);
        Assert.Equal(["Manhattan", "Queens", "Brooklyn", "Bronx"], table.Columns[12].Levels!);
        Assert.Equal(5, table.Columns[13].Levels!.Count);
    }

    [Fact]
    public void Adult()
    {
        var table = Profile([World.SharedData("mixed/adult.csv.gz")], options: new TableOptions { Label = "14" });
        Assert.False(table.HasHeader);
        Assert.Empty(table.LeftOut);
        int[] numbers = [0, 2, 4, 10, 11, 12];
        Assert.Equal(numbers, table.Numbers());
        Assert.All(numbers, i => Assert.Equal(TableColumnKind.Integer, table.Columns[i].Kind));
        Assert.Equal(Enumerable.Range(0, 14).Select(i => i.ToString(CultureInfo.InvariantCulture)), table.Columns.Select(c => c.Name));
        Assert.Equal([8, 16, 7, 14, 6, 5, 2, 41], table.Categories().Select(i => table.Columns[i].Levels!.Count));
        Assert.Equal(["Male", "Female"], table.Columns[9].Levels!);
    }

    [Fact]
    public void Measurements_are_no_identifiers()
    {
        var folder = World.SharedData("adbench");
        foreach (var file in Directory.GetFiles(folder, "*.csv*"))
        {
            var table = Profile([file], options: new TableOptions { Label = "anomaly" });
            Assert.Empty(table.Categories());
            Assert.All(table.LeftOut, column => Assert.Equal(TableColumnKind.Constant, column.Kind));
        }
    }

    [Fact]
    public void Kinds()
    {
        var rows = Enumerable.Range(0, 200);
        var random = new Random(1);
        string[] words = ["red", "green", "blue"];
        (string Name, Func<int, string> Value)[] columns =
        [
            ("counter", i => $"{i + 1000}"),
            ("gaps", i => $"{i * 3}"),
            ("shuffled", i => $"{i * 77 % 200}"),
            ("sparse", i => $"{i * 7919L % 200 * 5000 + i}"),
            ("sorted", i => $"{i * i}"),
            ("id", i => $"row-{i * 7}"),
            ("name", i => $"the quick brown fox jumps over the lazy dog for the {i}th time"),
            ("half", i => $"word{i / 2}"),
            ("long", i => new string('x', i % 2 == 0 ? 5000 : 10)),
            ("color", i => words[i % 3]),
            ("rare", i => i == 7 ? "x" : ""),
            ("empty", i => i % 2 == 0 ? "NA" : " "),
            ("same", _ => "5.0"),
            ("same2", i => i % 2 == 0 ? "0" : "0.0"),
            ("bits", i => i % 3 == 0 ? "1.0" : "0"),
            ("two", i => i % 3 == 0 ? "1" : "2"),
            ("yes", i => i % 3 == 0 ? "Yes" : "no"),
            ("tf", i => i % 3 == 0 ? "T" : "F"),
            ("day", i => $"2024-01-{i % 28 + 1:00}"),
            ("iso", i => $"2024-01-{i % 28 + 1:00}T10:{i % 60:00}:00.25+02:00"),
            ("german", i => $"{i % 28 + 1}.1.2024 10:30"),
            ("us", i => $"01/{i % 28 + 1:00}/2024"),
            ("mixed", i => i % 2 == 0 ? $"01/{i % 5 + 1:00}/2024" : $"2024-01-0{i % 5 + 1}"),
            ("noday", i => $"2024-13-{i % 5 + 1:00}"),
            ("whole", i => $"{i % 50}.0"),
            ("float", i => (i / 7.0).ToString(CultureInfo.InvariantCulture)),
            ("one bad", i => i == 150 ? "x" : $"{i % 4}"),
        ];
        var text =
            string.Join(',', columns.Select(c => $"\"{c.Name}\""))
            + "\n"
            + string.Join(
                '\n',
                rows.Select(i => string.Join(',', columns.Select(c => i % 50 == 49 && c.Name == "color" ? "?" : c.Value(i))))
            );
        var table = Profile([_folder.Write("t.csv", text)]);
        Assert.Equal(
            """
            sparse Integer Gaussian
            sorted Integer Gaussian
            color Category Categorical red blue green
            bits Boolean Bernoulli
            two Integer Gaussian
            yes Boolean Categorical no Yes
            tf Boolean Categorical F T
            day DateTime Gaussian
            iso DateTime Gaussian
            german DateTime Gaussian
            us DateTime Gaussian
            mixed Category Categorical 01/01/2024 01/02/2024 01/03/2024 01/04/2024 01/05/2024 2024-01-01 2024-01-02 2024-01-03 2024-01-04 2024-01-05
            noday Category Categorical 2024-13-01 2024-13-02 2024-13-03 2024-13-04 2024-13-05
            whole Integer Gaussian
            float Number Gaussian
            one bad Category Categorical 0 1 3 2 x
            """,
            Text(table)
        );
        Assert.All(
            table.Columns.Where(c => c.Kind == TableColumnKind.DateTime),
            column => Assert.Equal(new DateTime(2024, 1, 1), column.Origin)
        );
        Assert.Equal(
            """
            counter Identifier: its whole numbers from 1000 to 1199 are another in each of 200 rows, as those of a counter are
            gaps Identifier: its whole numbers from 0 to 597 are another in each of 200 rows, as those of a counter are
            shuffled Identifier: its whole numbers from 0 to 199 are another in each of 200 rows, as those of a counter are
            id Identifier: it has a word of its own in each of 200 rows
            name Text: it has a text of 61 characters, as a mean, of its own in each of 200 rows
            half Text: it has 100 different texts in 200 rows
            long Text: its texts have 2505 characters, as a mean
            rare Constant: its only value is 'x'
            empty Constant: it has no value
            same Constant: its only value is '5.0'
            same2 Constant: its only number is 0
            """,
            string.Join('\n', table.LeftOut.Select(c => $"{c.Name} {c.Kind}: {c.Reason}"))
        );
    }

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n2,y\n", 3)]
    [InlineData("5,x\n1,x\n2,y\n", 3)]
    [InlineData("a,b\nx,y\nz,y\nz,u\n", 3)]
    [InlineData("when,b\n2024-01-01,x\n2024-01-02,y\n", 2)]
    [InlineData("2023-12-31,b\n2024-01-01,x\n2024-01-02,y\n", 3)]
    [InlineData("?,5,x\n1,6,x\n2,7,y\n", 3)]
    [InlineData(",5,x\n1,,x\n2,7,y\n", 3)]
    [InlineData("country,2019,2020\nA,1,2\nB,3,4\nA,3,5\n", 4)]
    [InlineData("0,1,2\n4,5,6\n7,8,9\n", 2)]
    [InlineData("0,1\n4,5\n7,8\n", 3)]
    [InlineData("\"a, b\",\"c\"\n1,\"x\ny\"\n2,y\n", 2)]
    [InlineData("0,1\n1,0\n1,0\n", 3)]
    public void Headers_are_found_out(string text, int rows)
    {
        var path = _folder.Write("t.csv", text);
        var table = Profile([path]);
        Assert.Equal(rows < text.Replace("x\ny", "x").Trim().Split('\n').Length, table.HasHeader);
        using var source = Open(path, table, null);
        Assert.Equal(rows * table.Columns.Count, TestFolder.ReadAll(source).Length);
    }

    [Fact]
    public void A_header_that_is_said_is_believed()
    {
        var path = _folder.Write("t.csv", "a,b\nc,d\nc,b\na,b\n");
        Assert.True(Profile([path]).HasHeader);
        var table = Profile([path], options: new TableOptions { Header = false });
        Assert.False(table.HasHeader);
        Assert.Equal(["0", "1"], table.Columns.Select(c => c.Name));
        Assert.Equal(["a", "c"], table.Columns[0].Levels!);
        Assert.True(Profile([_folder.Write("t.csv", "1,2\n3,4\n5,5\n")], options: new TableOptions { Header = true }).HasHeader);
    }

    [Fact]
    public void Kinds_of_the_recipe_come_first()
    {
        var text =
            "code,when,id,zip,flag\n"
            + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 3},2024-01-0{i % 3 + 1},{i},0{i % 2},{i % 2}\n"));
        var path = _folder.Write("t.csv", text);
        var table = Profile(
            [path],
            new TableRecipe
            {
                Kinds = new Dictionary<string, TableColumnKind>
                {
                    ["code"] = TableColumnKind.Category,
                    ["when"] = TableColumnKind.Category,
                    ["id"] = TableColumnKind.Integer,
                    ["zip"] = TableColumnKind.Category,
                    ["flag"] = TableColumnKind.Text,
                },
                Likelihoods = new Dictionary<string, ColumnLikelihood> { ["id"] = ColumnLikelihood.Poisson },
            }
        );
        Assert.Equal(
            """
            code Category Categorical 0 1 2
            when Category Categorical 2024-01-01 2024-01-02 2024-01-03
            id Integer Poisson
            zip Category Categorical 00 01
            """,
            Text(table)
        );
        Assert.Equal(
            ("flag", TableColumnKind.Text, "the recipe's data.table.kinds says so"),
            (table.LeftOut[0].Name, table.LeftOut[0].Kind, table.LeftOut[0].Reason)
        );
    }

    [Theory]
    [InlineData("age", TableColumnKind.Category, null, "")]
    [InlineData(
        "agee",
        TableColumnKind.Category,
        null,
        "data.table.kinds names 'agee', which is no column that is read of t.csv; did you mean age?"
    )]
    [InlineData(
        "label",
        TableColumnKind.Category,
        null,
        "data.table.kinds names 'label', which is no column that is read of t.csv; known are age, word, when, part, two."
    )]
    [InlineData(
        "word",
        TableColumnKind.Number,
        null,
        "t.csv, line 3, column word, has 'x', but data.table.kinds says number; it must be a number."
    )]
    [InlineData(
        "word",
        TableColumnKind.Integer,
        null,
        "t.csv, line 3, column word, has 'x', but data.table.kinds says integer; it must be a whole number."
    )]
    [InlineData(
        "part",
        TableColumnKind.Integer,
        null,
        "t.csv, line 4, column part, has '2.5', but data.table.kinds says integer; it must be a whole number."
    )]
    [InlineData(
        "part",
        TableColumnKind.DateTime,
        null,
        "t.csv, line 2, column part, has '1', but data.table.kinds says dateTime; it must be a date such as 2019-03-23."
    )]
    [InlineData(
        "age",
        TableColumnKind.Boolean,
        null,
        "t.csv, line 2, column age, has '30', but data.table.kinds says boolean; it must be 1 or 0 in every row, or one of two words such as yes and no."
    )]
    [InlineData(
        "age",
        null,
        ColumnLikelihood.Categorical,
        "t.csv, column age, can't have the likelihood categorical; categorical is for words, and its numbers are words if data.table.kinds says category."
    )]
    [InlineData(
        "when",
        null,
        ColumnLikelihood.Categorical,
        "t.csv, column when, can't have the likelihood categorical; categorical is for words, and it has dates."
    )]
    [InlineData(
        "word",
        null,
        ColumnLikelihood.Gaussian,
        "t.csv, column word, can't have the likelihood gaussian; its words have categorical."
    )]
    [InlineData(
        "part",
        null,
        ColumnLikelihood.Poisson,
        "t.csv, column part, can't have the likelihood poisson; poisson is for whole numbers from 0."
    )]
    [InlineData(
        "age",
        null,
        ColumnLikelihood.Bernoulli,
        "t.csv, column age, can't have the likelihood bernoulli; bernoulli is for 0 and 1."
    )]
    [InlineData("two", null, ColumnLikelihood.StudentT, "")]
    [InlineData(
        "oops",
        null,
        ColumnLikelihood.StudentT,
        "data.table.likelihoods names 'oops', which is no column that is read of t.csv; known are age, word, when, part, two."
    )]
    public void Requests_that_the_values_contradict_are_refused(
        string column,
        TableColumnKind? kind,
        ColumnLikelihood? likelihood,
        string message
    )
    {
        var path = _folder.Write(
            "t.csv",
            "age,word,when,part,two,label\n30,?,2024-01-01,1,0,a\n31,x,2024-01-02,,1,a\n31,x,2024-01-02,2.5,0,b\n32,y,2024-01-02,3.5,1,b\n"
        );
        var recipe = new TableRecipe
        {
            Kinds = kind is { } wanted ? new Dictionary<string, TableColumnKind> { [column] = wanted } : null,
            Likelihoods = likelihood is { } given ? new Dictionary<string, ColumnLikelihood> { [column] = given } : null,
        };
        var error = Record.Exception(() => Profile([path], recipe, new TableOptions { Label = "label" }));
        if (message.Length == 0)
            Assert.Null(error);
        else
            Assert.Equal(message.Replace("t.csv", path), Assert.IsType<LatentException>(error).Message);
    }

    [Fact]
    public void Tables_without_anything_to_learn_from_are_refused()
    {
        Refuses("a,b\n", "has no rows");
        Refuses(
            "a,b\nx,\nx,\n",
            "has no column to learn from: a is left out because its only value is 'x'; b is left out because it has no value."
        );
        Refuses("a,b,a\n1,x,2\n2,y,3\n", "names more than one column 'a'");
        Assert.Contains("Standard input", Assert.Throws<LatentException>(() => Profile(["-"])).Message);

        void Refuses(string text, string reason) =>
            Assert.Contains(reason, Assert.Throws<LatentException>(() => Profile([_folder.Write("t.csv", text)])).Message);
    }

    [Fact]
    public void A_likelihood_of_a_column_that_is_left_out_is_refused()
    {
        var path = _folder.Write("t.csv", "a,b\n1,x\n2,x\n");
        var recipe = new TableRecipe { Likelihoods = new Dictionary<string, ColumnLikelihood> { ["b"] = ColumnLikelihood.Categorical } };
        Assert.Contains(
            "column b, is to have a likelihood, but is left out because its only value is 'x'",
            Assert.Throws<LatentException>(() => Profile([path], recipe)).Message
        );
    }

    [Fact]
    public void Several_tables_have_one_description()
    {
        _folder.Write("1.csv", "a,b\n1,x\n2,y\n");
        _folder.Write("2.csv", "b,extra,a\nz,1,3.5\nz,2,4\n");
        _folder.Write("3.csv", "nothing\n1\n");
        var table = Profile([_folder.Path]);
        Assert.Equal("a Number Gaussian\nb Category Categorical z x y", Text(table));
        using var source = TableList.Open([_folder.Path], new TableOptions { Table = table }, null, null, Shard.Whole, 16);
        var skipped = new List<SkippedInput>();
        Assert.Equal([1, 1, 2, 2, 3.5f, 0, 4, 0], TestFolder.ReadAll(source, skipped));
        Assert.Contains("has no column 'a'", Assert.Single(skipped).Reason);
    }

    [Fact]
    public void Chosen_columns_are_described_in_the_tables_order()
    {
        var path = _folder.Write("t.csv", "a,b,c,d\n1,x,5,k\n2,y,6,k\n2,y,6,k\n");
        var table = Profile([path], options: new TableOptions { Columns = ["c", "a"], Keep = ["d"] });
        Assert.Equal("a Integer Gaussian\nc Integer Gaussian", Text(table));
        Assert.Empty(table.LeftOut);
        Assert.Equal([0, 2], table.Columns.Select(c => c.Position));
        Assert.DoesNotContain("b", Text(Profile([path], options: new TableOptions { Label = "b", Keep = ["d"] })));
    }

    [Fact]
    public void Levels_beyond_the_most_are_left_out_and_many_rare_ones_are_text()
    {
        var random = new Random(2);
        var text =
            "zone,word\n"
            + string.Concat(Enumerable.Range(0, 4000).Select(i => $"z{random.Next(20) * random.Next(20)},w{random.Next(700)}\n"));
        var table = Profile([_folder.Write("t.csv", text)], new TableRecipe { MaxLevels = 50 });
        Assert.Equal(
            (TableColumnKind.Category, 50, "z0"),
            (table.Columns[0].Kind, table.Columns[0].Levels!.Count, table.Columns[0].Levels![0])
        );
        Assert.StartsWith("the 50 most frequent of its ", Assert.Single(table.LeftOut).Reason);
        Assert.Equal(TableColumnKind.Category, Profile([_folder["t.csv"]]).Columns[1].Kind);
    }

    [Fact]
    public void More_different_values_than_are_counted_take_no_more_memory()
    {
        var rows = TableProfiler.MaxDistinct + 20_000;
        var text =
            "id,word,number,wide,again\n"
            + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},w{i},{i}.5,{i * 7L % 9973},r{i % (rows - 5)}\n"));
        var table = Profile([_folder.Write("t.csv", text)]);
        Assert.Equal("number Number Gaussian\nwide Integer Gaussian", Text(table));
        Assert.Equal([TableColumnKind.Identifier, TableColumnKind.Identifier, TableColumnKind.Text], table.LeftOut.Select(c => c.Kind));
    }

    [Fact]
    public void Decimal_commas_are_numbers_where_that_is_said()
    {
        var path = _folder.Write("t.csv", "a;b\n1,5;x\n2,5;y\n3,0;y\n");
        var options = new TableOptions { DecimalComma = true };
        var table = Profile([path], options: options);
        Assert.Equal("a Number Gaussian\nb Category Categorical y x", Text(table));
        using var source = Open(path, table, null, options);
        Assert.Equal([1.5f, 1, 2.5f, 0, 3, 0], TestFolder.ReadAll(source));
        Assert.Equal("a Category Categorical 1,5 2,5 3,0\nb Category Categorical y x", Text(Profile([path])));
    }

    private static RowSource Open(string path, TableDescription table, int? length, TableOptions? options = null) =>
        TableFile.Open(path, (options ?? new TableOptions()) with { Table = table }, null, length, Shard.Whole, 16);

    private static TableDescription Profile(string[] inputs, TableRecipe? recipe = null, TableOptions? options = null) =>
        TableProfiler.Profile(inputs, options ?? new TableOptions(), recipe ?? new TableRecipe(), TestContext.Current.CancellationToken);

    private static string Text(TableDescription table) =>
        string.Join('\n', table.Columns.Select(c => string.Join(' ', [c.Name, $"{c.Kind}", $"{c.Likelihood}", .. c.Levels ?? []])));
}
