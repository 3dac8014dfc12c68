using System.Runtime.CompilerServices;

namespace TorchSharp;

/// <summary>Loops over elements that don't lie row by row.</summary>
internal static unsafe class Strided
{
    private const int MaxDims = 16;

    public static void Copy<T>(long[] shape, T* from, long[] fromStrides, T* to, long[] toStrides)
        where T : unmanaged
    {
        var sizes = stackalloc long[MaxDims];
        var a = stackalloc long[MaxDims];
        var b = stackalloc long[MaxDims];
        var dims = Merge(shape, fromStrides, toStrides, sizes, a, b);
        if (dims < 0)
            return;

        var index = stackalloc long[MaxDims];
        for (var i = 0; i < dims; i++)
            index[i] = 0;
        var (inner, outer) = (dims - 1, dims - 2);
        while (true)
        {
            if (dims >= 2)
                Plane(sizes[outer], sizes[inner], from, a[outer], a[inner], to, b[outer], b[inner]);
            else
                Line(sizes[inner], from, a[inner], to, b[inner]);

            var dim = dims - 3;
            for (; dim >= 0; dim--)
            {
                from += a[dim];
                to += b[dim];
                if (++index[dim] < sizes[dim])
                    break;
                from -= a[dim] * sizes[dim];
                to -= b[dim] * sizes[dim];
                index[dim] = 0;
            }

            if (dim < 0)
                return;
        }
    }

    /// <summary>Where the element of a running number lies.</summary>
    public static long Place(long number, long[] shape, long[] strides)
    {
        long place = 0;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            place += number % shape[i] * strides[i];
            number /= shape[i];
        }

        return place;
    }

    /// <summary>Drops dimensions of size 1 and joins those that both sides step through evenly; -1 where there is no element.</summary>
    private static int Merge(long[] shape, long[] fromStrides, long[] toStrides, long* sizes, long* a, long* b)
    {
        if (shape.Length > MaxDims)
            TorchErrors.Throw($"Tensors have at most {MaxDims} dimensions, not {shape.Length}.");
        var dims = 0;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0)
                return -1;
            if (shape[i] == 1)
                continue;
            if (dims > 0 && a[dims - 1] == fromStrides[i] * shape[i] && b[dims - 1] == toStrides[i] * shape[i])
            {
                sizes[dims - 1] *= shape[i];
                a[dims - 1] = fromStrides[i];
                b[dims - 1] = toStrides[i];
                continue;
            }

            sizes[dims] = shape[i];
            a[dims] = fromStrides[i];
            b[dims++] = toStrides[i];
        }

        if (dims == 0)
        {
            sizes[0] = 1;
            a[0] = b[0] = 1;
            dims = 1;
        }

        return dims;
    }

    private static void Plane<T>(long rows, long columns, T* from, long fromRow, long fromColumn, T* to, long toRow, long toColumn)
        where T : unmanaged
    {
        // Blocks, so that the side with the long steps stays in the cache.
        const long Block = 32;
        if (fromColumn > 1 && rows >= Block && columns >= Block)
        {
            for (long i = 0; i < rows; i += Block)
            {
                for (long j = 0; j < columns; j += Block)
                {
                    var last = Math.Min(i + Block, rows);
                    var width = Math.Min(Block, columns - j);
                    for (var r = i; r < last; r++)
                        Line(width, from + r * fromRow + j * fromColumn, fromColumn, to + r * toRow + j * toColumn, toColumn);
                }
            }

            return;
        }

        for (long i = 0; i < rows; i++)
            Line(columns, from + i * fromRow, fromColumn, to + i * toRow, toColumn);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Line<T>(long count, T* from, long fromStep, T* to, long toStep)
        where T : unmanaged
    {
        if (toStep == 1 && fromStep == 1)
        {
            if (count < 32)
            {
                for (long i = 0; i < count; i++)
                    to[i] = from[i];
            }
            else
            {
                Buffer.MemoryCopy(from, to, count * sizeof(T), count * sizeof(T));
            }
        }
        else if (toStep == 1 && fromStep == 0)
        {
            new Span<T>(to, checked((int)count)).Fill(*from);
        }
        else
        {
            for (long i = 0; i < count; i++)
                to[i * toStep] = from[i * fromStep];
        }
    }
}
