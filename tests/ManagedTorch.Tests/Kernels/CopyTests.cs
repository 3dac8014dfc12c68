using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class CopyTests
{
    [Fact]
    public void Strided_copies_follow_their_strides() =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(10);
            for (var round = 0; round < 60; round++)
            {
                var rank = random.Next(0, 6);
                var sizes = new long[rank + 1];
                var strides = new long[rank + 1];
                for (var i = 0; i < rank; i++)
                    sizes[i] = random.Next(round == 0 ? 0 : 1, rank < 3 ? 70 : 9);
                var length = 1L;
                foreach (var axis in Enumerable.Range(0, rank).OrderBy(_ => random.Next()).ToArray())
                {
                    strides[axis] = random.Next(6) == 0 ? 0 : length;
                    length *= Math.Max(1, sizes[axis]) + random.Next(2);
                }

                var count = (int)sizes.Take(rank).Aggregate(1L, (a, b) => a * b);
                using Guarded x = new((int)length, random),
                    y = new(count);
                fixed (
                    long* s = sizes,
                        t = strides
                )
                {
                    StridedCopy.Run(rank, s, t, x, y);
                }

                for (var i = 0; i < count; i++)
                {
                    long rest = i,
                        from = 0;
                    for (var axis = rank - 1; axis >= 0; axis--)
                        (rest, from) = (rest / sizes[axis], from + (rest % sizes[axis] * strides[axis]));
                    Assert.Equal(x[(int)from], y[i]);
                }
            }
        });

    [Fact]
    public void A_negative_stride_reads_backwards() =>
        KernelRun.Everywhere(() =>
        {
            using Guarded x = new([1, 2, 3]),
                y = new(3);
            long size = 3,
                stride = -1;
            StridedCopy.Run(1, &size, &stride, x.P + 2, y);
            Assert.Equal([3, 2, 1], y.Span);
        });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(33, 47)]
    [InlineData(130, 67)]
    [InlineData(5, 9000)]
    public void Matrices_are_transposed(int rows, int cols) =>
        KernelRun.Everywhere(() =>
        {
            using Guarded x = new(rows * cols, new Random(11)),
                y = new(rows * cols);
            Transpose.Run(rows, cols, x, cols, y, rows);
            for (var i = 0; i < rows * cols; i++)
                Assert.Equal(x[i], y[(i % cols * rows) + (i / cols)]);
        });

    [Fact]
    public void Rows_are_gathered_and_added_back() =>
        KernelRun.Everywhere(() =>
        {
            const int Rows = 50,
                Count = 400,
                Width = 37;
            var random = new Random(12);
            var index = Enumerable.Range(0, Count).Select(_ => random.NextInt64(Rows)).ToArray();
            using Guarded x = new(Rows * Width, random),
                y = new(Count * Width),
                sums = new(Rows * Width);
            fixed (long* p = index)
            {
                Copy.IndexSelect(Count, Width, p, x, y);
                for (var i = 0; i < Count * Width; i++)
                    Assert.Equal(x[(int)(index[i / Width] * Width) + (i % Width)], y[i]);
                Copy.Fill(Rows * Width, 2, sums);
                Copy.ScatterAdd(Count, Width, p, y, sums);
            }

            var expected = Enumerable.Range(0, Rows * Width).Select(i => 2 + ((double)index.Count(r => r == i / Width) * x[i])).ToArray();
            KernelRun.Same(expected, sums.Span, 1e-5, "sums");
            Copy.Contiguous(Rows * Width, x, sums);
            Assert.True(x.Span.SequenceEqual(sums.Span));
        });
}
