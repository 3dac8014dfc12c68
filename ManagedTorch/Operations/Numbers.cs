using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>y = f(a, b) for integers.</summary>
internal interface INumbers
{
    static abstract long Invoke(long a, long b);
}

/// <summary>Element-wise operations on Int64 tensors: plain loops, without gradients.</summary>
internal static unsafe class Numbers
{
    public static Tensor Binary<TOp>(Tensor a, Tensor b, string name)
        where TOp : INumbers
    {
        if (a.dtype != ScalarType.Int64 || b.dtype != ScalarType.Int64)
            throw TorchErrors.Dtype(name, a.dtype == ScalarType.Int64 ? b.dtype : a.dtype);
        var y = Tensor.New(Broadcast.Shape(a.Shape, b.Shape, name), ScalarType.Int64);
        using var left = Spelled(a, y.Shape);
        using var right = Spelled(b, y.Shape);
        Loop<TOp>((long*)left.Data, (long*)right.Data, (long*)y.Storage.Data, y.Count);
        return y;
    }

    /// <summary>A scalar as an operand.</summary>
    public static Tensor Of(Scalar scalar) => Tensor.New(Shapes.Scalar, scalar.Type).Fill(scalar);

    /// <summary>The tensor broadcast to a shape, row by row.</summary>
    public static Dense Spelled(Tensor tensor, long[] shape) =>
        Shapes.Same(tensor.Shape, shape) ? tensor.Dense() : new Dense(Copies.Expanded(tensor, shape), true);

    public static Tensor WriteBack(Tensor a, Tensor y, string name)
    {
        if (!Shapes.Same(a.Shape, y.Shape))
        {
            TorchErrors.Throw(
                $"{name} can't write a result of shape {TorchErrors.Text(y.Shape)} into a tensor of shape {TorchErrors.Text(a.Shape)}."
            );
        }

        Copies.Into(a, y);
        a.Written();
        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TOp>(long* a, long* b, long* y, long count)
        where TOp : INumbers
    {
        for (long i = 0; i < count; i++)
            y[i] = TOp.Invoke(a[i], b[i]);
    }
}
