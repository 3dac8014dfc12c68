using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class GemmTests
{
    [Fact]
    public void Small_products_of_every_height_and_width_are_right_and_touch_nothing_else() =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(5);
            foreach (var m in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25])
            {
                foreach (var n in (int[])[1, 5, 8, 16, 17, 33])
                    Check(random, m, n, random.Next(0, 12));
            }
        });

    [Fact]
    public void Products_of_odd_sizes_agree_with_sums_in_double() =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(6);
            for (var i = 0; i < 6; i++)
                Check(random, random.Next(1, 71), random.Next(1, 71), random.Next(0, 71));
            Check(random, 61, 67, 59);
            Check(random, 15, 37, 1031);
            Check(random, 405, 35, 210);
            Check(random, 20, 130, 200);
        });

    [Fact]
    public void Power_of_two_strides_take_the_packed_way() =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(7);
            Check(random, 50, 130, 70, 512);
            Check(random, 5, 130, 600, 1024);
        });

    [Theory]
    [InlineData(100, 130)]
    [InlineData(700, 130)]
    [InlineData(100, 800)]
    public void Products_do_not_depend_on_the_number_of_threads(int m, int n)
    {
        var random = new Random(8);
        using Guarded a = new(m * 300, random),
            b = new(300 * n, random),
            one = new(m * n),
            two = new(m * n);
        var threads = ThreadTeam.Count;
        foreach (var transpose in (bool[])[false, true])
        {
            ThreadTeam.Count = 1;
            Gemm.Multiply(false, transpose, m, n, 300, a, 300, b, transpose ? 300 : n, one, n, false);
            for (var count = 2; count < 8; count++)
            {
                ThreadTeam.Count = count;
                Gemm.Multiply(false, transpose, m, n, 300, a, 300, b, transpose ? 300 : n, two, n, false);
                Assert.True(one.Span.SequenceEqual(two.Span));
            }
        }

        ThreadTeam.Count = threads;
    }

    private static void Check(Random random, int m, int n, int k, int least = 0)
    {
        for (var kind = 0; kind < 8; kind++)
        {
            bool transposeA = (kind & 1) != 0,
                transposeB = (kind & 2) != 0,
                accumulate = (kind & 4) != 0;
            int lda = Leading(transposeA ? m : k),
                ldb = Leading(transposeB ? k : n),
                ldc = n + random.Next(0, 4);
            using Guarded a = new(Length(transposeA ? k : m, transposeA ? m : k, lda), random);
            using Guarded b = new(Length(transposeB ? n : k, transposeB ? k : n, ldb), random);
            using Guarded c = new(Length(m, n, ldc), random),
                bias = new(n, random);
            var biased = random.Next(2) == 0;
            var before = c.Span.ToArray();
            if (biased)
                Gemm.MultiplyBias(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, bias);
            else
                Gemm.Multiply(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate);
            var what =
                $"{m} x {n} x {k}, transposed {transposeA} {transposeB}, accumulate {accumulate}, width {Simd.Width}, {ThreadTeam.Count} threads";
            for (var i = 0; i < before.Length; i++)
            {
                var (row, col) = (i / ldc, i % ldc);
                double expected = before[i];
                if (col < n)
                {
                    expected = (accumulate ? expected : 0) + (biased ? bias[col] : 0);
                    for (var p = 0; p < k; p++)
                    {
                        expected +=
                            (double)a.P[transposeA ? (p * lda) + row : (row * lda) + p]
                            * b.P[transposeB ? (col * ldb) + p : (p * ldb) + col];
                    }
                }

                Assert.True(
                    Math.Abs(expected - c.P[i]) <= (col < n ? 3e-6 * Math.Sqrt(k + 4.0) : 0),
                    $"{what}: [{row}, {col}] is {c.P[i]}, expected {expected}"
                );
            }

            int Leading(int length) => Math.Max(least, length + random.Next(0, 4));
        }
    }

    /// <summary>Rows may lie apart, but nothing is behind the last one.</summary>
    private static int Length(int rows, int cols, int leading) => rows == 0 ? 0 : ((rows - 1) * leading) + cols;
}
