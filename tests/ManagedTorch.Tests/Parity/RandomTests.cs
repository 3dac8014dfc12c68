using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>How draws go together, whatever the numbers: those are compared with libtorch's.</summary>
public class RandomTests
{
    public static TheoryData<long> Seeds => [0, 1, 42];

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
}
