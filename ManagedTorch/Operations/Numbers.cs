using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>y = f(a, b) for any type of numbers.</summary>
internal interface INumbers
{
    static abstract T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T>;
}

/// <summary>Whether a and b compare so.</summary>
internal interface INumberComparison
{
    static abstract bool Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T>;
}

/// <summary>Element-wise operations on tensors of any type, and comparisons: plain loops, without gradients.</summary>
internal static unsafe class Numbers
{
    public static Tensor Binary<TOp>(Tensor a, Tensor b, ScalarType dtype, string name)
        where TOp : INumbers
    {
        if (GradMode.Records(a, b))
            TorchErrors.Throw($"The gradient of {name} is not available for {dtype} tensors; detach() them.");
        var y = Tensor.New(Broadcast.Shape(a.Shape, b.Shape, name), dtype);
        Into<TOp>(a, b, y);
        return y;
    }

    /// <summary>a = f(a, b), converted to a's type.</summary>
    public static Tensor Write<TOp>(Tensor a, Tensor b, ScalarType dtype, string name)
        where TOp : INumbers
    {
        using var y = Binary<TOp>(a, b, dtype, name);
        return WriteBack(a, y, name);
    }

    public static Tensor Compare<TOp, TFloat>(Tensor a, Tensor b, string name)
        where TOp : INumberComparison
        where TFloat : struct, IComparison
    {
        var dtype = Dtypes.Promote(a, b);
        var shape = Broadcast.Shape(a.Shape, b.Shape, name);
        var y = Tensor.New(shape, ScalarType.Bool);
        if (dtype == ScalarType.Float32 && b.Count == 1 && a.Count == y.Count)
        {
            using var number = Spelled(b, b.Shape, dtype);
            using var floats = Spelled(a, a.Shape, dtype);
            Kernels.Compare.Scalar<TFloat>(y.Count, floats.Float, *number.Float, y.Storage.Data);
            return y;
        }

        using var left = Spelled(a, shape, dtype);
        using var right = Spelled(b, shape, dtype);
        var result = y.Storage.Data;
        switch (dtype)
        {
            case ScalarType.Float32:
                Kernels.Compare.Binary<TFloat>(y.Count, left.Float, right.Float, result);
                break;
            case ScalarType.Float64:
                CompareLoop<double, TOp>((double*)left.Data, (double*)right.Data, result, y.Count);
                break;
            case ScalarType.Int64:
                CompareLoop<long, TOp>((long*)left.Data, (long*)right.Data, result, y.Count);
                break;
            case ScalarType.Int32:
                CompareLoop<int, TOp>((int*)left.Data, (int*)right.Data, result, y.Count);
                break;
            default:
                CompareLoop<byte, TOp>(left.Data, right.Data, result, y.Count);
                break;
        }

        return y;
    }

    /// <summary>The scalar as an operand of a tensor of some type: it raises that only from bool to integer to floating point.</summary>
    public static Tensor Of(Scalar scalar, ScalarType tensor) => Tensor.New(Shapes.Scalar, Dtypes.Promote(tensor, scalar)).Fill(scalar);

    public static void AreClose(Dense left, Dense right, Tensor result, double relative, double absolute, bool nanEqual)
    {
        var a = (double*)left.Data;
        var b = (double*)right.Data;
        for (long i = 0; i < result.Count; i++)
        {
            var close = a[i] == b[i]
                || (double.IsFinite(b[i]) && Math.Abs(a[i] - b[i]) <= absolute + relative * Math.Abs(b[i]))
                || (nanEqual && double.IsNaN(a[i]) && double.IsNaN(b[i]));
            result.Storage.Data[i] = close ? (byte)1 : (byte)0;
        }
    }

    /// <summary>The tensor in another type, broadcast to a shape, row by row.</summary>
    public static Dense Spelled(Tensor tensor, long[] shape, ScalarType dtype)
    {
        var converted = tensor.dtype == dtype ? tensor : Copies.Convert(tensor, dtype);
        if (Shapes.Same(converted.Shape, shape) && converted.IsDense)
            return new Dense(converted, !ReferenceEquals(converted, tensor));
        var expanded = Copies.Expanded(converted, shape);
        if (!ReferenceEquals(converted, tensor))
            converted.Dispose();
        return new Dense(expanded, true);
    }

    public static Tensor WriteBack(Tensor a, Tensor y, string name)
    {
        if (!Shapes.Same(a.Shape, y.Shape))
        {
            TorchErrors.Throw(
                $"{name} can't write a result of shape {TorchErrors.Text(y.Shape)} into a tensor of shape {TorchErrors.Text(a.Shape)}.");
        }

        Copies.Into(a, y);
        a.Written();
        return a;
    }

    private static void Into<TOp>(Tensor a, Tensor b, Tensor y)
        where TOp : INumbers
    {
        using var left = Spelled(a, y.Shape, y.dtype);
        using var right = Spelled(b, y.Shape, y.dtype);
        var result = y.Storage.Data;
        switch (y.dtype)
        {
            case ScalarType.Float32:
                Loop<float, TOp>((float*)left.Data, (float*)right.Data, (float*)result, y.Count);
                break;
            case ScalarType.Float64:
                Loop<double, TOp>((double*)left.Data, (double*)right.Data, (double*)result, y.Count);
                break;
            case ScalarType.Int64:
                Loop<long, TOp>((long*)left.Data, (long*)right.Data, (long*)result, y.Count);
                break;
            case ScalarType.Int32:
                Loop<int, TOp>((int*)left.Data, (int*)right.Data, (int*)result, y.Count);
                break;
            default:
                Loop<byte, TOp>(left.Data, right.Data, result, y.Count);
                if (y.dtype == ScalarType.Bool)
                {
                    for (long i = 0; i < y.Count; i++)
                        result[i] = result[i] != 0 ? (byte)1 : (byte)0;
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<T, TOp>(T* a, T* b, T* y, long count)
        where T : unmanaged, INumber<T>
        where TOp : INumbers
    {
        for (long i = 0; i < count; i++)
            y[i] = TOp.Invoke(a[i], b[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompareLoop<T, TOp>(T* a, T* b, byte* y, long count)
        where T : unmanaged, INumber<T>
        where TOp : INumberComparison
    {
        for (long i = 0; i < count; i++)
            y[i] = TOp.Invoke(a[i], b[i]) ? (byte)1 : (byte)0;
    }
}
