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
        var all = Load(new DataRecipe { Source = DataSourceKind.Csv, Path = path, Label = "kind", Test = 0, Validation = 0 });
        Assert.Equal(["a", "b,c"], all.Train.Input.Columns!);
        Assert.Equal([1, 20, 3, -4], all.Train.Values);
        Assert.Equal(["x", "y"], all.Train.Labels!);
        var one = Load(new DataRecipe { Source = DataSourceKind.Csv, Path = path, Columns = ["1"], Test = 0, Validation = 0 });
        Assert.Equal([20, -4], one.Train.Values);
    }

    [Fact]
    public void Blanks_around_names_do_not_count()
    {
        var path = _folder.Write("x.csv", "a, b ,\" kind\"\n1,2,x\n");
        var data = Load(new DataRecipe { Source = DataSourceKind.Csv, Path = path, Columns = ["b", " a"], Label = "kind", Test = 0, Validation = 0 });
        Assert.Equal(["b", "a"], data.Train.Input.Columns!);
        Assert.Equal([2, 1], data.Train.Values);
        Assert.Equal(["x"], data.Train.Labels!);
    }

    [Fact]
    public void A_name_of_two_columns_is_refused_where_one_of_them_is_read()
    {
        var path = _folder.Write("x.csv", "a,b, a\n1,2,3\n");
        var recipe = new DataRecipe { Source = DataSourceKind.Csv, Path = path, Test = 0, Validation = 0 };
        foreach (var wrong in (DataRecipe[])[recipe, recipe with { Columns = ["b", "a"] }, recipe with { Columns = ["2"] }, recipe with { Columns = ["b"], Label = "a" }])
        {
            var error = Assert.Throws<LatentException>(() => Load(wrong));
            Assert.Contains("x.csv, line 1, names more than one column 'a'", error.Message);
        }
        Assert.Equal([2], Load(recipe with { Columns = ["b"] }).Train.Values);
    }

    [Fact]
    public void Rows_can_be_flat_pictures()
    {
        var path = _folder.Write("x.csv", "p0,p1\n0,255\n1,2\n");
        var data = Load(new DataRecipe { Source = DataSourceKind.Csv, Path = path, Image = new ImageDescription(1, 1, 2), Test = 0, Validation = 0 });
        Assert.Equal("pixel", data.Train.Input.Unit);
    }

    [Fact]
    public void Bad_files_are_refused_in_one_sentence_with_line_and_column()
    {
        Refuses("does not exist", null);
        Refuses("is empty", "");
        Refuses("no rows", "a,b\n");
        Refuses("line 1: every field is a number", "1,2\n3,4\n");
        Refuses("line 3: 1 fields, where the header names 2", "a,b\n1,2\n3\n4,5\n");
        Refuses("line 3: 3 fields, where the header names 2", "a,b\n1,2\n3,4,5\n");
        Refuses("line 2, column 'b' is 'seven'", "a,b\n1,seven\n");
        Refuses("line 3, column 'a' is empty", "a,b\n1,2\n,3\n");
        Refuses("line 2, column 'b' is 'NaN'; every value must be finite", "a,b\n1,NaN\n");
        Refuses("line 2, column 'a' is '-Infinity'; every value must be finite", "a,b\n-Infinity,1\n");
        Refuses("line 2, column 'a' is '1e999'; every value must be finite", "a,b\n1e999,1\n");
        Refuses("line 2: a quote is in the wrong place", "a,b\n1\"2,3\n");
    }

    [Fact]
    public void An_unknown_column_suggests_the_nearest()
    {
        var path = _folder.Write("x.csv", "weight,height\n1,2\n");
        var error = Assert.Throws<LatentException>(() => Load(new DataRecipe { Source = DataSourceKind.Csv, Path = path, Columns = ["hieght"] }));
        Assert.Contains("did you mean height?", error.Message);
    }

    [Fact]
    public void Mutants_end_in_a_result_or_one_sentence() => Mutations.EndInResultOrOneSentence(
        Encoding.UTF8.GetBytes("a,b,c\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i * 0.5},\"{-i}\"\n"))),
        bytes => Load(new DataRecipe { Source = DataSourceKind.Csv, Path = _folder.Write("x.csv", bytes) }));

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
