using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Group normalization over [n, channels, s], by groups of consecutive channels of a row; weight and bias may be null, standing for 1 and
/// 0.
/// </summary>
internal static unsafe class GroupNorm
{
    /// <summary>Gives y, and for each row's group its mean and 1 / sqrt(variance + eps).</summary>
    public static void Forward(
        long n,
        long groups,
        long channels,
        long s,
        float* x,
        float* weight,
        float* bias,
        double eps,
        float* y,
        float* mean,
        float* inverseStd
    )
    {
        var job = new ForwardJob(groups, channels / groups, s, x, weight, bias, eps, y, mean, inverseStd);
        ThreadTeam.For(n * groups, Grain(channels / groups * s), ref job);
    }

    /// <summary>dx may be null, and dweight and dbias together; these are of [n, channels], to be summed over n.</summary>
    public static void Backward(
        long n,
        long groups,
        long channels,
        long s,
        float* x,
        float* dy,
        float* weight,
        float* mean,
        float* inverseStd,
        float* dx,
        float* dweight,
        float* dbias
    )
    {
        var job = new BackwardJob(groups, channels / groups, s, x, dy, weight, mean, inverseStd, dx, dweight, dbias);
        ThreadTeam.For(n * groups, Grain(channels / groups * s), ref job);
    }

    private static long Grain(long length) => Math.Max(1, Elementwise.Grain / Math.Max(1, length));

    private readonly struct ForwardJob(
        long groups,
        long perGroup,
        long s,
        float* x,
        float* weight,
        float* bias,
        double eps,
        float* y,
        float* mean,
        float* inverseStd
    ) : IRangeJob
    {
        public void Run(long start, long end)
        {
            var length = perGroup * s;
            for (var group = start; group < end; group++)
            {
                float* from = x + (group * length),
                    to = y + (group * length);
                mean[group] = (float)(Reduce.SumAll(length, from) / length);
                var variance = BlockSum.Unary(length, from, new SquareFrom(mean[group])) / length;
                inverseStd[group] = (float)(1 / Math.Sqrt(variance + eps));
                for (var (c, channel) = (0L, group % groups * perGroup); c < perGroup; c++, channel++)
                {
                    var scale = inverseStd[group] * (weight == null ? 1 : weight[channel]);
                    var offset = bias == null ? 0 : bias[channel];
                    if (Simd.Width == 512)
                        Normalize<V512>(from + (c * s), to + (c * s), s, mean[group], scale, offset);
                    else if (Simd.Width == 256)
                        Normalize<V256>(from + (c * s), to + (c * s), s, mean[group], scale, offset);
                    else
                        Normalize<V128>(from + (c * s), to + (c * s), s, mean[group], scale, offset);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Normalize<V>(float* x, float* y, long n, float mean, float scale, float offset)
            where V : struct, IVector<V>
        {
            var (middle, factor, shift) = (V.Create(mean), V.Create(scale), V.Create(offset));
            for (; n >= V.Count; n -= V.Count, x += V.Count, y += V.Count)
                V.Store(y, V.MultiplyAdd(V.Load(x) - middle, factor, shift));
            if (n > 0)
                V.StorePartial(y, V.MultiplyAdd(V.LoadPartial(x, (int)n) - middle, factor, shift), (int)n);
        }
    }

    private readonly struct BackwardJob(
        long groups,
        long perGroup,
        long s,
        float* x,
        float* dy,
        float* weight,
        float* mean,
        float* inverseStd,
        float* dx,
        float* dweight,
        float* dbias
    ) : IRangeJob
    {
        public void Run(long start, long end)
        {
            var length = perGroup * s;
            for (var group = start; group < end; group++)
            {
                double sum = 0,
                    product = 0;
                for (var (c, channel) = (group * perGroup, group % groups * perGroup); c < (group + 1) * perGroup; c++, channel++)
                {
                    var ofBias = Reduce.SumAll(s, dy + (c * s));
                    var ofWeight = BlockSum.Binary(s, dy + (c * s), x + (c * s), new TimesDistance(mean[group])) * inverseStd[group];
                    if (dweight != null)
                        (dweight[c], dbias[c]) = ((float)ofWeight, (float)ofBias);
                    var factor = weight == null ? 1 : weight[channel];
                    sum += factor * ofBias;
                    product += factor * ofWeight;
                }

                if (dx == null)
                    continue;
                var shift = (float)(-sum * inverseStd[group] / length);
                var slope = (float)(-product * inverseStd[group] * inverseStd[group] / length);
                for (var (c, channel) = (group * perGroup, group % groups * perGroup); c < (group + 1) * perGroup; c++, channel++)
                {
                    var scale = inverseStd[group] * (weight == null ? 1 : weight[channel]);
                    var at = c * s;
                    if (Simd.Width == 512)
                        Gradient<V512>(x + at, dy + at, dx + at, s, mean[group], scale, slope, shift);
                    else if (Simd.Width == 256)
                        Gradient<V256>(x + at, dy + at, dx + at, s, mean[group], scale, slope, shift);
                    else
                        Gradient<V128>(x + at, dy + at, dx + at, s, mean[group], scale, slope, shift);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Gradient<V>(float* x, float* dy, float* dx, long n, float mean, float scale, float slope, float shift)
            where V : struct, IVector<V>
        {
            var (middle, factor, tilt, offset) = (V.Create(mean), V.Create(scale), V.Create(slope), V.Create(shift));
            for (; n >= V.Count; n -= V.Count, x += V.Count, dy += V.Count, dx += V.Count)
                V.Store(dx, V.MultiplyAdd(V.Load(dy), factor, V.MultiplyAdd(V.Load(x) - middle, tilt, offset)));
            if (n <= 0)
                return;
            var rest = V.MultiplyAdd(V.LoadPartial(x, (int)n) - middle, tilt, offset);
            V.StorePartial(dx, V.MultiplyAdd(V.LoadPartial(dy, (int)n), factor, rest), (int)n);
        }
    }

    private readonly struct SquareFrom(float mean) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<V>(V x)
            where V : struct, IVector<V>
        {
            var distance = x - V.Create(mean);
            return distance * distance;
        }
    }

    private readonly struct TimesDistance(float mean) : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<V>(V a, V b)
            where V : struct, IVector<V> => a * (b - V.Create(mean));
    }
}
