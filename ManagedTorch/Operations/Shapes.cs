namespace TorchSharp;

/// <summary>Arithmetic on shapes and strides.</summary>
internal static class Shapes
{
    public static readonly long[] Scalar = [];

    public static long Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var size in shape)
            count *= size;
        return count;
    }

    /// <summary>A copy of the sizes a user gave, checked.</summary>
    public static long[] Checked(ReadOnlySpan<long> sizes)
    {
        foreach (var size in sizes)
        {
            if (size < 0)
                TorchErrors.Throw($"A tensor can't have a negative size, as in {TorchErrors.Text(sizes)}.");
        }

        return sizes.Length == 0 ? Scalar : sizes.ToArray();
    }

    /// <summary>Turns a dimension that may count from the end into one that doesn't.</summary>
    public static int Dim(long dim, int dims)
    {
        var range = Math.Max(dims, 1);
        if (dim < -range || dim >= range)
            TorchErrors.Throw($"Dimension {dim} is out of range for a tensor of {dims} dimensions: expected {-range} to {range - 1}.");
        return (int)(dim < 0 ? dim + range : dim);
    }

    public static long[] DenseStrides(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    public static bool IsDense(ReadOnlySpan<long> shape, long[]? strides)
    {
        if (strides is null)
            return true;
        long expected = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 0)
                return true;
            if (shape[i] != 1)
            {
                if (strides[i] != expected)
                    return false;
                expected *= shape[i];
            }
        }

        return true;
    }

    public static bool Same(long[] a, long[] b) => ReferenceEquals(a, b) || a.AsSpan().SequenceEqual(b);

    /// <summary>The shape without the dimensions marked, or with 1 in their place.</summary>
    public static long[] Reduce(long[] shape, ReadOnlySpan<bool> reduced, bool keepDims)
    {
        var rank = shape.Length;
        if (!keepDims)
        {
            foreach (var r in reduced)
                rank -= r ? 1 : 0;
        }

        if (rank == 0)
            return Scalar;
        var result = new long[rank];
        for (int i = 0, j = 0; i < shape.Length; i++)
        {
            if (!reduced[i])
                result[j++] = shape[i];
            else if (keepDims)
                result[j++] = 1;
        }

        return result;
    }

    public static long[] Without(long[] shape, int dim)
    {
        var result = new long[shape.Length - 1];
        Array.Copy(shape, result, dim);
        Array.Copy(shape, dim + 1, result, dim, result.Length - dim);
        return result;
    }

    public static long[] With(long[] shape, int dim, long size)
    {
        var result = new long[shape.Length + 1];
        Array.Copy(shape, result, dim);
        result[dim] = size;
        Array.Copy(shape, dim, result, dim + 1, shape.Length - dim);
        return result;
    }

    public static long[] Replace(long[] shape, int dim, long size)
    {
        var result = (long[])shape.Clone();
        result[dim] = size;
        return result;
    }

    /// <summary>Fills in the one size given as -1.</summary>
    public static long[] Infer(ReadOnlySpan<long> sizes, long count)
    {
        var result = sizes.Length == 0 ? Scalar : sizes.ToArray();
        var unknown = -1;
        long known = 1;
        for (var i = 0; i < result.Length; i++)
        {
            if (result[i] == -1 && unknown < 0)
                unknown = i;
            else if (result[i] < 0)
                TorchErrors.Throw($"The shape {TorchErrors.Text(sizes)} is invalid: only one size may be -1, none smaller.");
            else
                known *= result[i];
        }

        if (unknown >= 0 && known != 0 && count % known == 0)
            result[unknown] = count / known;
        else if (unknown >= 0 || known != count)
            TorchErrors.Throw($"The shape {TorchErrors.Text(sizes)} is invalid for {count} elements.");
        return result;
    }
}
