using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>PyTorch's broadcasting: shapes are aligned at the end, and a size of 1 stretches.</summary>
internal static class Broadcast
{
    public static long[] Shape(long[] a, long[] b, string operation)
    {
        if (Shapes.Same(a, b))
            return a;
        if (!TryShape(a, b, out var shape))
        {
            TorchErrors.Throw(
                $"{operation} can't broadcast the shapes {TorchErrors.Text(a)} and {TorchErrors.Text(b)}: aligned at the end, "
                    + "sizes must be equal or 1."
            );
        }

        return Shapes.Same(shape, a) ? a
            : Shapes.Same(shape, b) ? b
            : shape;
    }

    public static bool TryShape(long[] a, long[] b, out long[] shape)
    {
        var (longer, shorter) = a.Length >= b.Length ? (a, b) : (b, a);
        shape = (long[])longer.Clone();
        var shift = longer.Length - shorter.Length;
        for (var i = 0; i < shorter.Length; i++)
        {
            var (x, y) = (longer[i + shift], shorter[i]);
            if (x != y && x != 1 && y != 1)
                return false;
            shape[i + shift] = x == 1 ? y : x;
        }

        return true;
    }

    /// <summary>Strides under which a tensor shows a larger shape; those of stretched dimensions are 0.</summary>
    public static long[] Strides(Tensor tensor, long[] shape)
    {
        var from = tensor.Shape;
        var shift = shape.Length - from.Length;
        if (shift < 0)
            throw Mismatch(tensor, shape);
        var own = tensor.FullStrides();
        var strides = new long[shape.Length];
        for (var i = 0; i < from.Length; i++)
        {
            if (from[i] == shape[i + shift])
                strides[i + shift] = own[i];
            else if (from[i] != 1)
                throw Mismatch(tensor, shape);
        }

        return strides;
    }

    /// <summary>Sums over the dimensions along which a tensor of the shape was stretched to become the gradient's.</summary>
    public static Tensor SumTo(Tensor grad, long[] shape)
    {
        if (Shapes.Same(grad.Shape, shape))
            return grad;
        var from = grad.Shape;
        var shift = from.Length - shape.Length;
        Span<bool> reduced = stackalloc bool[from.Length];
        for (var i = 0; i < from.Length; i++)
            reduced[i] = i < shift || (shape[i - shift] == 1 && from[i] != 1);
        return Reductions.Sum(grad, reduced, shape);
    }

    private static System.Runtime.InteropServices.ExternalException Mismatch(Tensor tensor, long[] shape) =>
        TorchErrors.Error($"A tensor of shape {TorchErrors.Text(tensor.Shape)} can't be expanded to {TorchErrors.Text(shape)}.");
}
