using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

internal static unsafe class Conv2d
{
    public static void Forward(ConvShape s, float* x, float* w, float* bias, float* y)
    {
        for (var b = 0; b < s.Batch; b++)
        for (var o = 0; o < s.OutChannels; o++)
        for (var i = 0; i < s.OutHeight; i++)
        for (var j = 0; j < s.OutWidth; j++)
        {
            var sum = bias == null ? 0 : bias[o];
            for (var c = 0; c < s.InChannels; c++)
            for (var u = 0; u < s.KernelHeight; u++)
            for (var v = 0; v < s.KernelWidth; v++)
            {
                int r = (i * s.StrideH) + u - s.PadH, q = (j * s.StrideW) + v - s.PadW;
                if ((uint)r < (uint)s.InHeight && (uint)q < (uint)s.InWidth)
                    sum += x[InIndex(s, b, c, r, q)] * w[WeightIndex(s, o, c, u, v)];
            }
            y[OutIndex(s, b, o, i, j)] = sum;
        }
    }

    public static void BackwardInput(ConvShape s, float* dy, float* w, float* dx)
    {
        NativeMemory.Clear(dx, (nuint)((long)s.Batch * s.InChannels * s.InPlane * sizeof(float)));
        for (var b = 0; b < s.Batch; b++)
        for (var o = 0; o < s.OutChannels; o++)
        for (var i = 0; i < s.OutHeight; i++)
        for (var j = 0; j < s.OutWidth; j++)
        {
            var g = dy[OutIndex(s, b, o, i, j)];
            for (var c = 0; c < s.InChannels; c++)
            for (var u = 0; u < s.KernelHeight; u++)
            for (var v = 0; v < s.KernelWidth; v++)
            {
                int r = (i * s.StrideH) + u - s.PadH, q = (j * s.StrideW) + v - s.PadW;
                if ((uint)r < (uint)s.InHeight && (uint)q < (uint)s.InWidth)
                    dx[InIndex(s, b, c, r, q)] += g * w[WeightIndex(s, o, c, u, v)];
            }
        }
    }

    public static void BackwardWeight(ConvShape s, float* x, float* dy, float* dw, float* dbias)
    {
        NativeMemory.Clear(dw, (nuint)((long)s.OutChannels * s.InChannels * s.Kernel * sizeof(float)));
        if (dbias != null) NativeMemory.Clear(dbias, (nuint)(s.OutChannels * sizeof(float)));
        for (var b = 0; b < s.Batch; b++)
        for (var o = 0; o < s.OutChannels; o++)
        for (var i = 0; i < s.OutHeight; i++)
        for (var j = 0; j < s.OutWidth; j++)
        {
            var g = dy[OutIndex(s, b, o, i, j)];
            if (dbias != null) dbias[o] += g;
            for (var c = 0; c < s.InChannels; c++)
            for (var u = 0; u < s.KernelHeight; u++)
            for (var v = 0; v < s.KernelWidth; v++)
            {
                int r = (i * s.StrideH) + u - s.PadH, q = (j * s.StrideW) + v - s.PadW;
                if ((uint)r < (uint)s.InHeight && (uint)q < (uint)s.InWidth)
                    dw[WeightIndex(s, o, c, u, v)] += g * x[InIndex(s, b, c, r, q)];
            }
        }
    }

    private static long InIndex(in ConvShape s, int b, int c, int r, int q) => ((((long)b * s.InChannels) + c) * s.InPlane) + ((long)r * s.InWidth) + q;

    private static long OutIndex(in ConvShape s, int b, int o, int i, int j) => ((((long)b * s.OutChannels) + o) * s.OutPlane) + ((long)i * s.OutWidth) + j;

    private static long WeightIndex(in ConvShape s, int o, int c, int u, int v) => ((((long)o * s.InChannels) + c) * s.Kernel) + (u * s.KernelWidth) + v;
}
