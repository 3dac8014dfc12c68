using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Largest or smallest over the middle of [outer, n, inner], with its first index where asked for; a NaN beats every number.</summary>
internal static unsafe class Extremes
{
    public static void Max(long outer, long n, long inner, float* x, float* y, long* index = null) => Run(false, outer, n, inner, x, y, index);

    public static void Min(long outer, long n, long inner, float* x, float* y, long* index = null) => Run(true, outer, n, inner, x, y, index);

    private static void Run(bool smallest, long outer, long n, long inner, float* x, float* y, long* index)
    {
        if (n <= 0) throw new ArgumentException("There is no largest or smallest of zero elements.");
        var job = new Job(smallest, n, inner, x, y, index);
        ThreadTeam.For(outer * inner, Math.Max(1, Elementwise.Grain / n), ref job);
    }

    private readonly struct Job(bool smallest, long n, long inner, float* x, float* y, long* index) : IRangeJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
            {
                var (o, j) = Math.DivRem(i, inner);
                var from = x + (o * n * inner) + j;
                var best = from[0];
                var where = 0L;
                for (var k = 1L; k < n && !float.IsNaN(best); k++)
                {
                    var value = from[k * inner];
                    if ((smallest ? value < best : value > best) || float.IsNaN(value)) (best, where) = (value, k);
                }
                y[i] = best;
                if (index != null) index[i] = where;
            }
        }
    }
}
