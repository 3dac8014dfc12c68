using Latent.Contracts.Bundles;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class AutoencoderTests
{
    [Fact]
    public void Parameters_and_buffers_have_stable_names()
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(
            Fixtures.Recipe(
                """{ "type": "conv2d", "out": 2, "kernel": 3 }, { "type": "batchNorm2d" }, { "type": "relu" }, { "type": "flatten" }""",
                """{ "type": "linear", "out": 16 }""" + """, { "type": "unflatten", "shape": [1, 4, 4] }""", 3),
            1, 4, 4);
        Assert.Equal(
            [
                "decoder.0.bias", "decoder.0.weight", "encoder.0.bias", "encoder.0.weight", "encoder.1.bias", "encoder.1.num_batches_tracked", "encoder.1.running_mean",
                "encoder.1.running_var", "encoder.1.weight", "factor", "mean.bias", "mean.weight", "offset", "spread.bias", "spread.weight",
            ],
            model.state_dict().Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("logVariance", 0.7, 0.7)]
    [InlineData("logSigma", 0.7, 1.4)]
    [InlineData("softplus", 0.7, 0.19640647)] // 2 ln(ln(1 + e^0.7) + 1e-6)
    [InlineData("logVariance", 1e6, 20)]
    [InlineData("logSigma", -1e6, -30)]
    [InlineData("softplus", 1e6, 20)]
    [InlineData("softplus", -1e6, -27.631021)] // 2 ln 1e-6
    public void Each_head_states_the_log_variance_and_is_clamped(string head, double bias, double expected)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(Fixtures.Small("\"reconstruction\": \"meanSquaredError\"", $", \"head\": \"{head}\""), 4);
        using (no_grad())
        {
            model.VarianceHead!.weight!.zero_();
            model.VarianceHead.bias!.fill_((float)bias);
        }
        var posterior = model.Encode(randn(3, 4));
        Assert.All(Fixtures.Values(posterior.LogVariance!), v => Assert.Equal(expected, v, 1e-5));
        var kl = posterior.Kl().sum();
        kl.backward();
        Assert.All(model.parameters().Where(p => p.grad is not null), p => Assert.All(Fixtures.Values(p.grad!), g => Assert.True(float.IsFinite(g))));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small("\"reconstruction\": \"meanSquaredError\"");
        var (first, second) = (Fixtures.Model(recipe, 4), Fixtures.Model(recipe, 4));
        manual_seed(2);
        var third = Autoencoder.Create(recipe, first.Input, new Scaling([0], [1]));
        Assert.Equal(Weights(first), Weights(second));
        Assert.NotEqual(Weights(first), Weights(third));
    }

    [Theory]
    [InlineData("glorotUniform", 0.0408, false)] // √(2/(1000 + 200))
    [InlineData("heNormal", 0.0447, true)] // √(2/1000)
    [InlineData("twoOverSqrtFanIn", 0.0632, true)] // 2/√1000
    public void Initial_weights_have_the_spread_of_their_kind(string kind, double deviation, bool normal)
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Recipe(
            """{ "type": "linear", "out": 200 }""", """{ "type": "linear", "out": 1000 }""", 2, more: $$""", "initialization": { "kind": "{{kind}}" }""");
        using var model = Fixtures.Model(recipe, 1000);
        var weights = Fixtures.Values(model.Encoder.parameters().First());
        var measured = Math.Sqrt(weights.Sum(w => (double)w * w) / weights.Length);
        Assert.Equal(deviation, measured, deviation * 0.01);
        Assert.Equal(normal, weights.Max() > deviation * 2.5);
        Assert.All(model.named_parameters().Where(p => p.name.EndsWith("bias", StringComparison.Ordinal)), p => Assert.All(Fixtures.Values(p.parameter), b => Assert.Equal(0, b)));
    }

    [Fact]
    public void A_transposed_convolution_counts_its_inputs()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Recipe(
            """{ "type": "flatten" }""", """{ "type": "linear", "out": 1024 }, { "type": "unflatten", "shape": [64, 4, 4] }, { "type": "convTranspose2d", "out": 256, "kernel": 1 }""",
            2, more: """, "initialization": { "kind": "heNormal" }""");
        using var model = Fixtures.Model(recipe, 256, 4, 4);
        var weights = Fixtures.Values(model.Decoder.parameters().SkipLast(1).Last());
        Assert.Equal(64 * 256, weights.Length);
        Assert.Equal(Math.Sqrt(2.0 / 64), Math.Sqrt(weights.Sum(w => (double)w * w) / weights.Length), 0.005);
    }

    [Fact]
    public void The_output_bias_is_the_logit_of_the_clipped_training_mean()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Recipe(
            """{ "type": "linear", "out": 6 }""", """{ "type": "linear", "out": 4 }""", 2, objective: "\"reconstruction\": \"bernoulli\"",
            data: "\"source\": \"npy\"", more: """, "initialization": { "outputBiasFromMean": true }""");
        var input = new InputDescription { Shape = [4], Unit = InputUnit.Pixel };
        using var model = Autoencoder.Create(recipe, input, new Scaling([0], [1f / 255]), tensor(new[] { 0f, 0.5f, 0.75f, 1f }));
        var bias = Fixtures.Values(model.Decoder.parameters().Last());
        Assert.Equal([-6.906755f, 0, 1.0986123f, 6.906755f], bias, (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Throws<ArgumentException>(() => Autoencoder.Create(recipe, input, new Scaling([0], [1]), zeros(3)));
    }

    [Fact]
    public void A_scaling_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => Fixtures.Model(Fixtures.Small("\"reconstruction\": \"meanSquaredError\""), new Scaling([0, 0], [1, 1]), 4));

    private static float[] Weights(Autoencoder model) => [.. model.parameters().SelectMany(Fixtures.Values)];
}
