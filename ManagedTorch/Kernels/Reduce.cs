using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Sums: over everything, or over the middle of [outer, n, inner] (rows: inner = 1; columns: outer = 1).</summary>
internal static unsafe class Reduce
{
    private const int Block = 64;

    public static double SumAll(long n, float* x) => BlockSum.Unary<Identity>(n, x);

    public static void SumColumns(long rows, long cols, float* x, float* y) => Sum(1, rows, cols, x, y);

    /// <summary>y[outer, inner] = sum of x[outer, n, inner] over n.</summary>
    public static void Sum(long outer, long n, long inner, float* x, float* y)
    {
        if (n == 1)
        {
            Buffer.MemoryCopy(x, y, outer * inner * sizeof(float), outer * inner * sizeof(float));
            return;
        }

        if (inner == 1)
        {
            var rows = new RowJob(n, x, y);
            ThreadTeam.For(outer, Math.Max(1, 2 * Elementwise.Grain / Math.Max(1, n)), ref rows);
            return;
        }

        for (var o = 0L; o < outer && outer < ThreadTeam.Count; o++)
        {
            var columns = new ColumnJob(1, n, inner, x + (o * n * inner), y + (o * inner));
            ThreadTeam.For(inner, Math.Max(16, 2 * Elementwise.Grain / Math.Max(1, n)), ref columns);
        }

        if (outer < ThreadTeam.Count)
            return;
        var job = new OuterJob(n, inner, x, y);
        ThreadTeam.For(outer, Math.Max(1, 2 * Elementwise.Grain / Math.Max(1, n * inner)), ref job);
    }

    private readonly struct Identity : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<V>(V x)
            where V : struct, IVector<V> => x;
    }

    private readonly struct RowJob(long n, float* x, float* y) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
                y[i] = (float)SumAll(n, x + (i * n));
        }
    }

    private readonly struct OuterJob(long n, long inner, float* x, float* y) : IRangeJob
    {
        public void Run(long start, long end) =>
            new ColumnJob(end - start, n, inner, x + (start * n * inner), y + (start * inner)).Run(0, inner);
    }

    private readonly struct ColumnJob(long outer, long n, long inner, float* x, float* y) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var o = 0L; o < outer; o++)
            {
                if (Simd.Width == 512)
                    Loop<V512>(x + (o * n * inner), y + (o * inner), start, end);
                else if (Simd.Width == 256)
                    Loop<V256>(x + (o * n * inner), y + (o * inner), start, end);
                else
                    Loop<V128>(x + (o * n * inner), y + (o * inner), start, end);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Loop<V>(float* from, float* to, long start, long end)
            where V : struct, IVector<V>
        {
            for (var j = start; j < end; j += V.Count)
            {
                var count = (int)Math.Min(V.Count, end - j);
                var total = V.Create(0f);
                for (var i = 0L; i < n; i += Block)
                {
                    var sum = V.Create(0f);
                    var stop = Math.Min(n, i + Block);
                    if (count == V.Count)
                    {
                        for (var r = i; r < stop; r++)
                            sum += V.Load(from + (r * inner) + j);
                    }
                    else
                    {
                        for (var r = i; r < stop; r++)
                            sum += V.LoadPartial(from + (r * inner) + j, count);
                    }

                    total += sum;
                }

                V.StorePartial(to + j, total, count);
            }
        }
    }
}
