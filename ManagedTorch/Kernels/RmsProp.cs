using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

internal readonly record struct RmsPropStep(double LearningRate, double Alpha, double Eps, double WeightDecay, double Momentum);

/// <summary>RMSprop as PyTorch defines it (epsilon outside the root), in one pass.</summary>
internal static unsafe class RmsProp
{
    /// <summary>buffer: the momentum's, unused when Momentum is 0.</summary>
    public static void Step(long n, float* p, float* g, float* square, float* buffer, RmsPropStep s)
    {
        var job = new Job(p, g, square, s.Momentum == 0 ? null : buffer, s);
        ThreadTeam.For(n, Elementwise.Grain, ref job);
    }

    private readonly struct Job(float* p, float* g, float* square, float* buffer, RmsPropStep s) : IRangeJob
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
            var (rate, decay, momentum) = (V.Create((float)-s.LearningRate), V.Create((float)s.WeightDecay), V.Create((float)s.Momentum));
            var (alpha, rest, eps) = (V.Create((float)s.Alpha), V.Create((float)(1 - s.Alpha)), V.Create((float)s.Eps));
            for (var i = start; i < end; i += V.Count)
            {
                var count = (int)Math.Min(V.Count, end - i);
                var parameter = V.LoadPartial(p + i, count);
                var gradient = V.MultiplyAdd(parameter, decay, V.LoadPartial(g + i, count));
                var variance = V.MultiplyAdd(gradient * gradient, rest, V.LoadPartial(square + i, count) * alpha);
                V.StorePartial(square + i, variance, count);
                var step = gradient / (V.Sqrt(variance) + eps);
                if (buffer != null)
                {
                    step = V.MultiplyAdd(V.LoadPartial(buffer + i, count), momentum, step);
                    V.StorePartial(buffer + i, step, count);
                }

                V.StorePartial(p + i, V.MultiplyAdd(step, rate, parameter), count);
            }
        }
    }
}
