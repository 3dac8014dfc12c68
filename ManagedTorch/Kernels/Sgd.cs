using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>First: the momentum buffer holds nothing yet and becomes the gradient.</summary>
internal readonly record struct SgdStep(double LearningRate, double Momentum, double WeightDecay, bool First);

/// <summary>Stochastic gradient descent with momentum as PyTorch defines it, in one pass.</summary>
internal static unsafe class Sgd
{
    /// <summary>buffer: the momentum's, unused (null) when Momentum is 0.</summary>
    public static void Step(long n, float* p, float* g, float* buffer, SgdStep s)
    {
        var job = new Job(p, g, s.Momentum == 0 ? null : buffer, s);
        ThreadTeam.For(n, Elementwise.Grain, ref job);
    }

    private readonly struct Job(float* p, float* g, float* buffer, SgdStep s) : IRangeJob
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
            for (var i = start; i < end; i += V.Count)
            {
                var count = (int)Math.Min(V.Count, end - i);
                var parameter = V.LoadPartial(p + i, count);
                var step = V.MultiplyAdd(parameter, decay, V.LoadPartial(g + i, count));
                if (buffer != null)
                {
                    if (!s.First)
                        step = V.MultiplyAdd(V.LoadPartial(buffer + i, count), momentum, step);
                    V.StorePartial(buffer + i, step, count);
                }

                V.StorePartial(p + i, V.MultiplyAdd(step, rate, parameter), count);
            }
        }
    }
}
