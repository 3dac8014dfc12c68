using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Copies between layouts, and between element types.</summary>
internal static unsafe class Copies
{
    /// <summary>A new tensor with the same elements row by row, without history.</summary>
    public static Tensor ToDense(Tensor tensor)
    {
        var copy = Tensor.New(tensor.Shape, tensor.dtype);
        Into(copy, tensor);
        return copy;
    }

    /// <summary>A new tensor with the elements of a broadcast one spelled out.</summary>
    public static Tensor Expanded(Tensor tensor, long[] shape)
    {
        var copy = Tensor.New(shape, tensor.dtype);
        Into(copy, tensor);
        return copy;
    }

    /// <summary>Writes the source, broadcast and converted, into the elements of the target.</summary>
    public static void Into(Tensor target, Tensor source)
    {
        if (target.dtype != source.dtype)
        {
            using var converted = Convert(source, target.dtype);
            Into(target, converted);
            return;
        }

        var size = target.ElementSize;
        var to = target.Storage.Data + target.Offset * size;
        var from = source.Storage.Data + source.Offset * size;
        if (target.IsDense && source.IsDense && Shapes.Same(target.Shape, source.Shape))
        {
            // Within one memory the two may overlap, which threads would get wrong; a plain move does not.
            if (size == sizeof(float) && !ReferenceEquals(target.Storage, source.Storage))
                Copy.Contiguous(target.Count, (float*)from, (float*)to);
            else
                Buffer.MemoryCopy(from, to, target.Count * size, target.Count * size);
            return;
        }

        // What overlaps would be overwritten before it is read.
        if (ReferenceEquals(target.Storage, source.Storage))
        {
            using var copy = ToDense(source);
            Into(target, copy);
            return;
        }

        var strides = Broadcast.Strides(source, target.Shape);
        switch (size)
        {
            case 1:
                Strided.Copy(target.Shape, (byte*)from, strides, (byte*)to, target.FullStrides());
                break;
            case 4 when target.IsDense:
                fixed (
                    long* sizes = target.Shape,
                        steps = strides
                )
                {
                    StridedCopy.Run(strides.Length, sizes, steps, (float*)from, (float*)to);
                }

                break;
            case 4:
                Strided.Copy(target.Shape, (float*)from, strides, (float*)to, target.FullStrides());
                break;
            default:
                Strided.Copy(target.Shape, (double*)from, strides, (double*)to, target.FullStrides());
                break;
        }
    }

    /// <summary>A new dense tensor of another element type; fractions are cut off, as PyTorch does.</summary>
    public static Tensor Convert(Tensor tensor, ScalarType dtype)
    {
        var result = Tensor.New(tensor.Shape, dtype);
        using var dense = tensor.Dense();
        if (tensor.IsFloat)
            From(dense.Float, result);
        else if (tensor.dtype == ScalarType.Int64)
            From((long*)dense.Data, result);
        else
            From(dense.Data, result);
        return result;
    }

    private static void From<T>(T* from, Tensor result)
        where T : unmanaged, INumber<T>
    {
        var to = result.Storage.Data;
        var count = result.Count;
        switch (result.dtype)
        {
            case ScalarType.Float32 when typeof(T) == typeof(byte):
                Widen((byte*)from, (float*)to, count);
                break;
            case ScalarType.Float32:
                Loop(from, (float*)to, count);
                break;
            case ScalarType.Int64:
                Loop(from, (long*)to, count);
                break;
            default:
                for (long i = 0; i < count; i++)
                    to[i] = from[i] != T.Zero ? (byte)1 : (byte)0;
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(byte* from, float* to, long count)
    {
        long i = 0;
        for (; i + 8 <= count; i += 8)
        {
            var words = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)(from + i)).AsByte());
            Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32()).Store(to + i);
        }

        for (; i < count; i++)
            to[i] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TFrom, TTo>(TFrom* from, TTo* to, long count)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        for (long i = 0; i < count; i++)
            to[i] = TTo.CreateTruncating(from[i]);
    }
}
