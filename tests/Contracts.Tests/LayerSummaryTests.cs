using Latent.Contracts.Bundles;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;

namespace Latent.Contracts.Tests;

public sealed class LayerSummaryTests
{
    [Fact]
    public void Layers_come_in_the_order_that_rows_pass_through_them()
    {
        Assert.Equal(
            [
                "Encoder encoder[0] linear [16] 144",
                "Encoder encoder[1] relu [16] 0",
                "Encoder mean linear [2] 34",
                "Encoder logVariance linear [2] 34",
                "Decoder decoder[0] linear [16] 48",
                "Decoder decoder[1] relu [16] 0",
                "Decoder decoder[2] linear [8] 136",
            ],
            Lines(Samples.Recipe())
        );
    }

    [Theory]
    [InlineData("", "code linear [16] 272")]
    [InlineData("latent.activation=relu", "code linear [16] 272", "code relu [16] 0")]
    [InlineData("latent.linear=false")]
    [InlineData("latent={\"dimension\": 16, \"linear\": false, \"activation\": \"tanh\"}", "code tanh [16] 0")]
    public void A_plain_code_has_a_linear_layer_an_activation_both_or_neither(string assignment, params string[] expected)
    {
        string[] assignments = assignment.Length == 0 ? [] : [assignment];
        var lines = Lines(Samples.With(["kind=autoencoder", "latent.dimension=16", .. assignments]));
        Assert.Equal(expected.Select(line => $"Encoder {line}"), lines[2..^3]);
    }

    [Fact]
    public void Embeddings_come_first_and_make_the_encoders_input_smaller()
    {
        var table = new TableDescription
        {
            Columns =
            [
                Column("amount", TableColumnKind.Number),
                Column("city", TableColumnKind.Category, [.. Enumerable.Range(0, 30).Select(i => $"c{i}")]) with
                {
                    EmbeddingWidth = 15,
                },
                Column("size", TableColumnKind.Category, ["S", "L"]),
            ],
        };
        var input = new InputDescription
        {
            Shape = [3],
            Unit = InputUnit.Table,
            Table = table,
        };
        var recipe = Samples.With(
            "data={\"source\": \"csv\", \"scaling\": \"none\", \"table\": {}}",
            "objective.reconstruction=columns",
            "decoder[2].out=\"input\""
        );
        var lines = LayerSummary.Of(recipe, input);
        // One number, 32 units of city for its 15 values, and four of size.
        Assert.Equal([37], input.NetworkShape());
        Assert.Equal([20], input.EncoderShape());
        Assert.Equal(("embedding of city", 15 * 32.0), (lines[0].Name, lines[0].Parameters));
        Assert.Equal((20 * 16.0) + 16, lines[1].Parameters);
        Assert.Equal([37], lines[^1].OutputShape);

        static TableColumn Column(string name, TableColumnKind kind, string[]? levels = null) =>
            new()
            {
                Name = name,
                Position = 0,
                Kind = kind,
                Levels = levels,
                Likelihood = levels is null ? ColumnLikelihood.Gaussian : ColumnLikelihood.Categorical,
                Transform = levels is null ? new NumberTransform() : null,
            };
    }

    [Fact]
    public void More_parameters_than_a_long_counts_are_summed()
    {
        var recipe = new Recipe
        {
            Name = "huge",
            Kind = ModelKind.Autoencoder,
            Data = new DataRecipe { Source = DataSourceKind.Npy },
            Encoder =
            [
                .. Enumerable.Range(0, 21).Select(i => Wide(i % 2 == 0 ? LayerType.ConvTranspose2d : LayerType.Conv2d)),
                new LayerRecipe { Type = LayerType.Flatten },
            ],
            Latent = new LatentRecipe { Dimension = 1 },
            Decoder =
            [
                new LayerRecipe { Type = LayerType.Linear, Out = 225 },
                new LayerRecipe { Type = LayerType.Unflatten, Shape = [1, 15, 15] },
            ],
            Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.MeanSquaredError },
        };
        var lines = LayerSummary.Of(recipe, [1, 15, 15]);
        Assert.Equal(Math.Pow(2, 60) + (1 << 20), lines[1].Parameters);
        Assert.InRange(lines.Sum(line => line.Parameters), 20 * Math.Pow(2, 60), 21 * Math.Pow(2, 60));

        static LayerRecipe Wide(LayerType type) =>
            new()
            {
                Type = type,
                Out = 1 << 20,
                Kernel = 1 << 10,
                Padding = 511,
            };
    }

    private static string[] Lines(Recipe recipe) =>
        [.. LayerSummary.Of(recipe, [8]).Select(line => $"{line.Part} {line.Name} {LayerShapes.Text(line.OutputShape)} {line.Parameters}")];
}
