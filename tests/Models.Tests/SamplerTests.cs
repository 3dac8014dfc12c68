using Latent.Models.Priors;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class SamplerTests
{
    [Fact]
    public void A_gaussian_has_the_mean_and_the_covariance_of_codes_and_a_density_that_integrates_to_one()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var sampler = new GaussianSampler(2);
        var random = new Random(1);
        var codes = new float[2 * 5000];
        for (var i = 0; i < codes.Length; i += 2)
        {
            var (a, b) = (Normal(random), Normal(random));
            (codes[i], codes[i + 1]) = ((float)(1 + (2 * a)), (float)(-1 + a + (0.5 * b)));
        }

        sampler.Fit(codes);
        var (grid, cell) = Grid();
        var mass = sampler.LogProb(grid).exp() * cell;
        Assert.Equal(1, Fixtures.Value(mass.sum()), 1e-3);
        var mean = Fixtures.Values((mass.unsqueeze(1) * grid).sum(dim: 0));
        Assert.Equal(codes.Where((_, i) => i % 2 == 0).Average(), mean[0], 1e-2);
        Assert.Equal(codes.Where((_, i) => i % 2 == 1).Average(), mean[1], 1e-2);
        var centered = grid - tensor(new float[] { mean[0], mean[1] });
        var product = (mass * centered.narrow(1, 0, 1).reshape(-1) * centered.narrow(1, 1, 1).reshape(-1)).sum();
        Assert.Equal(2, Fixtures.Value(product), 0.1);
        var drawn = Fixtures.Values(sampler.At(randn([100_000, 2], generator: Fixtures.Generator(3))));
        var pairs = drawn.Chunk(2).ToList();
        Assert.Equal(2, pairs.Average(p => (p[0] - mean[0]) * (p[1] - mean[1])), 0.1);
    }

    [Fact]
    public void A_gaussian_of_codes_of_which_one_never_varies_is_finite()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var sampler = new GaussianSampler(2);
        sampler.Fit([1, 5, 2, 5, 3, 5]);
        Assert.True(float.IsFinite(sampler.LogProb(tensor(new float[] { 2, 5 }, [1, 2])).item<float>()));
        Assert.Equal(5, Fixtures.Values(sampler.At(tensor(new float[] { 1, 1 }, [1, 2])))[1], 0.01);
    }

    [Fact]
    public void The_second_stages_density_is_on_average_one_that_integrates_to_one()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        manual_seed(5);
        using var sampler = new TwoStageSampler(2, 8);
        var (grid, cell) = Grid();
        var sum = 0.0;
        const int Times = 40;
        for (var i = 0; i < Times; i++)
        {
            using var inner = NewDisposeScope();
            sum += Fixtures.Value((sampler.LogProb(grid).exp() * cell).sum()) / Times;
        }

        Assert.Equal(1, sum, 0.02);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static (Tensor Points, double Cell) Grid()
    {
        // The plane from -12 to 12.
        const int Side = 241;
        const double Step = 0.1;
        var axis = (arange(Side, float32) - ((Side - 1) / 2)) * Step;
        return (stack([axis.unsqueeze(1).expand(Side, Side), axis.unsqueeze(0).expand(Side, Side)], 2).reshape(-1, 2), Step * Step);
    }
}
