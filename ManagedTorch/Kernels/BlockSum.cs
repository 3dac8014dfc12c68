using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Sums of f(a) or f(a, b): lanes in float over blocks of at most 2048 elements, blocks in double and always in the same order, so
/// that the error doesn't grow with the length and the result doesn't depend on the number of threads.
/// </summary>
internal static unsafe class BlockSum
{
    /// <summary>64 additions to each of two vectors of lanes, whatever their width.</summary>
    private static int Block => 4 * Simd.Width;

    public static double Unary<TOp>(long n, float* a, TOp op = default)
        where TOp : struct, IUnary => Binary(n, a, a, new Left<TOp>(op));

    public static double Binary<TOp>(long n, float* a, float* b, TOp op = default)
        where TOp : struct, IBinary
    {
        if (n <= Block)
            return n <= 0 ? 0 : Job<TOp>.Sum(a, b, n, op);
        var blocks = (n + Block - 1) / Block;
        var sums = (double*)NativePool.Rent(blocks * sizeof(double));
        var job = new Job<TOp>(n, a, b, sums, op);
        ThreadTeam.For(blocks, 4, ref job);
        var total = 0.0;
        for (var i = 0L; i < blocks; i++)
            total += sums[i];
        NativePool.Return((float*)sums, blocks * sizeof(double));
        return total;
    }

    private readonly struct Left<TOp>(TOp op) : IBinary
        where TOp : struct, IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<V>(V a, V b)
            where V : struct, IVector<V> => op.Invoke(a);
    }

    private readonly struct Job<TOp>(long n, float* a, float* b, double* sums, TOp op) : IRangeJob
        where TOp : struct, IBinary
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
                sums[i] = Sum(a + (i * Block), b + (i * Block), Math.Min(Block, n - (i * Block)), op);
        }

        public static double Sum(float* a, float* b, long n, TOp op) =>
            Simd.Width switch
            {
                512 => Sum<V512>(a, b, n, op),
                256 => Sum<V256>(a, b, n, op),
                _ => Sum<V128>(a, b, n, op),
            };

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static double Sum<V>(float* a, float* b, long n, TOp op)
            where V : struct, IVector<V>
        {
            var (even, odd) = (V.Create(0f), V.Create(0f));
            for (; n >= V.Count; n -= V.Count, a += V.Count, b += V.Count)
            {
                (even, odd) = (odd, even + op.Invoke(V.Load(a), V.Load(b)));
            }

            var lanes = stackalloc float[2 * V.Count];
            V.Store(lanes, even);
            V.Store(lanes + V.Count, odd);
            var total = 0.0;
            for (var i = 0; i < 2 * V.Count; i++)
                total += lanes[i];
            return n > 0 ? total + Last<V>(a, b, (int)n, op) : total;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static double Last<V>(float* a, float* b, int n, TOp op)
            where V : struct, IVector<V>
        {
            var lanes = stackalloc float[V.Count];
            V.Store(lanes, op.Invoke(V.LoadPartial(a, n), V.LoadPartial(b, n)));
            var total = 0.0;
            for (var i = 0; i < n; i++)
                total += lanes[i];
            return total;
        }
    }
}
