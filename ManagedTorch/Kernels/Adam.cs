using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Step counts from 1. Decoupled: AdamW's decay of the parameters themselves; else it is added to the gradient.</summary>
internal readonly record struct AdamStep(
    double LearningRate,
    double Beta1,
    double Beta2,
    double Eps,
    double WeightDecay,
    bool Decoupled,
    long Step
);

/// <summary>Kingma and Ba 2015, algorithm 1, in one pass over parameters, gradients and both moments.</summary>
internal static unsafe class Adam
{
    public static void Step(long n, float* p, float* g, float* m, float* v, AdamStep s)
    {
        var job = new Job(p, g, m, v, s);
        ThreadTeam.For(n, 2048, ref job);
    }

    private readonly struct Job(float* p, float* g, float* m, float* v, AdamStep s) : IRangeJob
    {
        private readonly float _rate = (float)(s.LearningRate / (1 - Math.Pow(s.Beta1, s.Step)));
        private readonly float _root = (float)(1 / Math.Sqrt(1 - Math.Pow(s.Beta2, s.Step)));
        private readonly float _keep = (float)(s.Decoupled ? 1 - (s.LearningRate * s.WeightDecay) : 1);
        private readonly float _decay = (float)(s.Decoupled ? 0 : s.WeightDecay);

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
            var (rate, root, keep, decay) = (V.Create(_rate), V.Create(_root), V.Create(_keep), V.Create(_decay));
            var (first, second, eps) = (V.Create((float)(1 - s.Beta1)), V.Create((float)(1 - s.Beta2)), V.Create((float)s.Eps));
            var beta2 = V.Create((float)s.Beta2);
            var i = start;
            for (; i + V.Count <= end; i += V.Count)
            {
                var parameter = V.Load(p + i);
                var gradient = V.MultiplyAdd(parameter, decay, V.Load(g + i));
                var mean = V.Load(m + i);
                mean = V.MultiplyAdd(gradient - mean, first, mean);
                var square = V.MultiplyAdd(gradient * gradient, second, V.Load(v + i) * beta2);
                V.Store(m + i, mean);
                V.Store(v + i, square);
                V.Store(p + i, (parameter * keep) - (rate * mean / V.MultiplyAdd(V.Sqrt(square), root, eps)));
            }

            var rest = (int)(end - i);
            if (rest > 0)
            {
                var parameter = V.LoadPartial(p + i, rest);
                var gradient = V.MultiplyAdd(parameter, decay, V.LoadPartial(g + i, rest));
                var mean = V.LoadPartial(m + i, rest);
                mean = V.MultiplyAdd(gradient - mean, first, mean);
                var square = V.MultiplyAdd(gradient * gradient, second, V.LoadPartial(v + i, rest) * beta2);
                V.StorePartial(m + i, mean, rest);
                V.StorePartial(v + i, square, rest);
                V.StorePartial(p + i, (parameter * keep) - (rate * mean / V.MultiplyAdd(V.Sqrt(square), root, eps)), rest);
            }
        }
    }
}
