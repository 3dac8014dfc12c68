using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>A mask from two operands.</summary>
internal interface IComparison
{
    V Invoke<V>(V a, V b)
        where V : struct, IVector<V>;
}

internal readonly struct LessOp : IComparison
{
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => V.Less(a, b);
}

internal readonly struct LessOrEqualOp : IComparison
{
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => V.LessOrEqual(a, b);
}

internal readonly struct GreaterOrEqualOp : IComparison
{
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => V.LessOrEqual(b, a);
}

/// <summary>Comparisons, one byte (0 or 1) an element.</summary>
internal static unsafe class Compare
{
    public static void Binary<TOp>(long n, float* a, float* b, byte* y, TOp op = default)
        where TOp : struct, IComparison
    {
        var job = new Job<TOp>(a, b, 0, y, op);
        ThreadTeam.For(n, Elementwise.Grain, ref job);
    }

    public static void Scalar<TOp>(long n, float* a, float b, byte* y, TOp op = default)
        where TOp : struct, IComparison
    {
        var job = new Job<TOp>(a, null, b, y, op);
        ThreadTeam.For(n, Elementwise.Grain, ref job);
    }

    private readonly struct Job<TOp>(float* a, float* b, float scalar, byte* y, TOp op) : IRangeJob
        where TOp : struct, IComparison
    {
        public void Run(long start, long end)
        {
            if (Simd.Width == 512)
                Loop<V512>(start, end);
            else if (Simd.Width == 256)
                Loop<V256>(start, end);
            else
                Loop<V128>(start, end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Loop<V>(long start, long end)
            where V : struct, IVector<V>
        {
            for (var i = start; i < end; i += V.Count)
            {
                var count = (int)Math.Min(V.Count, end - i);
                var right = b == null ? V.Create(scalar) : V.LoadPartial(b + i, count);
                var bits = V.Bits(op.Invoke(V.LoadPartial(a + i, count), right));
                var lane = 0;
                // Four bits at a time, each to the lowest place of a byte.
                for (; lane + 4 <= count; lane += 4)
                    *(uint*)(y + i + lane) = (((bits >> lane) & 15) * 0x00204081) & 0x01010101;
                for (; lane < count; lane++)
                    y[i + lane] = (byte)((bits >> lane) & 1);
            }
        }
    }
}
