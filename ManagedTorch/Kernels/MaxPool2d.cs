using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>Maximum over windows of each plane; argmax holds the index in the plane of the input.</summary>
internal static unsafe class MaxPool2d
{
    public static void Forward(PoolWindow p, float* x, float* y, int* argmax)
    {
        var job = new ForwardJob(p, x, y, argmax);
        ThreadTeam.For(p.Planes, p.Grain, ref job);
    }

    public static void Backward(PoolWindow p, float* dy, int* argmax, float* dx)
    {
        NativeMemory.Clear(dx, (nuint)((long)p.Planes * p.Height * p.Width * sizeof(float)));
        var job = new BackwardJob((long)p.Height * p.Width, (long)p.OutHeight * p.OutWidth, dy, argmax, dx);
        ThreadTeam.For(p.Planes, Math.Max(1, 16384 / Math.Max(1, (long)p.OutHeight * p.OutWidth)), ref job);
    }

    private readonly struct ForwardJob(PoolWindow p, float* x, float* y, int* argmax) : IRangeJob
    {
        public void Run(long start, long end)
        {
            var (h, w, outH, outW) = (p.Height, p.Width, p.OutHeight, p.OutWidth);
            var halves = p.Kernel == 2 && p.Stride == 2 && p.Pad == 0;
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
                    int top = (i * p.Stride) - p.Pad,
                        bottom = Math.Min(top + p.Kernel, h);
                    top = Math.Max(top, 0);
                    for (var j = 0; j < outW; j++, at++)
                    {
                        int left = (j * p.Stride) - p.Pad,
                            right = Math.Min(left + p.Kernel, w);
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
            var (w, outH, outW) = (p.Width, p.OutHeight, p.OutWidth);
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
            for (var at = start; at < end; at++)
            {
                for (var i = at * outPlane; i < (at + 1) * outPlane; i++)
                    dx[(at * plane) + argmax[i]] += dy[i];
            }
        }
    }
}
