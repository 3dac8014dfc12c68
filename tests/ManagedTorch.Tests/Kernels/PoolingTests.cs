using TorchSharp;
using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class PoolingTests
{
    [Theory]
    [InlineData(3, 8, 8, 2, 2, 0)]
    [InlineData(2, 9, 7, 2, 2, 0)]
    [InlineData(70, 62, 62, 2, 2, 0)]
    [InlineData(2, 11, 40, 3, 2, 1)]
    [InlineData(2, 10, 10, 3, 1, 1)]
    [InlineData(2, 10, 7, 2, 3, 0)]
    [InlineData(1, 1, 1, 1, 1, 0)]
    [InlineData(0, 4, 4, 2, 2, 0)]
    public void Windows_give_their_largest_and_their_mean(int planes, int h, int w, int kernel, int stride, int pad)
    {
        int outH = ((h + (2 * pad) - kernel) / stride) + 1,
            outW = ((w + (2 * pad) - kernel) / stride) + 1,
            outputs = planes * outH * outW;
        var window = new PoolWindow(planes, h, w, kernel, stride, pad, outH, outW);
        var random = new Random(8);
        using Guarded x = new(planes * h * w),
            dy = new(outputs, random);
        foreach (ref var value in x.Span)
            value = random.Next(-5, 5);
        if (x.Span.Length > 40)
            x.Span[37] = float.NaN;
        float[] largest = new float[outputs],
            where = new float[outputs];
        double[] mean = new double[outputs],
            maxGradient = new double[planes * h * w],
            meanGradient = new double[planes * h * w];
        for (var at = 0; at < outputs; at++)
        {
            var (plane, i, j) = (at / (outH * outW), at / outW % outH, at % outW);
            (largest[at], var best) = (float.NegativeInfinity, -1);
            for (var r = Math.Max(0, (i * stride) - pad); r < Math.Min(h, (i * stride) - pad + kernel); r++)
            {
                for (var q = Math.Max(0, (j * stride) - pad); q < Math.Min(w, (j * stride) - pad + kernel); q++)
                {
                    var value = x.P[(plane * h * w) + (r * w) + q];
                    mean[at] += value;
                    if (best < 0 || value > largest[at] || float.IsNaN(value))
                        (largest[at], best) = (value, (r * w) + q);
                    meanGradient[(plane * h * w) + (r * w) + q] += (double)dy[at] / (kernel * kernel);
                }
            }

            mean[at] /= kernel * kernel;
            where[at] = best;
            maxGradient[(plane * h * w) + best] += dy[at];
        }

        KernelRun.Everywhere(() =>
        {
            using Guarded y = new(outputs),
                argmax = new(outputs),
                dx = new(planes * h * w);
            MaxPool2d.Forward(window, x, y, (int*)argmax.P);
            KernelRun.Same([.. largest.Select(v => (double)v)], y.Span, 0, "largest");
            for (var i = 0; i < outputs; i++)
                Assert.Equal(where[i], ((int*)argmax.P)[i]);
            MaxPool2d.Backward(window, dy, (int*)argmax.P, dx);
            KernelRun.Same(maxGradient, dx.Span, 1e-6, "largest's gradient");
            AvgPool2d.Forward(window, x, y);
            KernelRun.Same(mean, y.Span, 1e-6, "mean");
            AvgPool2d.Backward(window, dy, dx);
            KernelRun.Same(meanGradient, dx.Span, 1e-6, "mean's gradient");
        });
    }
}
