using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Models.Onnx;
using Latent.Models.Tables;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>Tables with columns of several kinds: cells to units and back, errors by hand, and graphs against the model.</summary>
public sealed class TableTests
{
    private static readonly NumberTransform s_plain = new() { Offset = 2, Factor = 0.5 };

    private static readonly TableDescription s_table = new()
    {
        Columns =
        [
            Word("colour", "red", "green", "blue"),
            Number("gauss", ColumnLikelihood.Gaussian) with
            {
                HasMissing = true,
            },
            Number("flag", ColumnLikelihood.Bernoulli),
            Number("count", ColumnLikelihood.Poisson),
            Number("skewed", ColumnLikelihood.Gaussian) with
            {
                Log = new NumberTransform
                {
                    LogShift = 1,
                    LogScale = 2,
                    Offset = 0.5,
                    Factor = 0.7,
                },
            },
            Number("when", ColumnLikelihood.Gaussian) with
            {
                Kind = TableColumnKind.DateTime,
                Origin = new DateTime(2024, 1, 1),
            },
            Number("tails", ColumnLikelihood.StudentT),
            Number("laplace", ColumnLikelihood.Laplace),
            Number("huber", ColumnLikelihood.Huber) with
            {
                Weight = 2,
            },
            Number("scale", ColumnLikelihood.LearnedGaussian),
            Number("ranked", ColumnLikelihood.Gaussian) with
            {
                Transform = s_plain with { Knots = [-1, 0, 2], Values = [-2, 0.5, 1], Clip = 30 },
            },
            Word("size", "S", "L"),
        ],
    };

    [Fact]
    public void Numbers_come_back_from_model_units()
    {
        foreach (var column in s_table.Columns.Where(column => column.Levels is null))
        {
            foreach (var transform in new[] { column.Transform!, column.Log ?? column.Transform! })
                Assert.All([-1.5, 0, 0.3, 2, 4, 5.5], x => Assert.Equal(x, transform.Inverse(transform.Forward(x)), 1e-9));
        }
    }

    [Fact]
    public void Units_of_a_row_by_hand()
    {
        var layout = new TableLayout(
            new TableDescription { Columns = [s_table.Columns[0], s_table.Columns[1], s_table.Columns[4], s_table.Columns[5]] }
        );
        // 2024-01-03 06:00 is a Wednesday: a quarter of the day, and 2.25 of the week's 7 days.
        var row = new TableCodec(layout).Encode([1, float.NaN, 3, 2.25f]);
        var week = 2 * Math.PI * 2.25 / 7;
        double[] expected =
        [
            // gauss (missing), skewed, when; the logarithm; the date's circles; gauss is missing; colour is not missing, seen, and green.
            0,
            0.5,
            0.125,
            (Math.Log(1 + (2 / 2.0)) - 0.5) * 0.7,
            1,
            0,
            Math.Sin(week),
            Math.Cos(week),
            1,
            0,
            0,
            0,
            1,
            0,
            // What is present: colour, gauss, skewed, when.
            1,
            0,
            1,
            1,
        ];
        Assert.Equal(expected.Length, row.Length);
        Assert.All(expected.Zip(row), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Theory]
    [InlineData(ColumnLikelihood.Gaussian, 5, 1, 0.25)]
    [InlineData(ColumnLikelihood.Laplace, 5, 1, 0.5)]
    [InlineData(ColumnLikelihood.Huber, 5, 1, 0.25)]
    [InlineData(ColumnLikelihood.Huber, 8, 0.5, 4)]
    [InlineData(ColumnLikelihood.StudentT, 8, 0, 2.772588722)]
    [InlineData(ColumnLikelihood.Bernoulli, 1, 0, 0.693147181)]
    [InlineData(ColumnLikelihood.Bernoulli, 0, 2, 2.126928011)]
    [InlineData(ColumnLikelihood.Poisson, 3, 0, 1.295836866)]
    [InlineData(ColumnLikelihood.Poisson, 0, 1, 2.718281828)]
    public void Errors_of_a_number_by_hand(ColumnLikelihood likelihood, float cell, float output, double expected)
    {
        var layout = new TableLayout(new TableDescription { Columns = [Number("x", likelihood)] });
        using var scope = NewDisposeScope();
        var units = new TableCodec(layout).Encode([cell]);
        var error = ColumnErrors.Of(layout, tensor([output], [1, 1]), tensor(units, [1, 2]), null, withEntropy: true);
        Assert.Equal(expected, error.item<float>(), 1e-5);
    }

    [Fact]
    public void The_error_of_a_word_is_its_cross_entropy_and_keeps_its_digits_close_to_0()
    {
        var layout = new TableLayout(new TableDescription { Columns = [Word("w", "a", "b")] });
        using var scope = NewDisposeScope();
        var target = tensor(new TableCodec(layout).Encode([1]), [1, 5]);
        var error = ColumnErrors.Of(layout, tensor([0.1f, 0.2f, 0.3f, 0.4f], [1, 4]), target, null, withEntropy: true);
        var sum = new[] { 0.1, 0.2, 0.3, 0.4 }.Sum(Math.Exp);
        Assert.Equal(Math.Log(sum) - 0.4, error.item<float>(), 1e-6);
        var small = ColumnErrors.Of(layout, tensor([0f, 0, 0, 20], [1, 4]), target, null, withEntropy: true);
        Assert.Equal(1, small.item<float>() / (3 * Math.Exp(-20)), 1e-3);
    }

    [Fact]
    public void Missing_cells_have_no_error_and_no_gradient()
    {
        var layout = new TableLayout(s_table);
        using var scope = NewDisposeScope();
        var cells = s_table.Columns.Select(column => column.Levels is null ? float.NaN : TableDescription.Missing).ToArray();
        var target = tensor(new TableCodec(layout).Encode(cells), [1, layout.Width + layout.Columns]);
        var raw = rand([1, layout.Width], generator: new Generator(1)).requires_grad_(true);
        var errors = ColumnErrors.Of(layout, raw, target, zeros(1), withEntropy: true);
        errors.sum().backward();
        Assert.All(errors.data<float>().ToArray(), error => Assert.Equal(0, error));
        Assert.All(raw.grad!.data<float>().ToArray(), gradient => Assert.Equal(0, gradient));
    }

    [Theory]
    [InlineData(ModelKind.Autoencoder, false, 1, false)]
    [InlineData(ModelKind.Autoencoder, true, 1, false)]
    [InlineData(ModelKind.Variational, false, 1, false)]
    [InlineData(ModelKind.Autoencoder, true, 3, false)]
    [InlineData(ModelKind.Variational, false, 2, true)]
    [InlineData(ModelKind.Autoencoder, false, 1, true)]
    public void Graphs_agree_with_the_model_on_every_kind_of_cell(ModelKind kind, bool ofCodes, int members, bool embeds)
    {
        const int Rows = 200;
        var random = new Random(1);
        var cells = Enumerable.Range(0, Rows).SelectMany(_ => s_table.Columns.Select(column => Draw(column, random))).ToArray();
        using var model = Model(kind, members, embeds);
        using var scope = NewDisposeScope();
        using var no = no_grad();
        foreach (var (i, member) in model.Members.Index())
            member.ColumnLogVariance!.fill_(0.3f * (i + 1));
        var layout = model.Table!;
        var x = model.ToModelUnits(tensor(cells, [Rows, layout.Columns]));
        var code = model.Encode(x).Mean;
        var raw = model.Decode(code);
        float[] units = Values(x.narrow(1, 0, layout.Width)),
            codes = Values(code);
        var d = ofCodes ? (int)code.shape[1] : layout.Width;
        float[] prototypes = [.. (ofCodes ? codes : units).Take(50 * d)];
        var score = new AnomalyScore(
            [.. Enumerable.Range(1, layout.Columns).Select(i => 0.1f * i)],
            0.5f,
            new DensityScore(ofCodes, null, null, prototypes, [.. Enumerable.Range(0, 50).Select(i => 1 + (i / 50f))], d, 2),
            0.7f
        );
        var errors = Values(model.ColumnErrorsOf(raw, x, withEntropy: false));
        var (relative, total) = score.Of(errors, Values(x.narrow(1, layout.Width, layout.Columns)), units, codes);
        var expected = new Dictionary<string, float[]>
        {
            [TensorNames.LatentMean] = codes,
            [TensorNames.FeatureErrors] = relative,
            [TensorNames.Score] = total,
            [TensorNames.ReconstructionError] = Values(Objectives.Objective.Create(model.Recipe).ReconstructionPerRow(model, raw, x)),
            [TensorNames.Output] = Values(model.Reconstruct(raw)),
        };
        var folder = Fixtures.TemporaryFolder();
        OnnxExport.Write(model, Fixtures.Manifest(model), folder, score);
        using var session = new InferenceSession(File.ReadAllBytes(Path.Combine(folder, "autoencoder.onnx")));
        Directory.Delete(folder, true);
        int[] numbers = [.. s_table.Numbers()],
            words = [.. s_table.Categories()];
        float[] inputs = [.. Enumerable.Range(0, Rows).SelectMany(row => numbers.Select(column => cells[(row * layout.Columns) + column]))];
        string[] texts =
        [
            .. Enumerable
                .Range(0, Rows)
                .SelectMany(row => words.Select(column => Text(s_table.Columns[column], cells[(row * layout.Columns) + column]))),
        ];
        using var outputs = session.Run([
            NamedOnnxValue.CreateFromTensor(
                TensorNames.Numbers,
                new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(inputs, [Rows, numbers.Length])
            ),
            NamedOnnxValue.CreateFromTensor(
                TensorNames.Categories,
                new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<string>(texts, [Rows, words.Length])
            ),
        ]);
        foreach (var (name, wanted) in expected)
        {
            var actual = outputs.Single(output => output.Name == name).AsEnumerable<float>().ToArray();
            var range = Math.Max(1, wanted.Max() - wanted.Min());
            Assert.Equal(wanted.Length, actual.Length);
            Assert.All(wanted.Zip(actual), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-4 * range, $"{name}: {pair}"));
        }

        var named = outputs.Single(output => output.Name == TensorNames.OutputCategories).AsEnumerable<string>().ToArray();
        Assert.Equal(
            named,
            Enumerable
                .Range(0, Rows)
                .SelectMany(row =>
                    words.Select(c => s_table.Columns[c].Levels![(int)expected[TensorNames.Output][(row * layout.Columns) + c]])
                )
        );
    }

    [Fact]
    public void Embeddings_and_the_layer_after_them_are_a_layer_of_units_whose_weights_are_their_product()
    {
        using var scope = NewDisposeScope();
        using var no = no_grad();
        using var model = Model(ModelKind.Autoencoder, embeds: true);
        using var plain = Model(ModelKind.Autoencoder);
        var (from, layout) = (model.state_dict(), model.Table!);
        foreach (var (name, tensor) in plain.state_dict().Where(t => t.Key != "encoder.0.weight"))
            tensor.copy_(from[name]);
        var (first, product) = (from["encoder.0.weight"], new List<Tensor>());
        product.Add(first.narrow(1, 0, layout.WordsFrom));
        var column = layout.WordsFrom;
        foreach (var embedding in model.Embeddings)
        {
            var width = embedding!.weight!.shape[0];
            product.Add(first.narrow(1, column, width).mm(embedding.weight!));
            column += (int)width;
        }

        Assert.Equal(column, first.shape[1]);
        plain.state_dict()["encoder.0.weight"].copy_(cat([.. product], 1));
        var random = new Random(2);
        float[] cells = [.. Enumerable.Range(0, 20).SelectMany(_ => s_table.Columns.Select(c => Draw(c, random)))];
        var x = model.ToModelUnits(tensor(cells, [20, layout.Columns]));
        var (expected, actual) = (Values(plain.Encode(x).Mean), Values(model.Encode(x).Mean));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void A_words_values_have_a_length_of_about_one_and_a_gradient_where_the_rows_have_it()
    {
        using var scope = NewDisposeScope();
        using var model = Model(ModelKind.Autoencoder, embeds: true);
        var random = new Random(3);
        float[] cells = [.. Enumerable.Range(0, 8).SelectMany(_ => s_table.Columns.Select(c => c.Name == "colour" ? 1 : Draw(c, random)))];
        var x = model.ToModelUnits(tensor(cells, [8, s_table.Columns.Count]));
        Objectives.Objective.Create(model.Recipe).Compute(model, x, x, 1).Total.backward();
        var embedding = model.Embeddings[0]!.weight!;
        Assert.Equal([2, 5], embedding.shape);
        Assert.InRange(Values(embedding.detach().square().sum()).Single(), 1, 20);
        var gradient = Values(embedding.grad!);
        // Missing, unseen, red, green, blue: only green occurs.
        Assert.All(gradient.Index(), g => Assert.Equal(g.Index % 5 == 3, g.Item != 0));
    }

    [Fact]
    public void An_ensemble_gives_the_mean_of_numbers_and_the_word_of_largest_mean_probability()
    {
        var layout = new TableLayout(new TableDescription { Columns = [Number("x", ColumnLikelihood.Gaussian), Word("w", "a", "b")] });
        // x, then missing, unseen, a, b: two members that are nearly sure of b against three sure of a, and three that are unsure of a.
        float[] sure = [0, 0, 0, 0, 3],
            unsure = [3, 0, 0, 0.4f, 0];
        var codec = new TableCodec(layout);
        Assert.Equal(
            [((2 * 2) + (3 * 8)) / 5f, 1],
            codec.Decode([.. sure, .. sure, .. unsure, .. unsure, .. unsure], 5),
            (a, b) => Math.Abs(a - b) < 1e-5
        );
        float[] certain = [3, 0, 0, 3, 0];
        Assert.Equal(0, codec.Decode([.. sure, .. sure, .. certain, .. certain, .. certain], 5)[1]);
    }

    private static Autoencoder Model(ModelKind kind, int members = 1, bool embeds = false)
    {
        var recipe = RecipeFile.Parse(
            $$"""
            {
              "name": "mixed",
              "kind": "{{RecipeNames.Of(kind)}}",
              "ensemble": {{members}},
              "data": { "source": "csv", "table": {}, "scaling": "none" },
              "encoder": [ { "type": "linear", "out": 16 }, { "type": "tanh" } ],
              "latent": { "dimension": 5 },
              "decoder": [ { "type": "linear", "out": "input" } ],
              "objective": { "reconstruction": "columns" }
            }
            """,
            "test"
        );
        manual_seed(1);
        var input = new InputDescription
        {
            Shape = [s_table.Columns.Count],
            Unit = InputUnit.Table,
            Columns = [.. s_table.Columns.Select(column => column.Name)],
            Table = embeds
                ? s_table with
                {
                    Columns = [.. s_table.Columns.Select(column => column.Levels is null ? column : column with { EmbeddingWidth = 2 })],
                }
                : s_table,
        };
        var model = Autoencoder.Create(LayerShapes.Resolve(recipe, input.NetworkShape()), input, new Scaling([0], [1]));
        model.eval();
        return model;
    }

    private static float Draw(TableColumn column, Random random)
    {
        var isMissing = random.Next(6) == 0;
        if (column.Levels is { } levels)
            return isMissing ? TableDescription.Missing : random.Next(-1, levels.Count);
        return isMissing ? float.NaN
            : column.Likelihood == ColumnLikelihood.Bernoulli ? random.Next(2)
            : column.Likelihood == ColumnLikelihood.Poisson ? random.Next(9)
            : (float)(random.NextDouble() * 12) - 3;
    }

    private static string Text(TableColumn column, float cell) =>
        cell == TableDescription.Missing ? ""
        : cell == TableDescription.Unseen ? "a word of no level"
        : column.Levels![(int)cell];

    private static TableColumn Number(string name, ColumnLikelihood likelihood) =>
        new()
        {
            Name = name,
            Position = 0,
            Kind = TableColumnKind.Number,
            Likelihood = likelihood,
            Transform = s_plain,
        };

    private static TableColumn Word(string name, params string[] levels) =>
        new()
        {
            Name = name,
            Position = 0,
            Kind = TableColumnKind.Category,
            Likelihood = ColumnLikelihood.Categorical,
            Levels = levels,
        };

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
