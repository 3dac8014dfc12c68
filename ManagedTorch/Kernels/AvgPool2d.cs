using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>Mean over windows of each plane; padding counts as zeros, but what a window reaches beyond the padding doesn't count.</summary>
internal static unsafe class AvgPool2d
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
        float* y
    )
    {
        var job = new Job(false, h, w, kh, kw, sh, sw, ph, pw, outH, outW, x, y);
        ThreadTeam.For(planes, Math.Max(1, 16384 / Math.Max(1, (long)outH * outW * kh * kw)), ref job);
    }

    public static void Backward(
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
        float* dy,
        float* dx
    )
    {
        NativeMemory.Clear(dx, (nuint)(planes * h * w * sizeof(float)));
        var job = new Job(true, h, w, kh, kw, sh, sw, ph, pw, outH, outW, dx, dy);
        ThreadTeam.For(planes, Math.Max(1, 16384 / Math.Max(1, (long)outH * outW * kh * kw)), ref job);
    }

    private readonly struct Job(
        bool backward,
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
        float* input,
        float* output
    ) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var plane = start; plane < end; plane++)
            {
                var source = input + (plane * h * w);
                var at = plane * outH * outW;
                for (var i = 0; i < outH; i++)
                {
                    int top = (i * sh) - ph,
                        bottom = Math.Min(top + kh, h + ph),
                        rows = bottom - top;
                    (top, bottom) = (Math.Max(top, 0), Math.Min(bottom, h));
                    for (var j = 0; j < outW; j++, at++)
                    {
                        int left = (j * sw) - pw,
                            right = Math.Min(left + kw, w + pw);
                        var scale = 1f / (rows * (right - left));
                        (left, right) = (Math.Max(left, 0), Math.Min(right, w));
                        if (backward)
                            Spread(source, top, bottom, left, right, output[at] * scale);
                        else
                            output[at] = Sum(source, top, bottom, left, right) * scale;
                    }
                }
            }
        }

        private float Sum(float* plane, int top, int bottom, int left, int right)
        {
            var sum = 0f;
            for (var r = top; r < bottom; r++)
            {
                for (var q = left; q < right; q++)
                    sum += plane[(r * w) + q];
            }

            return sum;
        }

        private void Spread(float* plane, int top, int bottom, int left, int right, float share)
        {
            for (var r = top; r < bottom; r++)
            {
                for (var q = left; q < right; q++)
                    plane[(r * w) + q] += share;
            }
        }
    }
}
