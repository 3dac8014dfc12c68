using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class DistributionTests
{
    [Fact]
    public void Normal_log_densities_are_the_formula()
    {
        using var scope = NewDisposeScope();
        var normal = new DiagonalNormal(tensor(new[] { 1f, -2f }).reshape(1, 2), tensor(new[] { 0f, MathF.Log(4) }).reshape(1, 2));
        // -½((2-1)² + ln 2π) - ½((1+2)²/4 + ln 4 + ln 2π)
        Assert.Equal(
            -0.5 - (0.5 * 9 / 4) - (0.5 * Math.Log(4)) - Math.Log(2 * Math.PI),
            Fixtures.Value(normal.LogProb(tensor(new[] { 2f, 1f }).reshape(1, 2))),
            1e-5
        );
        Assert.Equal(
            -2.5 - Math.Log(2 * Math.PI),
            Fixtures.Value(DiagonalNormal.StandardLogProb(tensor(new[] { 2f, 1f }).reshape(1, 2))),
            1e-5
        );
    }

    [Fact]
    public void Kl_is_the_formula_and_the_mean_of_log_ratios()
    {
        using var scope = NewDisposeScope();
        var normal = new DiagonalNormal(tensor(new[] { 1f, -0.5f }).reshape(1, 2), tensor(new[] { 0.8f, -1.2f }).reshape(1, 2));
        double[] expected = [0.5 * (Math.Exp(0.8) + 1 - 1 - 0.8), 0.5 * (Math.Exp(-1.2) + 0.25 - 1 + 1.2)];
        Assert.Equal(expected, Fixtures.Values(normal.KlPerDimension()).Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(expected.Sum(), Fixtures.Value(normal.Kl()), 1e-6);
        var z = normal.Sample(200_000, Fixtures.Generator(1));
        Assert.Equal(expected.Sum(), Fixtures.Value((normal.LogProb(z) - DiagonalNormal.StandardLogProb(z)).mean()), 0.01);
    }

    [Fact]
    public void Samples_have_the_mean_and_the_spread_and_repeat_from_a_seed()
    {
        using var scope = NewDisposeScope();
        var normal = new DiagonalNormal(
            tensor(new[] { 3f, -1f }).reshape(1, 2),
            tensor(new[] { MathF.Log(0.25f), MathF.Log(9) }).reshape(1, 2)
        );
        var z = normal.Sample(100_000, Fixtures.Generator(5)).reshape(-1, 2);
        Assert.Equal([3f, -1f], Fixtures.Values(z.mean([0])), (a, b) => Math.Abs(a - b) < 0.03);
        var centred = z - z.mean([0]);
        Assert.Equal([0.25f, 9f], Fixtures.Values((centred * centred).mean([0])), (a, b) => Math.Abs((a / b) - 1) < 0.02);
        Assert.Equal(Fixtures.Values(normal.Sample(Fixtures.Generator(6))), Fixtures.Values(normal.Sample(Fixtures.Generator(6))));
    }

    [Fact]
    public void Bernoulli_log_probabilities_are_stable_for_any_logit()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0f, 2f, -1000f, 1000f, -1000f, 1000f }).reshape(6, 1);
        var x = tensor(new[] { 1f, 0.25f, 0f, 1f, 1f, 0f }).reshape(6, 1);
        float[] expected = [-0.6931472f, (0.25f * 2) - 2.126928f, 0, 0, -1000, -1000];
        Assert.Equal(expected, Fixtures.Values(new BernoulliLogits(logits).LogProb(x)), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Bernoulli_samples_have_the_probability()
    {
        using var scope = NewDisposeScope();
        var draws = Fixtures.Values(new BernoulliLogits(full(100_000, 1, -1.0986123f)).Sample(Fixtures.Generator(1)));
        Assert.All(draws, d => Assert.True(d is 0 or 1));
        Assert.Equal(0.25, draws.Average(), 0.005);
    }

    [Fact]
    public void Bernoulli_kl_is_the_formula()
    {
        using var scope = NewDisposeScope();
        var (p, q) = (new BernoulliLogits(full(1, 1, 1f)), new BernoulliLogits(full(1, 1, -0.5f)));
        double a = 1 / (1 + Math.Exp(-1)),
            b = 1 / (1 + Math.Exp(0.5));
        Assert.Equal((a * Math.Log(a / b)) + ((1 - a) * Math.Log((1 - a) / (1 - b))), Fixtures.Value(p.Kl(q)), 1e-6);
        Assert.Equal(0, Fixtures.Value(p.Kl(p)), 1e-6);
    }
}
