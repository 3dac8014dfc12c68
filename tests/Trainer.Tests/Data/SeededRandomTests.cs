using Latent.Trainer.Data;

namespace Latent.Trainer.Tests.Data;

public sealed class SeededRandomTests
{
    [Fact]
    public void Splitmix_gives_the_published_numbers()
    {
        // Reference implementation (Vigna), seed 1234567.
        var numbers = SeededRandom.Raw(1234567);
        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL],
            [numbers.NextBits(), numbers.NextBits(), numbers.NextBits()]
        );
    }

    [Fact]
    public void Streams_of_seeds_purposes_and_indices_differ()
    {
        var first = new[]
        {
            (1L, SeededRandom.Purpose.Order, 0L),
            (2, SeededRandom.Purpose.Order, 0),
            (1, SeededRandom.Purpose.Step, 0),
            (1, SeededRandom.Purpose.Order, 1),
        }.Select(s => new SeededRandom(s.Item1, s.Item2, s.Item3).NextBits());
        Assert.Equal(4, first.Distinct().Count());
    }

    [Fact]
    public void A_permutation_has_every_number_once_and_every_place_is_as_likely()
    {
        var sums = new double[5];
        for (var round = 0; round < 4000; round++)
        {
            var order = new SeededRandom(5, SeededRandom.Purpose.Order, round).Permutation(5);
            Assert.Equal([0, 1, 2, 3, 4], order.Order());
            for (var i = 0; i < 5; i++)
                sums[i] += order[i];
        }

        Assert.All(sums, sum => Assert.InRange(sum / 4000, 1.9, 2.1));
    }

    [Fact]
    public void Normal_numbers_have_mean_0_and_variance_1()
    {
        var random = new SeededRandom(1, SeededRandom.Purpose.Digits);
        var numbers = Enumerable.Range(0, 20000).Select(_ => random.NextNormal()).ToArray();
        Assert.InRange(numbers.Average(), -0.03, 0.03);
        Assert.InRange(numbers.Average(n => n * n), 0.96, 1.04);
    }
}
