using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>How a square pooling window moves over images [..., height, width], checked.</summary>
internal readonly record struct PoolWindow(int Planes, int Height, int Width, int Kernel, int Stride, int Pad, int OutHeight, int OutWidth)
{
    public static PoolWindow Create(string name, Tensor input, long kernel, long stride, long padding)
    {
        if (!input.IsFloat)
            throw TorchErrors.Dtype(name, input.dtype);
        var shape = input.Shape;
        if (shape.Length is not (3 or 4))
        {
            throw TorchErrors.Error(
                $"{name}: Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got: "
                    + TorchErrors.Text(shape)
            );
        }

        var (k, s, p) = (
            ConvWindow.Checked(name, "kernel_size", kernel, 1),
            ConvWindow.Checked(name, "stride", stride, 1),
            ConvWindow.Checked(name, "padding", padding, 0)
        );
        if (p > k / 2)
            throw TorchErrors.Error($"pad should be at most half of effective kernel size, but got pad={p} and kernel_size={k}");
        var (h, w) = (checked((int)shape[^2]), checked((int)shape[^1]));
        if (h + 2 * p < k || w + 2 * p < k)
        {
            throw TorchErrors.Error(
                $"Given input size: {TorchErrors.Text(shape)}, kernel {k} and padding {p}. Calculated output size is too small"
            );
        }

        return new(checked((int)Shapes.Count(shape[..^2])), h, w, k, s, p, (h + 2 * p - k) / s + 1, (w + 2 * p - k) / s + 1);
    }

    /// <summary>Planes of which a piece of work is worth a thread.</summary>
    public long Grain => Math.Max(1, 16384 / Math.Max(1, (long)OutHeight * OutWidth * Kernel * Kernel));

    public long[] OutputShape(Tensor input) => [.. input.Shape[..^2], OutHeight, OutWidth];
}
