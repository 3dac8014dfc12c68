using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>log(sum(exp(x))) of each row, taken from the row's largest so that nothing overflows.</summary>
internal static unsafe class LogSumExp
{
    public static void Rows(long rows, long cols, float* x, float* y)
    {
        var job = new Job(cols, x, y);
        ThreadTeam.For(rows, Math.Max(1, Elementwise.Grain / Math.Max(1, cols)), ref job);
    }

    private readonly struct ShiftedExp(float shift) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<V>(V x)
            where V : struct, IVector<V> => VectorMath.Exp(x - V.Create(shift));
    }

    private readonly struct Job(long cols, float* x, float* y) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
            {
                var row = x + (i * cols);
                var max = float.NegativeInfinity;
                for (var j = 0L; j < cols; j++)
                    max = MathF.Max(max, row[j]);
                y[i] = float.IsFinite(max) ? max + (float)Math.Log(BlockSum.Unary(cols, row, new ShiftedExp(max))) : max;
            }
        }
    }
}
