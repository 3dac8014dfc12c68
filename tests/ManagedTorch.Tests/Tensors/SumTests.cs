using TorchSharp;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public sealed class SumTests
{
    public static TheoryData<int, int, int, int> Sizes =>
        new()
        {
            { 3, 4, 2, 5 },
            { 1, 4, 1, 5 },
            { 2, 1, 3, 1 },
            { 7, 1, 1, 40 },
            { 0, 2, 3, 2 },
        };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sums_over_any_dimensions_are_those_of_the_definition(int a, int b, int c, int d)
    {
        using var scope = NewDisposeScope();
        var x = arange(a * b * c * d, float32).reshape(a, b, c, d);
        var views = new[] { x, Views.Permuted(x, [2, 0, 3, 1]) };
        foreach (var view in views)
        {
            for (var chosen = 1; chosen < 16; chosen++)
            {
                var dims = Enumerable.Range(0, 4).Where(dim => ((chosen >> dim) & 1) == 1).Select(dim => (long)dim).ToArray();
                var sums = Reductions.Sum(view, dims, keepDims: true);
                var shape = view.shape;
                var expected = new float[sums.numel()];
                var places = sums.shape;
                for (var at = 0; at < view.numel(); at++)
                {
                    var (rest, place, weight) = (at, 0L, 1L);
                    var index = new long[4];
                    for (var dim = 3; dim >= 0; dim--)
                    {
                        (rest, index[dim]) = ((int)(rest / shape[dim]), rest % shape[dim]);
                        place += Math.Min(index[dim], places[dim] - 1) * weight;
                        weight *= places[dim];
                    }

                    expected[place] += view.data<float>()[index];
                }

                Assert.Equal(expected, sums.data<float>().ToArray());
                Assert.Equal(expected, Reductions.Sum(view, dims, keepDims: false).data<float>().ToArray());
            }
        }
    }

    [Fact]
    public void Running_sums_lose_nothing_on_their_way()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(100_000f, full(1, 1_000_000, 0.1f).cumsum(1)[0][-1].item<float>());
        Assert.Equal([100_000f, 100_000f], full(1_000_000, 2, 0.1f).cumsum(0)[-1].data<float>().ToArray());
        Assert.Equal([1f, 3, 6, 4, 9, 15], tensor(new[] { 1f, 2, 3, 4, 5, 6 }, [2, 3]).cumsum(1).data<float>().ToArray());
    }
}
