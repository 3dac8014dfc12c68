using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>A contiguous copy of elements that lie at any strides (0: repeated; negative: backwards).</summary>
internal static unsafe class StridedCopy
{
    private const int MaxRank = 16;
    private const int Tile = 32;

    /// <summary>dst, contiguous with these sizes, from src with these strides, counted in elements.</summary>
    public static void Run(int rank, long* sizes, long* srcStrides, float* src, float* dst)
    {
        var size = stackalloc long[MaxRank];
        var stride = stackalloc long[MaxRank];
        var axes = 0;
        for (var i = 0; i < rank; i++)
        {
            if (sizes[i] == 0)
                return;
            if (sizes[i] == 1)
                continue;
            // Axes that lie behind one another in the source too are one axis.
            if (axes > 0 && stride[axes - 1] == srcStrides[i] * sizes[i])
            {
                size[axes - 1] *= sizes[i];
                stride[axes - 1] = srcStrides[i];
                continue;
            }

            if (axes == MaxRank)
                throw new ArgumentException($"A tensor of {rank} dimensions can't be copied; {MaxRank} are the most.");
            (size[axes], stride[axes]) = (sizes[i], srcStrides[i]);
            axes++;
        }

        while (axes < 2)
        {
            for (var i = axes; i > 0; i--)
                (size[i], stride[i]) = (size[i - 1], stride[i - 1]);
            (size[0], stride[0]) = (1, 0);
            axes++;
        }

        var (rows, cols) = (size[axes - 2], size[axes - 1]);
        var outer = 1L;
        for (var i = 0; i < axes - 2; i++)
            outer *= size[i];
        var job = new Job(axes - 2, size, stride, rows, cols, stride[axes - 2], stride[axes - 1], src, dst);
        ThreadTeam.For(outer * rows, Math.Max(stride[axes - 1] is 0 or 1 ? 1 : Tile, 2 * Elementwise.Grain / cols), ref job);
    }

    private readonly struct Job(
        int outerAxes,
        long* size,
        long* stride,
        long rows,
        long cols,
        long rowStride,
        long colStride,
        float* src,
        float* dst
    ) : IRangeJob
    {
        public void Run(long start, long end)
        {
            while (start < end)
            {
                var (outer, row) = Math.DivRem(start, rows);
                var count = Math.Min(rows - row, end - start);
                var from = src + (row * rowStride);
                for (var i = outerAxes - 1; i >= 0; i--)
                {
                    (outer, var at) = Math.DivRem(outer, size[i]);
                    from += at * stride[i];
                }

                Plane(from, dst + (start * cols), count);
                start += count;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Plane(float* from, float* to, long count)
        {
            if (colStride == 1)
            {
                for (var i = 0L; i < count; i++)
                    Buffer.MemoryCopy(from + (i * rowStride), to + (i * cols), cols * sizeof(float), cols * sizeof(float));
                return;
            }

            if (colStride == 0)
            {
                for (var i = 0L; i < count; i++)
                    new Span<float>(to + (i * cols), checked((int)cols)).Fill(from[i * rowStride]);
                return;
            }

            for (var top = 0L; top < count; top += Tile)
            {
                var bottom = Math.Min(count, top + Tile);
                for (var left = 0L; left < cols; left += Tile)
                {
                    var right = Math.Min(cols, left + Tile);
                    for (var i = top; i < bottom; i++)
                    {
                        for (var j = left; j < right; j++)
                            to[(i * cols) + j] = from[(i * rowStride) + (j * colStride)];
                    }
                }
            }
        }
    }
}
