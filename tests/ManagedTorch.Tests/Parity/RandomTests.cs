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
        Assert.Equal(draws, Expect.Values(empty(12, 5).t().normal_(1, 2).t()));
        manual_seed(seed);
        Assert.Equal(draws, Expect.Values(zeros([10, 12]).narrow(1, 0, 6).normal_(1, 2)));
        manual_seed(seed);
        var like = (randn_like(zeros([12, 5]).t()) * 2) + 1.0;
        Assert.Equal(draws, Expect.Values(like.t()), (a, b) => Math.Abs(a - b) < 1e-5);

        manual_seed(seed);
        var uniform = rand(12, 5);
        manual_seed(seed);
        Assert.Equal(Expect.Values(uniform), Expect.Values(empty(12, 5).t().uniform_(0, 1).t()));
        manual_seed(seed);
        var chosen = empty(12, 5).bernoulli_(0.3);
        manual_seed(seed);
        Assert.Equal(Expect.Values(chosen), Expect.Values(empty(12, 5).t().bernoulli_(0.3).t()));
        manual_seed(seed);
        var stretched = randn_like(zeros([1, 20]).expand(3, 20));
        manual_seed(seed);
        Assert.Equal(Expect.Values(randn(3, 20)), Expect.Values(stretched));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Uniform_draws_are_the_same_however_many_are_taken_at_a_time(long seed)
    {
        using var together = new Generator((ulong)seed);
        using var apart = new Generator((ulong)seed);
        foreach (var n in (long[])[1, 7, 8, 9, 600, 623, 624, 625, 3, 1300])
        {
            var one = Enumerable.Range(0, (int)n).Select(_ => rand([1L], generator: apart).item<float>());
            Assert.Equal(one, Expect.Values(rand([n], generator: together)));
        }
    }
}
