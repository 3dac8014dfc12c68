using System.Text;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Data;

public sealed class CsvTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_are_taken_by_name_or_index_and_the_label_is_left_out()
    {
        var path = _folder.Write("x.csv", "a,\"b,c\",kind\n1,2e1,x\n3,-4,y\n");
        var all = Load(
            new DataRecipe
            {
                Source = DataSourceKind.Csv,
                Path = path,
                Label = "kind",
                Test = 0,
                Validation = 0,
            }
        );
        Assert.Equal(["a", "b,c"], all.Train.Input.Columns!);
        Assert.Equal([1, 20, 3, -4], all.Train.Values);
        Assert.Equal(["x", "y"], all.Train.Labels!);
        var one = Load(
            new DataRecipe
            {
                Source = DataSourceKind.Csv,
                Path = path,
                Columns = ["1"],
                Test = 0,
                Validation = 0,
            }
        );
        Assert.Equal([20, -4], one.Train.Values);
    }

    [Fact]
    public void Rows_of_every_part_know_their_place_in_the_table_as_Scorer_counts_it()
    {
        var lines = Enumerable.Range(0, 40).Select(i => $"{i}.5,{(i % 2 == 0 ? "even" : "odd")}");
        var path = _folder.Write("x.csv", "a,word\n" + string.Join('\n', lines));
        var data = Load(
            new DataRecipe
            {
                Source = DataSourceKind.Csv,
                Path = path,
                Table = new TableRecipe(),
                Test = 0.25,
                Validation = 0.25,
            }
        );
        foreach (var part in new[] { data.Train, data.Validation!, data.Test!.EvenlySpread(3) })
            Assert.Equal(Enumerable.Range(0, part.Count).Select(i => new RowPlace(null, (long)part.Row(i)[0])), part.Places!);
    }

    [Fact]
    public void Blanks_around_names_do_not_count()
    {
        var path = _folder.Write("x.csv", "a, b ,\" kind\"\n1,2,x\n");
        var data = Load(
            new DataRecipe
            {
                Source = DataSourceKind.Csv,
                Path = path,
                Columns = ["b", " a"],
                Label = "kind",
                Test = 0,
                Validation = 0,
            }
        );
        Assert.Equal(["b", "a"], data.Train.Input.Columns!);
        Assert.Equal([2, 1], data.Train.Values);
        Assert.Equal(["x"], data.Train.Labels!);
    }

    [Fact]
    public void A_name_of_two_columns_is_refused_where_one_of_them_is_read()
    {
        var path = _folder.Write("x.csv", "a,b, a\n1,2,3\n");
        var recipe = new DataRecipe
        {
            Source = DataSourceKind.Csv,
            Path = path,
            Test = 0,
            Validation = 0,
        };
        foreach (var wrong in (DataRecipe[])[recipe, recipe with { Columns = ["b", "a"] }, recipe with { Columns = ["b"], Label = "a" }])
        {
            var error = Assert.Throws<LatentException>(() => Load(wrong));
            Assert.Matches("x.csv( names more than one column 'a'| has 2 columns named 'a')", error.Message);
        }

        Assert.Equal([2], Load(recipe with { Columns = ["b"] }).Train.Values);
    }

    [Fact]
    public void Rows_can_be_flat_images()
    {
        var path = _folder.Write("x.csv", "p0,p1\n0,255\n1,2\n");
        var data = Load(
            new DataRecipe
            {
                Source = DataSourceKind.Csv,
                Path = path,
                Image = new ImageDescription(1, 1, 2),
                Test = 0,
                Validation = 0,
            }
        );
        Assert.Equal(InputUnit.Pixel, data.Train.Input.Unit);
    }

    [Fact]
    public void Bad_files_are_refused_in_one_sentence_with_line_and_column()
    {
        Refuses("does not exist", null);
        Refuses("is empty", "");
        Refuses("no rows", "a,b\n");
        Refuses("line 1: every field is a number", "1,2\n3,4\n");
        Refuses("line 3, has 1 field; the first line has 2", "a,b\n1,2\n3\n4,5\n");
        Refuses("line 3, has 3 fields; the first line has 2", "a,b\n1,2\n3,4,5\n");
        Refuses("line 2, column b, has 'seven'; it must be a finite number", "a,b\n1,seven\n");
        Refuses("line 3, column a, has ''", "a,b\n1,2\n,3\n");
        Refuses("line 2, column b, has 'NaN'; it must be a finite number", "a,b\n1,NaN\n");
        Refuses("line 2, column a, has '-Infinity'; it must be a finite number", "a,b\n-Infinity,1\n");
        Refuses("line 2, column a, has '1e999'; it must be a finite number", "a,b\n1e999,1\n");
        Refuses("line 2, has a quote in the wrong place", "a,b\n1\"2,3\n");
    }

    [Fact]
    public void An_unknown_column_suggests_the_nearest()
    {
        var path = _folder.Write("x.csv", "weight,height\n1,2\n");
        var error = Assert.Throws<LatentException>(() =>
            Load(
                new DataRecipe
                {
                    Source = DataSourceKind.Csv,
                    Path = path,
                    Columns = ["hieght"],
                }
            )
        );
        Assert.Contains("is it height?", error.Message);
    }

    [Fact]
    public void Other_separators_encodings_and_packed_files_are_read_and_the_recipe_may_say_how()
    {
        var recipe = new DataRecipe
        {
            Source = DataSourceKind.Csv,
            Path = _folder.Write("x.csv", "a;b;kind\n1,5;2;x\n3;4;y\n"),
            Label = "kind",
            Test = 0,
            Validation = 0,
        };
        Assert.Equal([1.5f, 2, 3, 4], Load(recipe with { DecimalComma = true }).Train.Values);
        Assert.Equal([1.5f, 2, 3, 4], Load(recipe with { DecimalComma = true, Separator = ";" }).Train.Values);
        var packed = _folder.Write("x.csv.gz", Files.Gzip("a,b,kind\n1,2,x\n3,4,y\n"u8.ToArray()));
        Assert.Equal([1, 2, 3, 4], Load(recipe with { Path = packed }).Train.Values);
        Assert.Equal([2, 4], Load(recipe with { Path = packed, Columns = ["b..b"] }).Train.Values);
        var bare = Load(recipe with { Path = _folder.Write("y.csv", "1,2\n3,4\n"), Header = false, Label = null });
        Assert.Null(bare.Train.Input.Columns);
        Assert.Equal([1, 2, 3, 4], bare.Train.Values);
        Assert.Equal(
            ["ä"],
            Load(recipe with { Path = _folder.Write("z.csv", [.. "a,kind\n1,"u8, 0xE4]), Encoding = "iso-8859-1" }).Train.Labels!
        );
    }

    [Fact]
    public void Seconds_since_1970_are_refused_and_rows_that_cannot_be_read_are_left_out_where_that_is_said()
    {
        var recipe = new DataRecipe
        {
            Source = DataSourceKind.Csv,
            Path = _folder.Write("x.csv", "a,t\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{1764460800 + i}\n"))),
            Test = 0,
            Validation = 0,
        };
        Assert.Contains("column 't', has values around 17644608", Assert.Throws<LatentException>(() => Load(recipe)).Message);
        recipe = recipe with { Path = _folder.Write("x.csv", "a,b\n1,2\nx,3\n4,5\n") };
        Assert.Throws<LatentException>(() => Load(recipe));
        var skipped = new List<Latent.Data.Rows.SkippedInput>();
        Assert.Equal(
            [1, 2, 4, 5],
            DataLoader
                .Load(Recipes.Reading(recipe with { SkipErrors = true }), null, skipped, TestContext.Current.CancellationToken)
                .Train.Values
        );
        Assert.EndsWith("x.csv:3", Assert.Single(skipped).Input);
    }

    [Fact]
    public void Mutants_end_in_a_result_or_one_sentence() =>
        Mutations.EndInResultOrOneSentence(
            Encoding.UTF8.GetBytes("a,b,c\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i * 0.5},\"{-i}\"\n"))),
            bytes => Load(new DataRecipe { Source = DataSourceKind.Csv, Path = _folder.Write("x.csv", bytes) })
        );

    private static DataSplits Load(DataRecipe data) => DataLoader.Load(Recipes.Reading(data));

    private void Refuses(string what, string? text)
    {
        var path = _folder.File("x.csv");
        if (text is not null)
            _folder.Write("x.csv", text);
        var error = Assert.Throws<LatentException>(() => Load(new DataRecipe { Source = DataSourceKind.Csv, Path = path }));
        Assert.Contains(what, error.Message);
        Assert.Contains("x.csv", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }
}
