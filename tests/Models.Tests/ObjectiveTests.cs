using Latent.Models.Objectives;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class ObjectiveTests
{
    private const string Squared = "\"reconstruction\": \"meanSquaredError\"";
    private const string Bernoulli = "\"reconstruction\": \"bernoulli\"";
    private const string Pixels = "\"source\": \"npy\"";

    public static TheoryData<string, string, double> Objectives => new()
    {
        { Squared, "", 1 },
        { Squared + ", \"samples\": 3", "", 0.5 },
        { Squared + ", \"reduction\": \"mean\", \"l2\": 0.01, \"l2On\": \"decoder\"", ", \"head\": \"logSigma\"", 1 },
        { Squared + ", \"freeBits\": 0.05", ", \"head\": \"softplus\"", 1 },
        { Bernoulli, "", 1 },
        { Bernoulli + ", \"bound\": \"monteCarloElbo\", \"samples\": 4", ", \"head\": \"softplus\"", 1 },
        { Bernoulli + ", \"bound\": \"monteCarloElbo\"", "", 0.3 },
        { Bernoulli + ", \"bound\": \"iwae\", \"samples\": 5", ", \"head\": \"logSigma\"", 1 },
        { Squared + ", \"bound\": \"iwae\", \"samples\": 5, \"l2\": 0.1", "", 0.7 },
    };

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Gradients_are_finite_differences_with_common_random_numbers(string objective, string latent, double beta)
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(objective, latent, Pixels);
        using var model = Fixtures.Model(recipe, 4);
        var compute = Objective.Create(recipe);
        var (input, target) = (rand([8, 4], generator: Fixtures.Generator(1)), rand([8, 4], generator: Fixtures.Generator(2)));
        double Loss() => Fixtures.Value(compute.Compute(model, input, target, beta, Fixtures.Generator(3)).Total);

        compute.Compute(model, input, target, beta, Fixtures.Generator(3)).Total.backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            var direction = randn(parameter.shape, generator: Fixtures.Generator(4));
            direction /= direction.norm();
            var expected = Fixtures.Value((parameter.grad! * direction).sum());
            const double Step = 1e-2;
            using var _ = no_grad();
            parameter.add_(direction * Step);
            var above = Loss();
            parameter.sub_(direction * (2 * Step));
            var below = Loss();
            parameter.add_(direction * Step);
            var measured = (above - below) / (2 * Step);
            Assert.True(Math.Abs(measured - expected) <= 1e-3 + (2e-3 * Math.Abs(expected)), $"{name}: gradient {expected}, finite difference {measured}");
        }
    }

    [Fact]
    public void One_importance_sample_is_the_sampled_elbo_exactly_value_and_gradient()
    {
        using var scope = NewDisposeScope();
        var x = rand([16, 4], generator: Fixtures.Generator(1));
        var elbo = Differentiate(Bernoulli + ", \"bound\": \"monteCarloElbo\"", x);
        var iwae = Differentiate(Bernoulli + ", \"bound\": \"iwae\"", x);
        Assert.Equal(elbo.Terms["loss"], iwae.Terms["loss"]);
        SameGradients(elbo.Gradients, iwae.Gradients, _ => 0);
    }

    [Fact]
    public void The_analytic_elbo_is_reconstruction_plus_kl_by_hand()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(Squared);
        using var model = Fixtures.Model(recipe, 4);
        var x = randn([5, 4], generator: Fixtures.Generator(1));
        var losses = Objective.Create(recipe).Compute(model, x, x, 0.5, Fixtures.Generator(2));
        var posterior = model.Encode(x);
        var z = posterior.Sample(Fixtures.Generator(2));
        var (mean, logVariance) = (Fixtures.Values(posterior.Mean), Fixtures.Values(posterior.LogVariance!));
        var kl = mean.Zip(logVariance, (m, v) => 0.5 * (Math.Exp(v) + (m * m) - 1 - v)).Sum() / 5;
        var reconstruction = Fixtures.Values(model.Decode(z)).Zip(Fixtures.Values(x), (a, b) => (double)(a - b) * (a - b)).Sum() / 5;
        Assert.Equal(reconstruction, Fixtures.Value(losses.Terms["reconstruction"]), 1e-5);
        Assert.Equal(kl, Fixtures.Value(losses.Terms["kl"]), 1e-5);
        Assert.Equal(reconstruction + (0.5 * kl), Fixtures.Value(losses.Total), 1e-5);
        Assert.Equal(Fixtures.Value(losses.Total), Fixtures.Value(losses.Terms["loss"]));
    }

    [Fact]
    public void The_sampled_elbo_tends_to_the_analytic_one()
    {
        using var scope = NewDisposeScope();
        var x = rand([2, 4], generator: Fixtures.Generator(1));
        var losses = new[] { "elbo", "monteCarloElbo" }.Select(bound =>
        {
            var recipe = Fixtures.Small(Bernoulli + $", \"bound\": \"{bound}\", \"samples\": 20000", data: Pixels);
            return Fixtures.Value(Objective.Create(recipe).Compute(Fixtures.Model(recipe, 4), x, x, 1, Fixtures.Generator(2)).Total);
        }).ToArray();
        Assert.Equal(losses[0], losses[1], 0.01);
    }

    [Fact]
    public void More_importance_samples_tighten_the_bound()
    {
        using var scope = NewDisposeScope();
        var x = rand([512, 4], generator: Fixtures.Generator(1));
        var bounds = new[] { 1, 5, 50 }.Select(samples =>
        {
            var recipe = Fixtures.Small(Bernoulli + $", \"bound\": \"iwae\", \"samples\": {samples}", data: Pixels);
            var model = Fixtures.Model(recipe, 4);
            using (no_grad())
                model.MeanHead!.weight!.mul_(8);
            return Fixtures.Value(Objective.Create(recipe).Compute(model, x, x, 1, Fixtures.Generator(2)).Terms["bound"]);
        }).ToArray();
        Assert.True(bounds[0] + 0.01 < bounds[1] && bounds[1] + 0.01 < bounds[2], string.Join(" < ", bounds));
    }

    [Fact]
    public void The_doubly_reparameterised_gradient_has_the_value_the_decoder_and_the_expectation_of_iwae()
    {
        using var scope = NewDisposeScope();
        var iwae = Differentiate(Squared + ", \"bound\": \"iwae\", \"samples\": 4", OneRowManyTimes(), 1);
        var dreg = Differentiate(Squared + ", \"bound\": \"dreg\", \"samples\": 4", OneRowManyTimes(), 1);
        Assert.Equal(iwae.Terms["loss"], dreg.Terms["loss"], 1e-4f);
        SameGradients(iwae.Gradients, dreg.Gradients, name => name.StartsWith("decoder.", StringComparison.Ordinal) ? 1e-4 : 0.02);
    }

    [Theory]
    [InlineData("iwae", 1)]
    [InlineData("iwae", 3)]
    [InlineData("dreg", 1)]
    [InlineData("dreg", 3)]
    public void A_gradient_through_chosen_samples_has_the_value_and_the_expectation_of_the_whole(string bound, int chosen)
    {
        using var scope = NewDisposeScope();
        var objective = Squared + $", \"bound\": \"{bound}\", \"samples\": 6";
        var whole = Differentiate(objective, OneRowManyTimes(), 1);
        var some = Differentiate(objective + $", \"gradientSamples\": {chosen}", OneRowManyTimes(), 1);
        Assert.All(whole.Terms, term => Assert.Equal(term.Value, some.Terms[term.Key], 1e-5f));
        SameGradients(whole.Gradients, some.Gradients, _ => 0.02);
    }

    [Theory]
    [InlineData("iwae")]
    [InlineData("dreg")]
    public void Of_one_sample_that_one_is_chosen(string bound)
    {
        using var scope = NewDisposeScope();
        var x = rand([16, 4], generator: Fixtures.Generator(1));
        var whole = Differentiate(Bernoulli + $", \"bound\": \"{bound}\"", x);
        var chosen = Differentiate(Bernoulli + $", \"bound\": \"{bound}\", \"gradientSamples\": 1", x);
        SameGradients(whole.Gradients, chosen.Gradients, _ => 1e-6);
    }

    [Fact]
    public void A_spread_too_small_for_the_mean_does_not_spoil_the_sampled_kl()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(Squared + ", \"bound\": \"monteCarloElbo\", \"samples\": 1000");
        using var model = Fixtures.Model(recipe, 4);
        using (no_grad())
        {
            model.MeanHead!.weight!.zero_();
            model.MeanHead.bias!.fill_(3);
            model.VarianceHead!.weight!.zero_();
            model.VarianceHead.bias!.fill_(-30);
        }
        var x = randn([2, 4], generator: Fixtures.Generator(1));
        // Two dimensions of KL ½(e^-30 + 9 - 1 + 30) = 19 each; the mean of ε² over 4000 draws is 1 ± 0.02.
        Assert.Equal(38, Fixtures.Value(Objective.Create(recipe).Compute(model, x, x, 1, Fixtures.Generator(2)).Terms["kl"]), 0.1);
    }

    [Fact]
    public void Without_gradients_dreg_is_the_importance_weighted_bound()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(Bernoulli + ", \"bound\": \"dreg\", \"samples\": 4", data: Pixels);
        var x = rand([8, 4], generator: Fixtures.Generator(1));
        var losses = Objective.Create(recipe).Evaluate(Fixtures.Model(recipe, 4), x, x, Fixtures.Generator(2));
        Assert.False(losses.Total.requires_grad);
        Assert.Equal(-Fixtures.Value(losses.Total), Fixtures.Value(losses.Terms["bound"]));
    }

    [Theory]
    [InlineData("elbo", 0)]
    [InlineData("monteCarloElbo", 0)]
    [InlineData("iwae", 0)]
    [InlineData("iwae", 2)]
    [InlineData("dreg", 0)]
    [InlineData("dreg", 2)]
    public void Extreme_logits_codes_and_spreads_stay_finite(string bound, int chosen)
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(Bernoulli + $", \"bound\": \"{bound}\", \"samples\": 3, \"gradientSamples\": {chosen}", data: Pixels);
        using var model = Fixtures.Model(recipe, 4);
        using (no_grad())
        {
            model.Decoder.parameters().Last().mul_(1e6);
            model.MeanHead!.weight!.mul_(100);
            model.VarianceHead!.weight!.mul_(1000);
        }
        var x = rand([8, 4], generator: Fixtures.Generator(1)).round();
        var losses = Objective.Create(recipe).Compute(model, x, x, 1, Fixtures.Generator(2));
        losses.Total.backward();
        Assert.All(losses.Terms, t => Assert.True(float.IsFinite(Fixtures.Value(t.Value)), t.Key));
        Assert.All(model.parameters(), p => Assert.All(Fixtures.Values(p.grad!), g => Assert.True(float.IsFinite(g))));
    }

    [Fact]
    public void Free_bits_pay_for_less_kl_than_the_threshold()
    {
        using var scope = NewDisposeScope();
        var x = randn([16, 4], generator: Fixtures.Generator(1));
        var recipe = Fixtures.Small(Squared + ", \"freeBits\": 50");
        using var model = Fixtures.Model(recipe, 4);
        var losses = Objective.Create(recipe).Compute(model, x, x, 1, Fixtures.Generator(2));
        Assert.Equal(Fixtures.Value(losses.Terms["reconstruction"]) + 100, Fixtures.Value(losses.Total), 1e-3);
        Assert.True(Fixtures.Value(losses.Terms["kl"]) < 50);
        losses.Total.backward();
        Assert.NotNull(model.MeanHead!.weight!.grad);
    }

    [Theory]
    [InlineData("encoder", false, true)]
    [InlineData("decoder", true, false)]
    [InlineData("all", true, true)]
    public void L2_is_the_squared_norm_of_the_chosen_parameters(string part, bool decoder, bool encoder)
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(Squared + $", \"l2\": 0.5, \"l2On\": \"{part}\"");
        using var model = Fixtures.Model(recipe, 4);
        var x = randn([4, 4], generator: Fixtures.Generator(1));
        var terms = Objective.Create(recipe).Compute(model, x, x, 1, Fixtures.Generator(2)).Terms;
        var expected = model.named_parameters().Where(p => p.name.StartsWith("decoder.", StringComparison.Ordinal) ? decoder : encoder)
            .SelectMany(p => Fixtures.Values(p.parameter)).Sum(w => (double)w * w) * 0.5;
        Assert.Equal(expected, Fixtures.Value(terms["l2"]), 1e-4);
        Assert.Equal(Fixtures.Value(terms["reconstruction"]) + Fixtures.Value(terms["kl"]) + expected, Fixtures.Value(terms["loss"]), 1e-4);
    }

    [Fact]
    public void Beta_warms_up_linearly()
    {
        var objective = Objective.Create(Fixtures.Small(Squared + ", \"beta\": 2, \"warmUpEpochs\": 4"));
        Assert.Equal([0, 0.25, 1, 2, 2], new[] { 0, 0.5, 2, 4, 100 }.Select(objective.Beta));
        Assert.Equal(1, Objective.Create(Fixtures.Small(Squared)).Beta(0));
    }

    [Fact]
    public void A_plain_autoencoder_minimises_the_reconstruction_of_the_target()
    {
        using var scope = NewDisposeScope();
        var recipe = Fixtures.Small(Squared + ", \"reduction\": \"mean\"", kind: "autoencoder");
        using var model = Fixtures.Model(recipe, 4);
        var (noisy, clean) = (randn([4, 4], generator: Fixtures.Generator(1)), randn([4, 4], generator: Fixtures.Generator(2)));
        var losses = Objective.Create(recipe).Compute(model, noisy, clean, 1);
        var expected = Fixtures.Values(model.Decode(model.Encode(noisy).Mean)).Zip(Fixtures.Values(clean), (a, b) => (double)(a - b) * (a - b)).Average();
        Assert.Equal(expected, Fixtures.Value(losses.Total), 1e-6);
        Assert.Equal(["loss", "reconstruction"], losses.Terms.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>A row whose objective's mean is over so many draws that it is nearly the expectation.</summary>
    private static Tensor OneRowManyTimes() => tensor(new[] { 0.1f, 0.9f, 0.4f, 0.7f }).reshape(1, 4).expand(100_000, 4);

    /// <summary>The objective's terms for the same model and draws, and their gradients by parameter.</summary>
    /// <param name="objective">The recipe's.</param>
    /// <param name="x">Input and target.</param>
    /// <param name="shift">How far the posterior's mean lies from where it starts, so that the encoder's gradients aren't small.</param>
    private static (Dictionary<string, float> Terms, Dictionary<string, float[]> Gradients) Differentiate(string objective, Tensor x, float shift = 0)
    {
        var recipe = Fixtures.Small(objective, data: Pixels);
        var model = Fixtures.Model(recipe, 4);
        using (no_grad())
            model.MeanHead!.bias!.add_(shift);
        var losses = Objective.Create(recipe).Compute(model, x, x, 1, Fixtures.Generator(2));
        losses.Total.backward();
        return (losses.Terms.ToDictionary(t => t.Key, t => Fixtures.Value(t.Value)),
            model.named_parameters().ToDictionary(p => p.name, p => Fixtures.Values(p.parameter.grad!)));
    }

    /// <summary>Each within the tolerance of its parameter, relative to the largest of the parameter's.</summary>
    private static void SameGradients(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, Func<string, double> tolerance)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, gradient) in expected)
        {
            var far = tolerance(name) * gradient.Max(Math.Abs);
            Assert.Equal(gradient, actual[name], (a, b) => Math.Abs(a - b) <= far);
        }
    }
}
