using Latent.Contracts.Recipes;
using Latent.Models.Objectives;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>
/// A linear-Gaussian model, z ~ p(z), x = w z + b + noise of variance σ²: with a normal mixture for p(z), p(x) is a mixture of N(w μₖ + b,
/// σₖ² w wᵀ + σ² I), known in closed form.
/// </summary>
public sealed class ClosedFormTests
{
    private const double Sigma = 0.8;
    private static readonly float[] s_w = [0.8f, -0.5f, 1.2f];
    private static readonly float[] s_b = [0.1f, 0.2f, -0.3f];

    [Theory]
    [InlineData("""{ "kind": "standardNormal" }""")]
    [InlineData("""{ "kind": "mixture", "components": 3 }""")]
    [InlineData("""{ "kind": "vampPrior", "pseudoInputs": 3 }""")]
    public void The_likelihood_under_every_mixture_is_the_closed_one(string prior)
    {
        using var scope = NewDisposeScope();
        using var model = Model(prior, "\"bound\": \"iwae\"");
        using var _ = no_grad();
        var x = Rows();
        var estimate = LikelihoodEstimate.Of(model, Objective.Create(model.Recipe), x, x, 20_000, 5_000, Fixtures.Generator(1));
        Assert.Equal(Exact(model, x), Fixtures.Values(estimate.LogLikelihood).Select(v => (double)v), (a, b) => Math.Abs(a - b) < 0.03);
    }

    /// <summary>With p(z₁|z₂) = N(a z₂ + c, s²) the lower code is a mixture of N(a μₖ + c, a² σₖ² + s²).</summary>
    [Theory]
    [InlineData("bottomUp", """{ "kind": "standardNormal" }""")]
    [InlineData("bottomUp", """{ "kind": "mixture", "components": 3 }""")]
    [InlineData("topDown", """{ "kind": "standardNormal" }""")]
    [InlineData("topDown", """{ "kind": "mixture", "components": 3 }""")]
    [InlineData("topDown", """{ "kind": "vampPrior", "pseudoInputs": 3 }""")]
    public void The_likelihood_of_two_stochastic_layers_is_the_closed_one(string inference, string prior)
    {
        using var scope = NewDisposeScope();
        using var model = Model(prior, "\"bound\": \"iwae\"", $$""", "upper": { "dimension": 1, "inference": "{{inference}}" }""");
        using var _ = no_grad();
        var x = Rows();
        var estimate = LikelihoodEstimate.Of(model, Objective.Create(model.Recipe), x, x, 50_000, 5_000, Fixtures.Generator(1));
        Assert.Equal(Exact(model, x), Fixtures.Values(estimate.LogLikelihood).Select(v => (double)v), (a, b) => Math.Abs(a - b) < 0.05);
        var exact = Exact(model, x).Average();
        var bounds = new[] { 1, 5, 50 }
            .Select(samples =>
                Fixtures
                    .Values(
                        LikelihoodEstimate
                            .Of(
                                model,
                                Objective.Create(model.Recipe),
                                x.repeat(200, 1),
                                x.repeat(200, 1),
                                samples,
                                50,
                                Fixtures.Generator(2)
                            )
                            .LogLikelihood
                    )
                    .Average()
            )
            .ToArray();
        Assert.True(bounds[0] < bounds[1] && bounds[1] < bounds[2] && bounds[2] < exact, $"{string.Join(" < ", bounds)} < {exact}");
    }

    [Theory]
    [InlineData("realNvp")]
    [InlineData("maf")]
    public void A_flow_that_leaves_codes_as_they_are_is_the_standard_normal(string kind)
    {
        using var scope = NewDisposeScope();
        var recipe = Recipe($$"""{ "kind": "{{kind}}", "steps": 2, "hidden": 4 }""", "\"bound\": \"iwae\"", 2);
        using var model = Fixtures.Model(recipe, 3);
        var z = randn([20, 2], generator: Fixtures.Generator(1));
        Assert.Equal(
            Fixtures.Values(Distributions.DiagonalNormal.StandardLogProb(z)),
            Fixtures.Values(model.Prior().LogProb(z)),
            (a, b) => Math.Abs(a - b) < 1e-5
        );
    }

    /// <summary>The bounds lie where they must: ELBO ≤ CIWAE ≤ IWAE of K, MIWAE between ELBO and IWAE of M·K, all below ln p(x).</summary>
    [Theory]
    [InlineData("""{ "kind": "standardNormal" }""")]
    [InlineData("""{ "kind": "mixture", "components": 3 }""")]
    public void Bounds_are_in_their_order_below_the_likelihood(string prior)
    {
        using var scope = NewDisposeScope();
        var x = Rows().repeat(400, 1);
        var elbo = Bound("\"bound\": \"monteCarloElbo\", \"samples\": 6");
        var miwae = Bound("\"bound\": \"miwae\", \"samples\": 3, \"outerSamples\": 2");
        var iwae = Bound("\"bound\": \"iwae\", \"samples\": 6");
        var piwae = Bound("\"bound\": \"piwae\", \"samples\": 3, \"outerSamples\": 2");
        var ciwae = Bound("\"bound\": \"ciwae\", \"samples\": 6, \"elboWeight\": 0.5");
        using var model = Model(prior, "\"bound\": \"iwae\"");
        var exact = Exact(model, Rows()).Average();
        Assert.True(elbo < miwae && miwae < iwae && iwae < exact, $"{elbo} < {miwae} < {iwae} < {exact}");
        Assert.Equal(iwae, piwae, 1e-3);
        Assert.Equal((elbo + iwae) / 2, ciwae, 1e-3);

        double Bound(string objective)
        {
            using var one = Model(prior, objective);
            return Fixtures.Value(Objective.Create(one.Recipe).Compute(one, x, x, 1, Fixtures.Generator(2)).Terms["bound"]);
        }
    }

    [Fact]
    public void One_group_of_samples_is_the_importance_weighted_bound_of_all_three()
    {
        using var scope = NewDisposeScope();
        var x = Rows();
        var values = new[] { "iwae", "miwae", "piwae" }.Select(bound =>
        {
            using var model = Model("{ }", $"\"bound\": \"{bound}\", \"samples\": 5");
            return Fixtures.Value(Objective.Create(model.Recipe).Compute(model, x, x, 1, Fixtures.Generator(2)).Terms["bound"]);
        });
        Assert.All(values, value => Assert.Equal(values.First(), value, 1e-4f));
    }

    [Fact]
    public void The_total_correlation_of_independent_codes_is_small_and_of_equal_ones_is_not()
    {
        using var scope = NewDisposeScope();
        var first = randn([2000, 1], generator: Fixtures.Generator(1)) * 2;
        var other = randn([2000, 1], generator: Fixtures.Generator(2)) * 2;
        var logVariance = (cat([first, other], 1) * 0.0) - 2.0;
        // Two normals of variance 4 + e⁻² with correlation r have total correlation -½ ln(1 - r²).
        var r = 4 / (4 + Math.Exp(-2));
        Assert.Equal(0, Of(cat([first, other], 1)), 0.05);
        Assert.Equal(-0.5 * Math.Log(1 - (r * r)), Of(cat([first, first], 1)), 0.1);

        double Of(Tensor means)
        {
            var normal = new Distributions.DiagonalNormal(means, logVariance);
            return Fixtures.Value(TotalCorrelation.Of(normal, normal.Sample(Fixtures.Generator(3))));
        }
    }

    [Fact]
    public void The_discrepancy_of_equal_distributions_is_none_and_of_shifted_ones_is_not()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn([2000, 3], generator: Fixtures.Generator(1)), randn([2000, 3], generator: Fixtures.Generator(2)));
        Assert.Equal(0, Fixtures.Value(Mmd.Of(a, b)), 0.01);
        Assert.True(Fixtures.Value(Mmd.Of(a + 1.0, b)) > 0.1);
    }

    [Theory]
    [InlineData("""{ "kind": "gaussian", "spread": 0.7 }""")]
    [InlineData("""{ "kind": "laplace", "spread": 0.7 }""")]
    public void A_density_integrates_to_one(string likelihood)
    {
        using var scope = NewDisposeScope();
        var x = ((arange(4001, float32) * 0.01) - 20.0).unsqueeze(1);
        Assert.Equal(1, Fixtures.Value((-Errors(likelihood, 0.3f, x)).exp().sum()) * 0.01, 1e-3);
    }

    [Theory]
    [InlineData(0.3f, 0.05)]
    [InlineData(0.001f, 0.002)]
    [InlineData(1.4f, 0.5)]
    public void The_levels_of_a_pixel_have_all_of_the_probability(float location, double spread)
    {
        using var scope = NewDisposeScope();
        var x = (arange(256, float32) * (1 / 255.0)).unsqueeze(1);
        var likelihood = FormattableString.Invariant($$"""{ "kind": "discretizedLogistic", "spread": {{spread}} }""");
        Assert.Equal(1, Fixtures.Value((-Errors(likelihood, location, x)).exp().sum()), 1e-4);
    }

    private static Tensor Errors(string likelihood, float location, Tensor x)
    {
        var recipe = Fixtures.Recipe(
            "",
            """{ "type": "linear", "out": 1 }""",
            1,
            objective: "",
            data: "\"source\": \"npy\"",
            more: $", \"likelihood\": {likelihood}"
        );
        using var model = Fixtures.Model(recipe, 1);
        return Objective.Create(recipe).ReconstructionPerRow(model, full((int)x.shape[0], 1, location), x);
    }

    private static Recipe Recipe(string prior, string objective, int latent = 1, string latentKeys = "") =>
        Fixtures.Recipe(
            "",
            """{ "type": "linear", "out": 3 }""",
            latent,
            objective: objective,
            latentKeys: latentKeys,
            more: FormattableString.Invariant($$""", "prior": {{prior}}, "likelihood": { "kind": "gaussian", "spread": {{Sigma}} }""")
        );

    private static Autoencoder Model(string prior, string objective, string latentKeys = "")
    {
        var model = Fixtures.Model(Recipe(prior, objective, 1, latentKeys), 3);
        using var _ = no_grad();
        // A second layer's code is an input of these two, which they leave out.
        model.MeanHead!.weight!.zero_();
        model.Decoder.parameters().First().zero_();
        var spread = 1 + (s_w.Sum(w => (double)w * w) / (Sigma * Sigma));
        model
            .MeanHead.weight!.narrow(1, 0, 3)
            .copy_(tensor(s_w.Select(w => (float)(w / (Sigma * Sigma) / spread)).ToArray()).reshape(1, 3));
        model.MeanHead.bias!.fill_(0.2);
        model.VarianceHead!.weight!.zero_();
        model.VarianceHead.bias!.fill_(0.4 - Math.Log(spread));
        var decoder = model.Decoder.parameters().ToArray();
        decoder[0].narrow(1, 0, 1).copy_(tensor(s_w).reshape(3, 1));
        decoder[1].copy_(tensor(s_b));
        foreach (var parameter in model.PriorModule?.parameters() ?? [])
            parameter.copy_(randn(parameter.shape, generator: Fixtures.Generator(9)) * 0.7);
        // Draws of the second layer lie where its prior has mass.
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name is "posterior.mean.weight" or "posterior.spread.weight" or "conditional.spread.weight")
                parameter.zero_();
            if (name is "posterior.spread.bias")
                parameter.fill_(1.5);
        }

        return model;
    }

    private static Tensor Rows() => randn([6, 3], generator: Fixtures.Generator(7)) * 1.5;

    private static double[] Exact(Autoencoder model, Tensor x)
    {
        var mixture = model.Prior() as Priors.NormalMixture;
        if (model.Prior() is Priors.TwoLayerPrior)
        {
            mixture = model.PriorModule switch
            {
                Priors.MixturePrior learned => learned.Now(),
                Priors.VampPrior vamp => vamp.Now(model),
                _ => null,
            };
        }

        float[] means = mixture is null ? [0] : Fixtures.Values(mixture.Means),
            logVariances = mixture is null ? [0] : Fixtures.Values(mixture.LogVariances);
        if (model.LowerPriorModule is { } conditional)
        {
            var lower = conditional.Of(tensor([0f, 1f], [2, 1]));
            var (c, variance) = (Fixtures.Values(lower.Mean)[0], MathF.Exp(Fixtures.Values(lower.LogVariance)[0]));
            var a = Fixtures.Values(lower.Mean)[1] - c;
            means = [.. means.Select(m => (a * m) + c)];
            logVariances = [.. logVariances.Select(v => MathF.Log((a * a * MathF.Exp(v)) + variance))];
        }

        float[] weights = mixture?.LogWeights is { } w ? Fixtures.Values(w.softmax(0)) : [.. means.Select(_ => 1f / means.Length)];
        return
        [
            .. Fixtures
                .Values(x)
                .Chunk(3)
                .Select(row => Math.Log(means.Select((m, k) => weights[k] * Density(row, m, logVariances[k])).Sum())),
        ];

        // N(x; w m + b, v w wᵀ + σ² I), inverted by Sherman and Morrison.
        static double Density(float[] row, double m, double logVariance)
        {
            var (v, noise) = (Math.Exp(logVariance), Sigma * Sigma);
            var d = row.Select((value, i) => value - (s_w[i] * m) - s_b[i]).ToArray();
            var (dot, norm) = (d.Zip(s_w, (a, w) => a * w).Sum(), s_w.Sum(w => (double)w * w));
            var square = (d.Sum(value => value * value) - (v * dot * dot / (noise + (v * norm)))) / noise;
            var logDeterminant = (2 * Math.Log(noise)) + Math.Log(noise + (v * norm));
            return Math.Exp(-0.5 * (square + logDeterminant + (3 * Math.Log(2 * Math.PI))));
        }
    }
}
