using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>How a pooling window moves over images [..., height, width], checked.</summary>
internal sealed record PoolWindow(
    int Planes, int Height, int Width, int KernelH, int KernelW, int StrideH, int StrideW, int PadH, int PadW, int OutHeight, int OutWidth)
{
    public static PoolWindow Create(
        string name, Tensor input, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceilMode)
    {
        if (!input.IsFloat) throw TorchErrors.Dtype(name, input.dtype);
        var shape = input.Shape;
        if (shape.Length is not (3 or 4))
        {
            throw TorchErrors.Error(
                $"{name}: Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got: " +
                TorchErrors.Text(shape));
        }
        var (kh, kw) = ConvWindow.Pair(name, "kernel_size", kernel, 1, 1);
        var (sh, sw) = stride is { Length: > 0 } ? ConvWindow.Pair(name, "stride", stride, 1, 1) : (kh, kw);
        var (ph, pw) = ConvWindow.Pair(name, "padding", padding, 0, 0);
        if (ConvWindow.Pair(name, "dilation", dilation, 1, 1) != (1, 1))
            throw TorchErrors.Error($"{name} is not available with a dilation other than 1.");
        if (ph > kh / 2 || pw > kw / 2)
        {
            throw TorchErrors.Error(
                $"pad should be at most half of effective kernel size, but got pad=({ph}, {pw}) and kernel_size=({kh}, {kw})");
        }
        var (h, w) = (checked((int)shape[^2]), checked((int)shape[^1]));
        var (outH, outW) = (Outputs(h, kh, sh, ph, ceilMode), Outputs(w, kw, sw, pw, ceilMode));
        if (outH < 1 || outW < 1)
        {
            throw TorchErrors.Error(
                $"Given input size: {TorchErrors.Text(shape)} and kernel ({kh} x {kw}). Calculated output size: ({outH} x {outW}). " +
                $"Output size is too small");
        }
        return new(checked((int)Shapes.Count(shape[..^2])), h, w, kh, kw, sh, sw, ph, pw, outH, outW);
    }

    public long[] OutputShape(Tensor input) => [.. input.Shape[..^2], OutHeight, OutWidth];

    /// <summary>In ceil mode a last window may reach over the end, but must start inside the input or the padding before it.</summary>
    private static int Outputs(int size, int kernel, int stride, int pad, bool ceilMode)
    {
        var span = size + 2 * pad - kernel + (ceilMode ? stride - 1 : 0);
        var outputs = (int)Math.Floor((double)span / stride) + 1;
        return ceilMode && (outputs - 1) * stride >= size + pad ? outputs - 1 : outputs;
    }
}
