using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Models.Objectives;
using Latent.Tests;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>
/// ONNX Runtime on the exported graphs against the torch modules: within 1e-4 of each output's range, at batch 1, 7 and 256.
/// </summary>
public sealed class OnnxAgreementTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-4;
    private static readonly int[] s_batches = [1, 7, 256];

    public static TheoryData<string, string, string> Layers =>
        new()
        {
            { "linear", """{ "type": "linear", "out": 7 }, { "type": "linear", "out": 5, "bias": false }""", "8" },
            { "gatedLinear", """{ "type": "gatedLinear", "out": 7 }, { "type": "gatedLinear", "out": 5, "bias": false }""", "8" },
            {
                "gatedConv2d",
                """{ "type": "gatedConv2d", "out": 4, "kernel": 3, "stride": 2, "padding": 1 }, { "type": "flatten" }""",
                "3,9,7"
            },
            {
                "residual",
                """{ "type": "residual", "layers": [{ "type": "conv2d", "out": 3, "kernel": 3, "padding": 1 }, { "type": "relu" }, { "type": "residual", "layers": [{ "type": "gatedConv2d", "out": 3, "kernel": 1 }] }] }, { "type": "flatten" }""",
                "3,5,4"
            },
            {
                "skip",
                """{ "type": "skip", "layers": [{ "type": "maxPool2d", "kernel": 2 }, { "type": "skip", "layers": [{ "type": "conv2d", "out": 4, "kernel": 3, "padding": 1 }, { "type": "relu" }] }, { "type": "upsampleNearest", "factor": 2 }] }, { "type": "flatten" }""",
                "3,6,4"
            },
            {
                "branches",
                """{ "type": "branches", "sizes": [3, 5], "layers": [{ "type": "gatedLinear", "out": 2 }, { "type": "linear", "out": 4 }] }""",
                "8"
            },
            { "layerNorm", """{ "type": "layerNorm" }, { "type": "flatten" }, { "type": "layerNorm" }""", "2,5,4" },
            { "groupNorm", """{ "type": "groupNorm", "groups": 2 }, { "type": "flatten" }""", "6,5,4" },
            {
                "upsampleNearest",
                """{ "type": "upsampleNearest", "factor": 2 }, { "type": "upsampleNearest", "factor": 3 }, { "type": "flatten" }""",
                "3,2,4"
            },
            { "relu", """{ "type": "relu" }""", "8" },
            { "leakyRelu", """{ "type": "leakyRelu" }, { "type": "leakyRelu", "negativeSlope": 0.2 }""", "8" },
            { "elu", """{ "type": "elu" }""", "8" },
            { "gelu", """{ "type": "gelu" }""", "8" },
            { "silu", """{ "type": "silu" }""", "8" },
            { "tanh", """{ "type": "tanh" }""", "8" },
            { "sigmoid", """{ "type": "sigmoid" }""", "8" },
            { "softplus", """{ "type": "softplus" }""", "8" },
            { "hardTanh", """{ "type": "hardTanh" }, { "type": "hardTanh", "min": -0.25, "max": 0.5 }""", "8" },
            { "dropout", """{ "type": "dropout", "p": 0.5 }""", "8" },
            { "batchNorm1d", """{ "type": "batchNorm1d" }""", "8" },
            { "batchNorm2d", """{ "type": "batchNorm2d" }, { "type": "flatten" }""", "3,6,6" },
            {
                "conv2d",
                """{ "type": "conv2d", "out": 4, "kernel": 3, "stride": 2, "padding": 1 }, { "type": "conv2d", "out": 2, "kernel": 2, "bias": false }, { "type": "flatten" }""",
                "3,9,7"
            },
            {
                "convTranspose2d",
                """{ "type": "convTranspose2d", "out": 4, "kernel": 3, "stride": 2, "padding": 1, "outputPadding": 1 }, { "type": "convTranspose2d", "out": 2, "kernel": 2, "bias": false }, { "type": "flatten" }""",
                "3,5,4"
            },
            {
                "maxPool2d",
                """{ "type": "maxPool2d", "kernel": 2 }, { "type": "maxPool2d", "kernel": 3, "stride": 2, "padding": 1 }, { "type": "flatten" }""",
                "3,9,8"
            },
            {
                "avgPool2d",
                """{ "type": "avgPool2d", "kernel": 2 }, { "type": "avgPool2d", "kernel": 3, "stride": 2, "padding": 1 }, { "type": "flatten" }""",
                "3,9,8"
            },
            { "flatten", """{ "type": "flatten" }""", "3,4,2" },
            { "unflatten", """{ "type": "unflatten", "shape": [2, 2, 3] }, { "type": "flatten" }""", "12" },
        };

    /// <summary>Every recipe of images, each network once.</summary>
    public static TheoryData<string> Recipes =>
        [
            .. Directory
                .GetFiles(Path.Combine(World.Root, "Trainer", "recipes"), "*.json")
                .Order(StringComparer.Ordinal)
                .Select(RecipeFile.Read)
                .Where(recipe => RecipeValidation.Image(recipe.Data) is not null)
                .DistinctBy(Network)
                .Select(recipe => recipe.Name),
        ];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_kind_of_layer_agrees(string kind, string layers, string shape)
    {
        int[] input = [.. shape.Split(',').Select(int.Parse)];
        var features = input.Aggregate((a, b) => a * b);
        var recipe = Fixtures.Recipe(
            layers,
            $$"""{ "type": "linear", "out": {{features}} }"""
                + (input.Length == 3 ? $$""", { "type": "unflatten", "shape": [{{shape}}] }""" : ""),
            3
        );
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(recipe, input);
        Unsettle(model);
        Compare(kind, model, Rows(model, 0));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_published_architecture_agrees(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.TrainerModel(name);
        Compare(name, model, rand([256, .. model.Input.Shape.Select(n => (long)n)], generator: Fixtures.Generator(3)) * 255);
    }

    [Fact]
    public void Labels_join_images_as_channels()
    {
        var recipe = Fixtures.Recipe(
            """{ "type": "conv2d", "out": 3, "kernel": 3, "stride": 2, "padding": 1 }, { "type": "relu" }, { "type": "flatten" }""",
            """{ "type": "linear", "out": 32 }, { "type": "unflatten", "shape": [2, 4, 4] }""",
            3,
            more: ", \"condition\": { \"classes\": 3 }"
        );
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(recipe, 2, 4, 4);
        Assert.Equal([5, 4, 4], model.Shapes.EncoderInput);
        Compare("images with labels", model, Rows(model, 0));
    }

    [Theory]
    [InlineData("logVariance", "")]
    [InlineData("logSigma", "")]
    [InlineData("softplus", "")]
    [InlineData("logSigma", ", \"reduction\": \"mean\"")]
    public void Every_head_agrees_even_where_it_is_clamped(string head, string reduction)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(
            Fixtures.Small("\"reconstruction\": \"meanSquaredError\"" + reduction, $", \"head\": \"{head}\""),
            new Scaling([1, 2, 3, 4], [0.5f, 2, 1, 0.25f]),
            4
        );
        using (no_grad())
            model.VarianceHead!.weight!.mul_(100);
        Compare(head, model, Rows(model, 0) * 3);
    }

    [Theory]
    [InlineData("static")]
    [InlineData("none")]
    public void Logits_of_any_size_and_binarised_pixels_agree(string binarization)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(
            Fixtures.Small("\"reconstruction\": \"bernoulli\"", data: $"\"source\": \"npy\", \"binarization\": \"{binarization}\""),
            new Scaling([0], [1f / 255]),
            4
        );
        using (no_grad())
            model.Decoder.parameters().Last().mul_(1000);
        Compare(binarization, model, rand([256, 4], generator: Fixtures.Generator(3)) * 255);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(", \"activation\": \"relu\"", true)]
    [InlineData(", \"linear\": false", false)]
    [InlineData(", \"linear\": false, \"activation\": \"gelu\"", false)]
    public void Plain_codes_agree(string latentKeys, bool hasHead)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(
            Fixtures.Recipe(
                """{ "type": "linear", "out": 3 }, { "type": "dropout", "p": 0.5 }""",
                """{ "type": "linear", "out": 4 }""",
                3,
                "autoencoder",
                latentKeys: latentKeys
            ),
            4
        );
        Assert.Equal(hasHead, model.MeanHead is not null);
        Compare(latentKeys, model, Rows(model, 0));
    }

    [Fact]
    public void A_model_without_any_layer_agrees()
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(Fixtures.Recipe("", "", 4, "autoencoder", latentKeys: ", \"linear\": false"), 4);
        Compare("nothing", model, Rows(model, 0));
    }

    [Theory]
    [InlineData("image", "meanSquaredError", "sum")]
    [InlineData("noise", "meanSquaredError", "mean")]
    [InlineData("noise", "meanAbsoluteError", "mean")]
    [InlineData("image", "huber", "sum")]
    public void Denoisers_agree_whatever_they_predict(string predict, string reconstruction, string reduction)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(
            Fixtures.Denoiser(predict, $"\"reconstruction\": \"{reconstruction}\", \"reduction\": \"{reduction}\""),
            new Scaling([0], [1f / 255]),
            3,
            8,
            6
        );
        Compare(predict, model, rand([256, 3, 8, 6], generator: Fixtures.Generator(3)) * 255);
    }

    [Theory]
    [InlineData("variational", "\"reconstruction\": \"bernoulli\"", "", "\"source\": \"npy\"")]
    [InlineData(
        "variational",
        "\"reconstruction\": \"meanSquaredError\"",
        ", \"head\": \"softplus\"",
        "\"source\": \"npy\", \"scaling\": \"none\""
    )]
    [InlineData("autoencoder", "\"reconstruction\": \"huber\"", ", \"activation\": \"tanh\"", "\"source\": \"npy\", \"scaling\": \"none\"")]
    public void Ensembles_agree(string kind, string objective, string latentKeys, string data)
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(objective, latentKeys, data, kind) with { Ensemble = 3 };
        using var model = Fixtures.Model(recipe, new Scaling([1, 2, 3, 4], [0.5f, 2, 1, 0.25f]), 4);
        Compare(kind, model, Rows(model, 0));
    }

    private static string Network(Recipe recipe) =>
        RecipeFile.ToJson(
            new Recipe
            {
                Name = "network",
                Kind = recipe.Kind,
                Data = new DataRecipe
                {
                    Source = recipe.Data.Source,
                    Image = recipe.Data.Image,
                    Scaling = recipe.Data.Scaling,
                    Binarization = recipe.Data.Binarization,
                },
                Encoder = recipe.Encoder,
                Latent = recipe.Latent,
                Noise = recipe.Noise,
                Decoder = recipe.Decoder,
                Objective = new ObjectiveRecipe
                {
                    Reconstruction = recipe.Objective.Reconstruction,
                    Reduction = recipe.Objective.Reduction,
                },
            }
        );

    private void Compare(string what, Autoencoder model, Tensor rows)
    {
        model.eval();
        using var _ = no_grad();
        using var exported = new ExportedModel(model);
        var objective = Objective.Create(model.Recipe);
        var worst = 0.0;
        foreach (var batch in s_batches)
        {
            using var scope = NewDisposeScope();
            var raw = rows.narrow(0, 0, batch);
            var scaled = model.ToModelUnits(Fixtures.Labelled(model, raw));
            if (model.IsDenoiser)
            {
                Assert.False(File.Exists(exported.PathOf("encoder")) || File.Exists(exported.PathOf("decoder")));
                var denoised = model.Denoise(scaled);
                var given = exported.Run("autoencoder", TensorNames.Input, Fixtures.Values(raw), raw.shape);
                Assert.Equal([TensorNames.Output, TensorNames.ReconstructionError], given.Keys.Order(StringComparer.Ordinal));
                Difference(what, TensorNames.Output, model.ToDataUnits(denoised), given[TensorNames.Output]);
                var removed = objective.ReconstructionPerRow(model, denoised, scaled);
                Difference(what, TensorNames.ReconstructionError, removed, given[TensorNames.ReconstructionError]);
                continue;
            }

            var posterior = model.Encode(scaled);
            var code = posterior.Code;
            var decoded = model.Decode(code, scaled);
            var expected = new Dictionary<string, Tensor>
            {
                [TensorNames.LatentMean] = code,
                [TensorNames.Output] = model.Reconstruct(decoded),
                [TensorNames.ReconstructionError] = objective.ReconstructionPerRow(model, decoded, scaled),
            };
            if (model.IsVariational)
            {
                expected[TensorNames.LatentLogVariance] = posterior.LogVariance!;
                expected[TensorNames.Kl] = model.KlOf(posterior);
            }

            var values = Fixtures.Values(raw);
            var whole = exported.Run("autoencoder", TensorNames.Input, values, raw.shape);
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), whole.Keys.Order(StringComparer.Ordinal));
            foreach (var (name, tensor) in expected)
                worst = Math.Max(worst, Difference(what, name, tensor, whole[name]));
            var encoded = exported.Run("encoder", TensorNames.Input, values, raw.shape);
            Assert.Equal(
                model.IsVariational ? [TensorNames.LatentLogVariance, TensorNames.LatentMean] : [TensorNames.LatentMean],
                encoded.Keys.Order(StringComparer.Ordinal)
            );
            foreach (var (name, result) in encoded)
                worst = Math.Max(worst, Difference(what, name, expected[name], result));
            var output = exported.Run("decoder", TensorNames.Latent, Fixtures.Values(code), code.shape);
            worst = Math.Max(worst, Difference(what, TensorNames.Output, expected[TensorNames.Output], output[TensorNames.Output]));
        }

        output.WriteLine(FormattableString.Invariant($"{what}: largest difference {worst:0.0e+0} of the output's range"));
    }

    private static double Difference(string what, string name, Tensor expected, float[] actual)
    {
        var values = Fixtures.Values(expected);
        Assert.Equal(values.Length, actual.Length);
        Assert.All(values, v => Assert.True(float.IsFinite(v), $"{what}: torch's {name} is not finite"));
        // The largest of numbers passes over NaN.
        Assert.All(actual, v => Assert.True(float.IsFinite(v), $"{what}: the graph's {name} is not finite"));
        var range = Math.Max(values.Max() - (double)values.Min(), Math.Max(1e-3, values.Max(Math.Abs)));
        var difference = values.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max() / range;
        Assert.True(difference <= Tolerance, $"{what}: {name} differs by {difference:0.0e+0} of its range");
        return difference;
    }

    private static Tensor Rows(Autoencoder model, double mean) =>
        randn([256, .. model.Input.Shape.Select(n => (long)n)], generator: Fixtures.Generator(3)) * 2 + mean;

    /// <summary>Gives running statistics and scales of batch normalization other values than 0 and 1.</summary>
    private static void Unsettle(Autoencoder model)
    {
        using var _ = no_grad();
        foreach (var (name, buffer) in model.named_buffers())
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal) || name.EndsWith("running_var", StringComparison.Ordinal))
                buffer.copy_(rand(buffer.shape, generator: Fixtures.Generator(4)) + 0.5);
        }
    }
}
