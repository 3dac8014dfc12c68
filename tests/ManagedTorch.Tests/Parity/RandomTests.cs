using Latent.Tests;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>
/// A seed gives the numbers that it gives in PyTorch on the CPU: exactly where they are uniform, to 1e-6 where they are normal.
/// </summary>
public class RandomTests
{
    private static readonly ValueFile _values = ValueFile.Open("random");

    public static TheoryData<long> Seeds => [0, 1, 42];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Uniform_draws_are_PyTorchs_exactly(long seed)
    {
        Same(seed, "rand", g => rand(1300, generator: g), 0);
        Same(seed, "uniform", g => empty(33).uniform_(-0.3, 0.7, g), 0);
        Same(seed, "bernoulli_tensor", g => bernoulli(linspace(0, 1, 50), g), 0);
        Same(seed, "randperm", g => randperm(100, generator: g), 0);
        Same(seed, "randint", g => randint(-5, 1000, [50L], generator: g), 0);
        Same(seed, "randint_wide", g => randint(0, 1L << 40, [20L], generator: g), 0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Normal_draws_are_PyTorchs(long seed)
    {
        foreach (var n in (int[])[1, 3, 15, 16, 17, 40, 1300]) Same(seed, $"randn{n}", g => randn(n, generator: g));
        Same(seed, "normal", g => empty(4, 9).normal_(2, 0.5, g));
        Same(seed, "mixed", g => cat([
            randn(3, generator: g), rand(2, generator: g), randn(4, generator: g), randn(16, generator: g), randn(2, generator: g)]));
    }

    /// <summary>
    /// Builds of libtorch with MKL draw these two by another algorithm; both must keep the share that they were asked to.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Bernoulli_draws_with_one_probability_are_those_of_PyTorch_without_MKL(long seed)
    {
        Same(seed, "bernoulli_scalar", g => empty(50).bernoulli_(0.3, g), 0);
        manual_seed(seed);
        Expect.Close(_values, $"{seed}/dropout", nn.functional.dropout(ones(50), 0.4));
        manual_seed(seed);
        Assert.InRange(empty(20000).bernoulli_(0.3).mean().item<float>(), 0.28, 0.32);
        var dropped = nn.functional.dropout(ones(20000), 0.4);
        Assert.InRange(dropped.mean().item<float>(), 0.97, 1.03);
        Assert.All(Expect.Values(dropped), v => Assert.True(v == 0 || Math.Abs(v - 1 / 0.6) < 1e-6));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tensors_that_do_not_lie_row_by_row_are_filled_one_by_one_in_the_order_of_memory(long seed)
    {
        manual_seed(seed);
        var draws = Enumerable.Range(0, 60).Select(_ => empty(1).normal_(1, 2).item<float>()).ToArray();
        manual_seed(seed);
        var turned = empty(4, 3, 5).permute(2, 0, 1).normal_(1, 2);
        Assert.Equal(draws, turned.permute(1, 2, 0).contiguous().data<float>().ToArray());
        manual_seed(seed);
        Assert.Equal(draws, zeros(10, 12)[.., ..6].normal_(1, 2).contiguous().data<float>().ToArray());
        manual_seed(seed);
        var like = zeros(12, 5).t().randn_like() * 2 + 1;
        Assert.Equal(draws, like.t().contiguous().data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);

        manual_seed(seed);
        var uniform = rand(4, 3, 5);
        manual_seed(seed);
        Assert.Equal(Expect.Values(uniform), Expect.Values(empty(4, 3, 5).permute(2, 0, 1).uniform_(0, 1).permute(1, 2, 0)));
        manual_seed(seed);
        Assert.Equal(Expect.Values(uniform), Expect.Values(zeros(4, 3, 5).permute(2, 0, 1).rand_like().permute(1, 2, 0)));
        manual_seed(seed);
        var chosen = empty(4, 3, 5).bernoulli_(uniform);
        manual_seed(seed);
        Assert.Equal(
            Expect.Values(chosen), Expect.Values(empty(4, 3, 5).permute(2, 0, 1).bernoulli_(uniform.permute(2, 0, 1)).permute(1, 2, 0)));
        manual_seed(seed);
        var stretched = zeros(1, 20).expand(3, 20).randn_like();
        manual_seed(seed);
        Assert.Equal(Expect.Values(randn(3, 20)), Expect.Values(stretched));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_state_is_the_one_that_libtorch_writes_and_goes_on_from_there(long seed)
    {
        manual_seed(seed);
        rand(5);
        randn(3);
        var state = get_rng_state();
        Assert.Equal(_values.Array<byte>($"{seed}/state"), state.data<byte>().ToArray());
        randn(100);
        set_rng_state(_values.Tensor($"{seed}/state"));
        Expect.Close(_values, $"{seed}/after_state", cat([randn(5), rand(700), randn(20)]), 2e-6, 2e-6);
        Assert.Equal(seed, initial_seed());
    }

    [Fact]
    public void A_state_put_back_gives_the_same_numbers_again()
    {
        using var generator = new Generator(7);
        rand(1000, generator: generator);
        randn(3, generator: generator);
        var state = generator.get_state();
        var first = Expect.Values(cat([randn(5, generator: generator), randn(99, generator: generator)]));
        generator.set_state(state);
        Assert.Equal(first, Expect.Values(cat([randn(5, generator: generator), randn(99, generator: generator)])));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Uniform_draws_are_the_same_however_many_are_taken_at_a_time(long seed)
    {
        using var together = new Generator((ulong)seed);
        using var apart = new Generator((ulong)seed);
        foreach (var n in (int[])[1, 7, 8, 9, 600, 623, 624, 625, 3, 1300])
        {
            Assert.Equal(Enumerable.Range(0, n).Select(_ => rand(1, generator: apart).item<float>()), Expect.Values(rand(n, generator: together)));
            Assert.Equal(apart.get_state().data<byte>().ToArray(), together.get_state().data<byte>().ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Layers_start_with_PyTorchs_weights(long seed)
    {
        manual_seed(seed);
        var linear = nn.Linear(5, 7);
        var convolution = nn.Conv2d(3, 4, 3);
        var transposed = nn.ConvTranspose2d(3, 4, (2, 3));
        Expect.Close(_values, $"{seed}/linear/weight", linear.weight);
        Expect.Close(_values, $"{seed}/linear/bias", linear.bias!);
        Expect.Close(_values, $"{seed}/conv/weight", convolution.weight);
        Expect.Close(_values, $"{seed}/conv/bias", convolution.bias!);
        Expect.Close(_values, $"{seed}/transposed/weight", transposed.weight);
        Expect.Close(_values, $"{seed}/transposed/bias", transposed.bias!);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Initializers_fill_as_PyTorchs_do(long seed)
    {
        manual_seed(seed);
        Expect.Close(_values, $"{seed}/init/kaiming_uniform_",
            nn.init.kaiming_uniform_(empty(6, 4, 3, 3), 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU));
        Expect.Close(_values, $"{seed}/init/kaiming_normal_", nn.init.kaiming_normal_(empty(6, 4, 3, 3)));
        Expect.Close(_values, $"{seed}/init/xavier_uniform_", nn.init.xavier_uniform_(empty(6, 4, 3, 3)));
        Expect.Close(_values, $"{seed}/init/normal_", nn.init.normal_(empty(6, 4, 3, 3), 1, 2), 2e-6, 2e-6);
        Expect.Close(_values, $"{seed}/init/uniform_", nn.init.uniform_(empty(6, 4, 3, 3), -2, 3));
    }

    private static void Same(long seed, string name, Func<Generator?, Tensor> draw, double tolerance = 1e-6)
    {
        using var generator = new Generator((ulong)seed);
        Expect.Close(_values, $"{seed}/{name}", draw(generator), tolerance, tolerance);
        manual_seed(seed);
        Expect.Close(_values, $"{seed}/{name}", draw(null), tolerance, tolerance);
    }
}
