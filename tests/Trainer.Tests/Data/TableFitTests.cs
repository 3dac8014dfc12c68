using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Trainer.Data;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Data;

public sealed class TableFitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Units_are_those_of_the_training_rows()
    {
        var (data, table) = Fit(
            "x,y,word\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i}.5,{Math.Exp(i / 4.0):R},{"ab"[i % 2]}\n"))
        );
        var numbers = Enumerable.Range(0, data.Train.Count).Select(row => (double)data.Train.Row(row)[0]).ToArray();
        var x = table.Columns[0].Transform!;
        Assert.Equal(numbers.Average(), x.Offset, 1e-4);
        Assert.Equal(1, numbers.Average(value => x.Forward(value) * x.Forward(value)), 1e-4);
        Assert.Equal((numbers.Min(), numbers.Max()), (table.Columns[0].Min, table.Columns[0].Max));
        Assert.Null(table.Columns[0].Log);
        // A skewed column has a logarithm beside it; both together weigh as much as another column.
        var y = table.Columns[1];
        var values = Enumerable.Range(0, data.Train.Count).Select(row => (double)data.Train.Row(row)[1]).ToArray();
        Assert.Equal(1, values.Average(value => Math.Pow(y.Transform!.Forward(value), 2) + Math.Pow(y.Log!.Forward(value), 2)), 1e-3);
        Assert.Equal(1 / Math.Log(2), table.Columns[2].Weight, 0.05);
    }

    [Theory]
    [InlineData(NumberScaling.Robust)]
    [InlineData(NumberScaling.RankGauss)]
    public void Other_scalings_bring_the_quartiles_to_those_of_a_normal_distribution(NumberScaling scaling)
    {
        var random = new Random(1);
        var text =
            "x,y\n"
            + string.Concat(
                Enumerable.Range(0, 400).Select(_ => FormattableString.Invariant($"{random.NextDouble() * 8:R},{random.NextDouble():R}\n"))
            );
        var (data, table) = Fit(text, new TableRecipe { Scaling = scaling });
        double[] units =
        [
            .. Enumerable.Range(0, data.Train.Count).Select(row => table.Columns[0].Transform!.Forward(data.Train.Row(row)[0])).Order(),
        ];
        Assert.Equal(0, units[units.Length / 2], 0.05);
        Assert.Equal(0.674, units[3 * units.Length / 4], 0.06);
        Assert.Equal(-0.674, units[units.Length / 4], 0.06);
    }

    [Fact]
    public void What_the_training_rows_never_have_is_far_but_not_infinitely_so_and_its_words_are_unseen()
    {
        // The last rows are anomalies, of which some are test rows; the others are left out.
        var rows = Enumerable.Range(0, 100).Select(i => i < 80 ? $"{i % 9}.5,0,{"ab"[i % 2]},0\n" : $"{i % 9}.5,1,odd,1\n");
        var (data, table) = Fit("x,flag,word,label\n" + string.Concat(rows), label: "label");
        Assert.All(data.Train.Labels!.Concat(data.Validation!.Labels!), label => Assert.Equal("0", label));
        Assert.InRange(table.Columns[1].Transform!.Forward(1), 8, 25);
        Assert.Equal(["a", "b"], table.Columns[2].Levels!.Order(StringComparer.Ordinal));
        var odd = Enumerable.Range(0, data.Test!.Count).Where(row => data.Test.Labels![row] == "1").ToList();
        Assert.NotEmpty(odd);
        Assert.All(odd, row => Assert.Equal(TableDescription.Unseen, data.Test.Row(row)[2]));
    }

    [Fact]
    public void Embeddings_are_as_wide_as_the_training_rows_have_levels_for()
    {
        var rows = Enumerable.Range(0, 200).Select(i => $"{i}.5,c{(i < 180 ? i % 9 : i)},{"ab"[i % 2]},{(i < 180 ? 0 : 1)}\n");
        var text = "x,city,size,label\n" + string.Concat(rows);
        var (_, table) = Fit(text, new TableRecipe { Categories = WordEncoding.Embedding }, label: "label");
        Assert.Equal([null, 5, 1], table.Columns.Select(column => column.EmbeddingWidth));
        (_, table) = Fit(
            text,
            new TableRecipe
            {
                Encodings = new Dictionary<string, WordEncoding> { [" city "] = WordEncoding.Embedding },
                EmbeddingWidth = 3,
            },
            label: "label"
        );
        Assert.Equal([null, 3, null], table.Columns.Select(column => column.EmbeddingWidth));
        var refusal = Assert.Throws<LatentException>(() =>
            Fit(
                text,
                new TableRecipe { Encodings = new Dictionary<string, WordEncoding> { ["x"] = WordEncoding.Embedding } },
                label: "label"
            )
        );
        Assert.EndsWith(
            "column x, can't have the encoding embedding; encodings are for words, and its numbers are words if data.table.kinds says category.",
            refusal.Message
        );
        refusal = Assert.Throws<LatentException>(() =>
            Fit(
                text,
                new TableRecipe { Encodings = new Dictionary<string, WordEncoding> { ["town"] = WordEncoding.OneHot } },
                label: "label"
            )
        );
        Assert.StartsWith("data.table.encodings names 'town', which is no column that is read of", refusal.Message);
    }

    private (DataSplits Data, TableDescription Table) Fit(string text, TableRecipe? table = null, string? label = null)
    {
        var recipe = RecipeFile.Parse(
            """
            {
              "name": "mixed", "kind": "autoencoder", "data": { "source": "csv", "table": {}, "scaling": "none", "validation": 0.1, "test": 0.1 },
              "latent": { "dimension": 2 }, "decoder": [ { "type": "linear", "out": "input" } ], "objective": { "reconstruction": "columns" }
            }
            """,
            "a test"
        );
        var data = recipe.Data with { Path = _folder.Write("table.csv", text), Label = label, Table = table ?? new TableRecipe() };
        var splits = DataLoader.Load(recipe with { Data = data });
        return (splits, splits.Train.Input.Table!);
    }
}
