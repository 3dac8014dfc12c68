using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class Conv2dTests
{
    public static TheoryData<int, int, int, int, int, int, int, int, int, int, int> Shapes =>
        new()
        {
            // batch, in, height, width, out, kernel height and width, stride, padding
            { 1, 1, 3, 3, 1, 3, 3, 1, 1, 0, 0 },
            { 2, 1, 9, 11, 5, 3, 3, 1, 1, 0, 0 },
            { 3, 2, 8, 8, 17, 3, 3, 2, 2, 1, 1 },
            { 2, 3, 7, 5, 4, 5, 5, 2, 2, 0, 0 },
            { 2, 4, 9, 9, 3, 2, 2, 2, 2, 0, 0 },
            { 5, 13, 6, 6, 33, 3, 3, 1, 1, 1, 1 },
            { 2, 3, 10, 7, 6, 3, 2, 3, 1, 2, 1 },
            { 2, 2, 8, 9, 3, 1, 1, 2, 3, 0, 0 },
            { 1, 2, 5, 5, 3, 1, 1, 3, 3, 1, 1 },
            { 1, 40, 13, 40, 12, 3, 3, 1, 1, 1, 1 },
            { 3, 1, 40, 40, 1, 3, 3, 1, 1, 1, 1 },
            { 2, 6, 4, 4, 7, 5, 5, 1, 1, 4, 4 },
            { 0, 2, 5, 5, 3, 3, 3, 1, 1, 0, 0 },
            { 1, 6, 33, 40, 7, 3, 3, 2, 2, 1, 1 },
            { 3, 5, 37, 45, 6, 4, 4, 2, 2, 1, 1 },
            { 2, 8, 19, 37, 3, 3, 3, 2, 2, 1, 1 },
            { 2, 5, 20, 53, 6, 5, 5, 3, 3, 2, 2 },
            { 7, 6, 12, 12, 8, 3, 3, 1, 1, 1, 1 },
            { 2, 48, 30, 34, 6, 3, 3, 1, 1, 1, 1 },
            { 2, 48, 14, 64, 40, 3, 3, 2, 2, 1, 1 },
            { 3, 9, 15, 31, 10, 3, 3, 2, 2, 1, 1 },
            { 1, 4, 6, 200, 8, 3, 3, 1, 1, 1, 1 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_and_gradients_agree_with_the_definition(
        int batch,
        int channels,
        int h,
        int w,
        int outputs,
        int kh,
        int kw,
        int sh,
        int sw,
        int ph,
        int pw
    )
    {
        var s = new ConvShape(
            batch,
            channels,
            h,
            w,
            outputs,
            kh,
            kw,
            sh,
            sw,
            ph,
            pw,
            ((h + (2 * ph) - kh) / sh) + 1,
            ((w + (2 * pw) - kw) / sw) + 1
        );
        var random = new Random(h * w);
        int nx = batch * channels * h * w,
            nw = outputs * channels * kh * kw,
            ny = batch * outputs * s.OutPlane;
        using Guarded x = new(nx, random),
            weights = new(nw, random),
            bias = new(outputs, random),
            dy = new(ny, random),
            inBias = new(channels, random);
        double[] y = new double[ny],
            dx = new double[nx],
            dw = new double[nw];
        Define(s, x, weights, dy, y, dx, dw);
        var biased = y.Select((v, i) => v + bias[i / s.OutPlane % outputs]).ToArray();
        var transposed = dx.Select((v, i) => v + inBias[i / (h * w) % channels]).ToArray();
        KernelRun.Everywhere(() =>
        {
            using Guarded result = new(ny),
                gradient = new(nx),
                weightGradient = new(nw);
            Conv2d.Forward(s, x, weights, null, result);
            KernelRun.Same(y, result.Span, 1e-5, "forward");
            Conv2d.Forward(s, x, weights, bias, result);
            KernelRun.Same(biased, result.Span, 1e-5, "forward with bias");
            Conv2d.BackwardInput(s, dy, weights, null, gradient);
            KernelRun.Same(dx, gradient.Span, 1e-5, "input's gradient");
            Conv2d.BackwardInput(s, dy, weights, inBias, gradient);
            KernelRun.Same(transposed, gradient.Span, 1e-5, "transposed convolution with bias");
            Conv2d.BackwardWeight(s, x, dy, weightGradient);
            KernelRun.Same(dw, weightGradient.Span, 2e-5, "weights' gradient");
        });
    }

    private static void Define(ConvShape s, Guarded x, Guarded weights, Guarded dy, double[] y, double[] dx, double[] dw)
    {
        for (var b = 0; b < s.Batch; b++)
        {
            for (var o = 0; o < s.OutChannels; o++)
            {
                for (var i = 0; i < s.OutHeight; i++)
                {
                    for (var j = 0; j < s.OutWidth; j++)
                    {
                        var at = (((((b * s.OutChannels) + o) * s.OutHeight) + i) * s.OutWidth) + j;
                        double g = dy.P[at];
                        for (var c = 0; c < s.InChannels; c++)
                        {
                            for (var u = 0; u < s.KernelHeight; u++)
                            {
                                for (var v = 0; v < s.KernelWidth; v++)
                                {
                                    int row = (i * s.StrideH) + u - s.PadH,
                                        col = (j * s.StrideW) + v - s.PadW;
                                    if ((uint)row >= (uint)s.InHeight || (uint)col >= (uint)s.InWidth)
                                        continue;
                                    var input = (((((b * s.InChannels) + c) * s.InHeight) + row) * s.InWidth) + col;
                                    var weight = (((((o * s.InChannels) + c) * s.KernelHeight) + u) * s.KernelWidth) + v;
                                    y[at] += (double)x.P[input] * weights.P[weight];
                                    dx[input] += g * weights.P[weight];
                                    dw[weight] += g * x.P[input];
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
