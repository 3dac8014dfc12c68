using Latent.Contracts.Recipes;
using Latent.Models.Objectives;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>
/// A linear-Gaussian model: z ~ N(0, 1), x = w z + b + noise of variance ½ (squared error as -ln p). Then x ~ N(b, ½I + w wᵀ), and the
/// posterior is N(2 wᵀ(x - b) / s, 1 / s) with s = 1 + 2 wᵀw.
/// </summary>
public sealed class LikelihoodEstimateTests
{
    private static readonly float[] s_w = [0.8f, -0.5f, 1.2f];
    private static readonly float[] s_b = [0.1f, 0.2f, -0.3f];
    private static readonly double s_s = 1 + (2 * s_w.Sum(w => (double)w * w));

    private static readonly Recipe s_recipe = Fixtures.Recipe("", """{ "type": "linear", "out": 3 }""", 1);

    [Fact]
    public void With_the_true_posterior_every_weight_is_the_likelihood()
    {
        using var scope = NewDisposeScope();
        using var model = Model(0, 1);
        var x = Rows();
        var estimate = LikelihoodEstimate.Of(model, Objective.Create(s_recipe), x, x, samples: 3, chunk: 2, Fixtures.Generator(1));
        Assert.Equal(Exact(x), Fixtures.Values(estimate.LogLikelihood).Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void With_another_posterior_the_estimate_tends_to_the_likelihood_and_the_elbo_falls_short_by_the_kl_between_posteriors()
    {
        using var scope = NewDisposeScope();
        const double Shift = 0.3,
            Spread = 1.5;
        using var model = Model(Shift, Spread);
        var x = Rows();
        var estimate = LikelihoodEstimate.Of(model, Objective.Create(s_recipe), x, x, samples: 20_000, chunk: 3_000, Fixtures.Generator(1));
        var exact = Exact(x);
        Assert.Equal(exact, Fixtures.Values(estimate.LogLikelihood).Select(v => (double)v), (a, b) => Math.Abs(a - b) < 0.02);
        // KL(N(m + d, v r²) || N(m, v)) with d the shift, v = 1/s and r the spread.
        var gap = 0.5 * ((Spread * Spread) + (Shift * Shift * s_s) - 1 - (2 * Math.Log(Spread)));
        Assert.Equal(exact.Select(e => e - gap), Fixtures.Values(estimate.Elbo).Select(v => (double)v), (a, b) => Math.Abs(a - b) < 0.05);
        Assert.Equal(
            Fixtures.Values(estimate.Elbo),
            Fixtures.Values(-(estimate.Reconstruction + estimate.Kl)),
            (a, b) => Math.Abs(a - b) < 1e-5
        );
    }

    [Fact]
    public void Chunks_do_not_change_the_estimate_beyond_rounding()
    {
        using var scope = NewDisposeScope();
        using var model = Model(0.3, 1.5);
        var x = Rows();
        var estimates = new[] { 64, 16 }
            .Select(chunk =>
                Fixtures.Values(
                    LikelihoodEstimate.Of(model, Objective.Create(s_recipe), x, x, 64, chunk, Fixtures.Generator(1)).LogLikelihood
                )
            )
            .ToArray();
        Assert.Equal(estimates[0], estimates[1], (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void The_importance_weighted_objective_is_the_estimate_of_as_many_samples()
    {
        using var scope = NewDisposeScope();
        var recipe = s_recipe with { Objective = s_recipe.Objective with { Bound = BoundKind.Iwae, Samples = 64 } };
        using var model = Model(0.3, 1.5);
        var x = Rows();
        var objective = Objective.Create(recipe);
        Assert.Equal(
            Fixtures.Value(LikelihoodEstimate.Of(model, objective, x, x, 64, 64, Fixtures.Generator(1)).LogLikelihood.mean()),
            Fixtures.Value(objective.Compute(model, x, x, 1, Fixtures.Generator(1)).Terms["bound"]),
            1e-4
        );
    }

    private static Autoencoder Model(double shift, double spread)
    {
        var model = Fixtures.Model(s_recipe, 3);
        using var _ = no_grad();
        model.MeanHead!.weight!.copy_(tensor(s_w.Select(w => (float)(2 * w / s_s)).ToArray()).reshape(1, 3));
        model.MeanHead.bias!.fill_((float)(shift - (2 * s_w.Zip(s_b, (w, b) => (double)w * b).Sum() / s_s)));
        model.VarianceHead!.weight!.zero_();
        model.VarianceHead.bias!.fill_((float)((2 * Math.Log(spread)) - Math.Log(s_s)));
        var decoder = model.Decoder.parameters().ToArray();
        decoder[0].copy_(tensor(s_w).reshape(3, 1));
        decoder[1].copy_(tensor(s_b));
        return model;
    }

    private static Tensor Rows() => randn([6, 3], generator: Fixtures.Generator(7)) * 1.5;

    /// <summary>ln N(x; b, ½I + wwᵀ) without the constant that squared error leaves out, ½·3 ln π.</summary>
    private static double[] Exact(Tensor x) =>
        [
            .. Fixtures
                .Values(x)
                .Chunk(3)
                .Select(row =>
                {
                    var d = row.Zip(s_b, (v, b) => (double)v - b).ToArray();
                    var dot = d.Zip(s_w, (a, w) => a * w).Sum();
                    return -(d.Sum(v => v * v) - (2 * dot * dot / s_s)) - (0.5 * Math.Log(s_s));
                }),
        ];
}
