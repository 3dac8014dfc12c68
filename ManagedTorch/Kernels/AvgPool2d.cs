using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>Mean over windows of each plane; padding counts as zeros, but what a window reaches beyond the padding doesn't count.</summary>
internal static unsafe class AvgPool2d
{
    public static void Forward(PoolWindow p, float* x, float* y)
    {
        var job = new Job(false, p, x, y);
        ThreadTeam.For(p.Planes, p.Grain, ref job);
    }

    public static void Backward(PoolWindow p, float* dy, float* dx)
    {
        NativeMemory.Clear(dx, (nuint)((long)p.Planes * p.Height * p.Width * sizeof(float)));
        var job = new Job(true, p, dx, dy);
        ThreadTeam.For(p.Planes, p.Grain, ref job);
    }

    private readonly struct Job(bool backward, PoolWindow p, float* input, float* output) : IRangeJob
    {
        public void Run(long start, long end)
        {
            var (h, w) = (p.Height, p.Width);
            for (var plane = start; plane < end; plane++)
            {
                var source = input + (plane * h * w);
                var at = plane * p.OutHeight * p.OutWidth;
                for (var i = 0; i < p.OutHeight; i++)
                {
                    int top = (i * p.Stride) - p.Pad,
                        bottom = Math.Min(top + p.Kernel, h + p.Pad),
                        rows = bottom - top;
                    (top, bottom) = (Math.Max(top, 0), Math.Min(bottom, h));
                    for (var j = 0; j < p.OutWidth; j++, at++)
                    {
                        int left = (j * p.Stride) - p.Pad,
                            right = Math.Min(left + p.Kernel, w + p.Pad);
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
                    sum += plane[(r * p.Width) + q];
            }

            return sum;
        }

        private void Spread(float* plane, int top, int bottom, int left, int right, float share)
        {
            for (var r = top; r < bottom; r++)
            {
                for (var q = left; q < right; q++)
                    plane[(r * p.Width) + q] += share;
            }
        }
    }
}
