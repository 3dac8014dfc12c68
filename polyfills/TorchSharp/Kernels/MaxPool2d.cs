using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>Maximum over windows of each plane; argmax holds the index in the plane of the input.</summary>
internal static unsafe class MaxPool2d
{
    public static void Forward(long planes, int h, int w, int kh, int kw, int sh, int sw, int ph, int pw, int outH, int outW, float* x, float* y, int* argmax)
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
        int h, int w, int kh, int kw, int sh, int sw, int ph, int pw, int outH, int outW, float* x, float* y, int* argmax) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var plane = start; plane < end; plane++)
            {
                var source = x + (plane * h * w);
                var at = plane * outH * outW;
                for (var i = 0; i < outH; i++)
                {
                    int top = (i * sh) - ph, bottom = Math.Min(top + kh, h);
                    top = Math.Max(top, 0);
                    for (var j = 0; j < outW; j++, at++)
                    {
                        int left = (j * sw) - pw, right = Math.Min(left + kw, w);
                        left = Math.Max(left, 0);
                        var best = float.NegativeInfinity;
                        var where = (top * w) + left;
                        for (var r = top; r < bottom; r++)
                        {
                            for (var q = left; q < right; q++)
                            {
                                var value = source[(r * w) + q];
                                if (value > best || float.IsNaN(value)) (best, where) = (value, (r * w) + q);
                            }
                        }
                        y[at] = best;
                        argmax[at] = where;
                    }
                }
            }
        }
    }

    private readonly struct BackwardJob(long plane, long outPlane, float* dy, int* argmax, float* dx) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var p = start; p < end; p++)
            {
                for (var i = p * outPlane; i < (p + 1) * outPlane; i++) dx[(p * plane) + argmax[i]] += dy[i];
            }
        }
    }
}
