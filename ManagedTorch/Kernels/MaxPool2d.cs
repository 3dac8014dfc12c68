using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>Maximum over windows of each plane; argmax holds the index in the plane of the input.</summary>
internal static unsafe class MaxPool2d
{
    public static void Forward(
        long planes,
        int h,
        int w,
        int kh,
        int kw,
        int sh,
        int sw,
        int ph,
        int pw,
        int outH,
        int outW,
        float* x,
        float* y,
        int* argmax
    )
    {
        var job = new ForwardJob(h, w, kh, kw, sh, sw, ph, pw, outH, outW, x, y, argmax);
        ThreadTeam.For(planes, Math.Max(1, 16384 / Math.Max(1, (long)outH * outW * kh * kw)), ref job);
    }

    public static void Backward(long planes, int h, int w, int outH, int outW, float* dy, int* argmax, float* dx)
    {
        NativeMemory.Clear(dx, (nuint)(planes * h * w * sizeof(float)));
        var job = new BackwardJob((long)h * w, (long)outH * outW, dy, argmax, dx);
        ThreadTeam.For(planes, Math.Max(1, 16384 / Math.Max(1, (long)outH * outW)), ref job);
    }

    private readonly struct ForwardJob(
        int h,
        int w,
        int kh,
        int kw,
        int sh,
        int sw,
        int ph,
        int pw,
        int outH,
        int outW,
        float* x,
        float* y,
        int* argmax
    ) : IRangeJob
    {
        public void Run(long start, long end)
        {
            // With ceil_mode the last windows hang over the edge.
            var halves = kh == 2 && kw == 2 && sh == 2 && sw == 2 && ph == 0 && pw == 0 && 2 * outH <= h && 2 * outW <= w;
            for (var plane = start; plane < end; plane++)
            {
                var source = x + (plane * h * w);
                var at = plane * outH * outW;
                if (halves)
                {
                    if (Simd.Width == 512)
                        Halve<V512>(source, at);
                    else if (Simd.Width == 256)
                        Halve<V256>(source, at);
                    else
                        Halve<V128>(source, at);
                    continue;
                }

                for (var i = 0; i < outH; i++)
                {
                    int top = (i * sh) - ph,
                        bottom = Math.Min(top + kh, h);
                    top = Math.Max(top, 0);
                    for (var j = 0; j < outW; j++, at++)
                    {
                        int left = (j * sw) - pw,
                            right = Math.Min(left + kw, w);
                        left = Math.Max(left, 0);
                        var best = float.NegativeInfinity;
                        var where = (top * w) + left;
                        for (var r = top; r < bottom; r++)
                        {
                            for (var q = left; q < right; q++)
                            {
                                var value = source[(r * w) + q];
                                if (value > best || float.IsNaN(value))
                                    (best, where) = (value, (r * w) + q);
                            }
                        }

                        y[at] = best;
                        argmax[at] = where;
                    }
                }
            }
        }

        /// <summary>Windows of two by two without branches, a vector of them at a time.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Halve<V>(float* source, long at)
            where V : struct, IVector<V>
        {
            var steps = stackalloc int[V.Count];
            for (var i = 0; i < outH; i++)
            {
                for (var j = 0; j < outW; j += V.Count)
                {
                    var count = Math.Min(V.Count, outW - j);
                    var from = source + (2 * i * w) + (2 * j);
                    // Floats 2l and 2l + 1 of lane l; the mask ends with the last lane's first float, and what it leaves out isn't read.
                    V low = V.Lanes(0, (2 * count) - 1),
                        high = V.Lanes(0, (2 * count) - 1 - V.Count);
                    var best = V.Evens(V.LoadLanes(from, low), V.LoadLanes(from + V.Count, high));
                    V step = default;
                    for (var k = 1; k < 4; k++)
                    {
                        var offset = (k & 1) + ((k >> 1) * w);
                        var value = V.Evens(V.LoadLanes(from + offset, low), V.LoadLanes(from + offset + V.Count, high));
                        var better = V.Less(best, value) | (V.Equal(value, value) ^ V.CreateBits(-1));
                        best = V.Select(better, value, best);
                        step = V.Select(better, V.CreateBits(offset), step);
                    }

                    V.StorePartial(y + at + j, best, count);
                    V.Store((float*)steps, step);
                    for (var lane = 0; lane < count; lane++)
                        argmax[at + j + lane] = (2 * i * w) + (2 * (j + lane)) + steps[lane];
                }

                at += outW;
            }
        }
    }

    private readonly struct BackwardJob(long plane, long outPlane, float* dy, int* argmax, float* dx) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var p = start; p < end; p++)
            {
                for (var i = p * outPlane; i < (p + 1) * outPlane; i++)
                    dx[(p * plane) + argmax[i]] += dy[i];
            }
        }
    }
}
