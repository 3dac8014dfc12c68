using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class ReduceTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 0, 5)]
    [InlineData(0, 4, 4)]
    [InlineData(7, 33, 1)]
    [InlineData(1, 129, 37)]
    [InlineData(5, 70, 19)]
    [InlineData(300, 3, 50)]
    [InlineData(2, 5000, 1)]
    public void Sums_over_the_middle_axis_agree_with_double(int outer, int n, int inner) =>
        KernelRun.Everywhere(() =>
        {
            using Guarded x = new(outer * n * inner, new Random(1)),
                y = new(outer * inner);
            Reduce.Sum(outer, n, inner, x, y);
            var expected = new double[outer * inner];
            for (var i = 0; i < outer * n * inner; i++)
                expected[(i / (n * inner) * inner) + (i % inner)] += x.P[i];
            KernelRun.Same(expected, y.Span, 3e-6, "sum");
            Assert.Equal(expected.Sum(), Reduce.SumAll(outer * n * inner, x), 1e-4);
        });

    [Fact]
    public void A_long_sum_keeps_its_digits_and_does_not_depend_on_threads()
    {
        const int N = 3_000_001;
        using var x = new Guarded(N);
        x.Span.Fill(0.1f);
        var sums = new HashSet<double>();
        var threads = ThreadTeam.Count;
        foreach (var count in (int[])[1, 2, 3])
        {
            ThreadTeam.Count = count;
            sums.Add(Reduce.SumAll(N, x));
        }

        ThreadTeam.Count = threads;
        Assert.Equal(N * (double)0.1f, Assert.Single(sums), N * 1e-7);
    }

    [Fact]
    public void Log_of_summed_exponentials_neither_overflows_nor_vanishes() =>
        KernelRun.Everywhere(() =>
        {
            using Guarded x = new([1000, 1001, 1002, -1000, -1001, -1002, 0, 0, 0]),
                y = new(3);
            LogSumExp.Rows(3, 3, x, y);
            KernelRun.Same([1002.4076059644444, -999.59239403555557, Math.Log(3)], y.Span, 1e-6, "log-sum-exp");
            using var infinite = new Guarded([float.NegativeInfinity, float.NegativeInfinity, 1, float.PositiveInfinity, 1, float.NaN]);
            LogSumExp.Rows(3, 2, infinite, y);
            Assert.Equal([float.NegativeInfinity, float.PositiveInfinity, float.NaN], y.Span);
            using Guarded wide = new(5 * 3001, new Random(3), -9, 9),
                result = new(5);
            LogSumExp.Rows(5, 3001, wide, result);
            for (var i = 0; i < 5; i++)
                Assert.Equal(Math.Log(Enumerable.Range(i * 3001, 3001).Sum(j => Math.Exp(wide[j]))), result[i], 1e-5);
        });
}
