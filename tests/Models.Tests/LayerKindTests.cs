using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Latent.Models.Layers;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>What Contracts says of layers, held against torch's modules.</summary>
public sealed class LayerKindTests
{
    /// <summary>Layers for the encoder, more keys of the code, and the shape of a row.</summary>
    public static TheoryData<string, string, string> Codes =>
        new()
        {
            { "", "", "4" },
            { """{ "type": "linear", "out": 3 }""", ", \"activation\": \"relu\"", "4" },
            { """{ "type": "linear", "out": 3 }""", ", \"linear\": false, \"activation\": \"gelu\"", "4" },
            { """{ "type": "linear", "out": 3 }""", ", \"linear\": false", "4" },
        };

    [Fact]
    public void Every_kind_is_defined_has_a_module_and_is_compared()
    {
        foreach (var type in Enum.GetValues<LayerType>())
        {
            Assert.NotNull(LayerDefinition.Of(type));
            Assert.NotNull(LayerKind.Of(type));
            Assert.Contains(OnnxAgreementTests.Layers, row => row.Data.Item1 == RecipeNames.Of(type));
        }
    }

    [Theory]
    [MemberData(nameof(OnnxAgreementTests.Layers), MemberType = typeof(OnnxAgreementTests))]
    public void The_summary_of_every_kind_is_what_torch_has(string kind, string layers, string shape)
    {
        int[] input = [.. shape.Split(',').Select(int.Parse)];
        var decoder =
            $$"""{ "type": "linear", "out": {{input.Aggregate((a, b) => a * b)}} }"""
            + (input.Length == 3 ? $$""", { "type": "unflatten", "shape": [{{shape}}] }""" : "");
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(Fixtures.Recipe(layers, decoder, 3), input);
        Assert.StartsWith($"encoder[0] {kind}", LayerSummary.Of(model.Recipe, input)[0].Name);
        Compare(model);
    }

    [Fact]
    public void A_skip_connection_puts_what_its_layers_make_after_its_input_and_adds_the_gradients_of_both()
    {
        using var scope = NewDisposeScope();
        LayerRecipe[] inner = [new() { Type = LayerType.AvgPool2d, Kernel = 2 }, new() { Type = LayerType.UpsampleNearest, Factor = 2 }];
        var layer = LayerKind.Of(LayerType.Skip).Create(new LayerRecipe { Type = LayerType.Skip, Layers = inner }, [1, 2, 2]);
        var x = tensor([1f, 2, 3, 6], [1, 1, 2, 2], requires_grad: true);
        var y = layer.call(x);
        Assert.Equal([1, 2, 3, 6, 3, 3, 3, 3], Fixtures.Values(y.detach()));
        // Each pixel has a quarter of the four weights of the mean beside its own.
        (y * tensor([1f, 2, 3, 4, 10, 20, 30, 40], [1, 2, 2, 2]))
            .sum()
            .backward();
        Assert.Equal([26, 27, 28, 29], Fixtures.Values(x.grad!));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_summary_of_every_code_is_what_torch_has(string encoder, string latentKeys, string shape)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(
            Fixtures.Recipe(encoder, """{ "type": "linear", "out": 4, "bias": false }""", 3, "autoencoder", latentKeys: latentKeys),
            int.Parse(shape)
        );
        Compare(model);
    }

    [Theory]
    [MemberData(nameof(OnnxAgreementTests.Recipes), MemberType = typeof(OnnxAgreementTests))]
    public void The_summary_of_every_recipe_is_what_torch_has(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.TrainerModel(name);
        Compare(model);
    }

    private static void Compare(Autoencoder model)
    {
        var lines = LayerSummary.Of(model.Recipe, model.Input.Shape);
        nn.Module?[] modules =
        [
            .. model.Encoder.children(),
            model.MeanHead,
            model.VarianceHead,
            model.CodeActivation,
            .. Parts(model.PosteriorModule),
            .. Parts(model.LowerPriorModule),
            .. model.Decoder.children(),
            model.PriorModule,
        ];
        Assert.Equal(modules.OfType<nn.Module>().Select(Parameters), lines.Select(line => line.Parameters));
        Assert.Equal(Parameters(model), lines.Sum(line => line.Parameters));
        model.eval();
        using var _ = no_grad();
        Pass(model.Encoder, lines.Where(line => line.Name.StartsWith("encoder[", StringComparison.Ordinal)), model.Shapes.EncoderInput);
        Pass(model.Decoder, lines.Where(line => line.Part == NetworkPart.Decoder), model.Shapes.DecoderInput);

        // A second stochastic layer has a line for each of its layers and heads, and a flow one for all it has.
        static IEnumerable<nn.Module?> Parts(nn.Module? module) =>
            module is Distributions.ConditionalNormal ? [.. module.children().First().children(), .. module.children().Skip(1)] : [module];
    }

    private static void Pass(nn.Module stack, IEnumerable<LayerSummary> lines, IReadOnlyList<int> input)
    {
        var x = rand([2, .. input.Select(n => (long)n)], generator: Fixtures.Generator(3));
        foreach (var (module, line) in stack.children().Zip(lines))
        {
            x = ((nn.Module<Tensor, Tensor>)module).call(x);
            Assert.Equal(line.OutputShape.Select(n => (long)n), x.shape[1..]);
        }
    }

    private static double Parameters(nn.Module module) => module.parameters().Sum(p => p.numel());
}
