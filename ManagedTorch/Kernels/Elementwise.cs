using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Element-wise operations over contiguous memory; y may be one of the operands. Threads take part from 2 * Grain elements.
/// </summary>
internal static unsafe class Elementwise
{
    public const int Grain = 4096;

    public static void Unary<TOp>(long n, float* x, float* y, TOp op = default)
        where TOp : struct, IUnary
    {
        var job = new UnaryJob<TOp>(x, y, op);
        ThreadTeam.For(n, Grain, ref job);
    }

    public static void Binary<TOp>(long n, float* a, float* b, float* y, TOp op = default)
        where TOp : struct, IBinary
    {
        var job = new BinaryJob<TOp>(a, b, y, op);
        ThreadTeam.For(n, Grain, ref job);
    }

    public static void BinaryScalar<TOp>(long n, float* a, float b, float* y, TOp op = default)
        where TOp : struct, IBinary
    {
        var job = new ScalarJob<TOp>(a, b, y, op);
        ThreadTeam.For(n, Grain, ref job);
    }

    public static void Ternary<TOp>(long n, float* a, float* b, float* c, float* y, TOp op = default)
        where TOp : struct, ITernary
    {
        var job = new TernaryJob<TOp>(a, b, c, y, op);
        ThreadTeam.For(n, Grain, ref job);
    }

    /// <summary>y[i, j] = f(a[i, j], b[j]).</summary>
    public static void BinaryRow<TOp>(long rows, long cols, float* a, float* b, float* y, TOp op = default)
        where TOp : struct, IBinary
    {
        var job = new RowJob<TOp>(cols, a, b, y, op);
        ThreadTeam.For(rows, Math.Max(1, Grain / Math.Max(1, cols)), ref job);
    }

    /// <summary>y[i, j] = f(a[i, j], b[i % period]).</summary>
    public static void BinaryColumn<TOp>(long rows, long cols, float* a, long period, float* b, float* y, TOp op = default)
        where TOp : struct, IBinary
    {
        var job = new ColumnJob<TOp>(cols, a, period, b, y, op);
        ThreadTeam.For(rows, Math.Max(1, Grain / Math.Max(1, cols)), ref job);
    }

    private readonly struct UnaryJob<TOp>(float* x, float* y, TOp op) : IRangeJob
        where TOp : struct, IUnary
    {
        public void Run(long start, long end)
        {
            if (Simd.Width == 512)
                Loop<V512>(x + start, y + start, end - start, op);
            else if (Simd.Width == 256)
                Loop<V256>(x + start, y + start, end - start, op);
            else
                Loop<V128>(x + start, y + start, end - start, op);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Loop<V>(float* x, float* y, long n, TOp op)
            where V : struct, IVector<V>
        {
            for (; n >= V.Count; n -= V.Count, x += V.Count, y += V.Count)
                V.Store(y, op.Invoke(V.Load(x)));
            if (n > 0)
                Last<V>(x, y, (int)n, op);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Last<V>(float* x, float* y, int n, TOp op)
            where V : struct, IVector<V> => V.StorePartial(y, op.Invoke(V.LoadPartial(x, n)), n);
    }

    private readonly struct BinaryJob<TOp>(float* a, float* b, float* y, TOp op) : IRangeJob
        where TOp : struct, IBinary
    {
        public void Run(long start, long end) => Loops<TOp>.Pairs(a + start, b + start, y + start, end - start, op);
    }

    private readonly struct ScalarJob<TOp>(float* a, float b, float* y, TOp op) : IRangeJob
        where TOp : struct, IBinary
    {
        public void Run(long start, long end) => Loops<TOp>.Scalar(a + start, b, y + start, end - start, op);
    }

    private readonly struct RowJob<TOp>(long cols, float* a, float* b, float* y, TOp op) : IRangeJob
        where TOp : struct, IBinary
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
                Loops<TOp>.Pairs(a + (i * cols), b, y + (i * cols), cols, op);
        }
    }

    private readonly struct ColumnJob<TOp>(long cols, float* a, long period, float* b, float* y, TOp op) : IRangeJob
        where TOp : struct, IBinary
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
                Loops<TOp>.Scalar(a + (i * cols), b[i % period], y + (i * cols), cols, op);
        }
    }

    private readonly struct TernaryJob<TOp>(float* a, float* b, float* c, float* y, TOp op) : IRangeJob
        where TOp : struct, ITernary
    {
        public void Run(long start, long end)
        {
            if (Simd.Width == 512)
                Loop<V512>(a + start, b + start, c + start, y + start, end - start, op);
            else if (Simd.Width == 256)
                Loop<V256>(a + start, b + start, c + start, y + start, end - start, op);
            else
                Loop<V128>(a + start, b + start, c + start, y + start, end - start, op);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Loop<V>(float* a, float* b, float* c, float* y, long n, TOp op)
            where V : struct, IVector<V>
        {
            for (; n >= V.Count; n -= V.Count, a += V.Count, b += V.Count, c += V.Count, y += V.Count)
                V.Store(y, op.Invoke(V.Load(a), V.Load(b), V.Load(c)));
            var r = (int)n;
            if (r > 0)
                V.StorePartial(y, op.Invoke(V.LoadPartial(a, r), V.LoadPartial(b, r), V.LoadPartial(c, r)), r);
        }
    }

    /// <summary>
    /// Never inlined, and the last elements apart: the JIT inlines only so much into one method, and operations are large.
    /// </summary>
    private static class Loops<TOp>
        where TOp : struct, IBinary
    {
        public static void Pairs(float* a, float* b, float* y, long n, TOp op)
        {
            if (Simd.Width == 512)
                Pairs<V512>(a, b, y, n, op);
            else if (Simd.Width == 256)
                Pairs<V256>(a, b, y, n, op);
            else
                Pairs<V128>(a, b, y, n, op);
        }

        public static void Scalar(float* a, float b, float* y, long n, TOp op)
        {
            if (Simd.Width == 512)
                Scalar<V512>(a, b, y, n, op);
            else if (Simd.Width == 256)
                Scalar<V256>(a, b, y, n, op);
            else
                Scalar<V128>(a, b, y, n, op);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Pairs<V>(float* a, float* b, float* y, long n, TOp op)
            where V : struct, IVector<V>
        {
            for (; n >= V.Count; n -= V.Count, a += V.Count, b += V.Count, y += V.Count)
                V.Store(y, op.Invoke(V.Load(a), V.Load(b)));
            if (n > 0)
                Last<V>(a, b, y, (int)n, op);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Last<V>(float* a, float* b, float* y, int n, TOp op)
            where V : struct, IVector<V> => V.StorePartial(y, op.Invoke(V.LoadPartial(a, n), V.LoadPartial(b, n)), n);

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Scalar<V>(float* a, float b, float* y, long n, TOp op)
            where V : struct, IVector<V>
        {
            var right = V.Create(b);
            for (; n >= V.Count; n -= V.Count, a += V.Count, y += V.Count)
                V.Store(y, op.Invoke(V.Load(a), right));
            if (n > 0)
                V.StorePartial(y, op.Invoke(V.LoadPartial(a, (int)n), right), (int)n);
        }
    }
}
