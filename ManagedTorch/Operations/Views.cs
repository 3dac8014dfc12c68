using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The same elements through other shapes and strides, without history.</summary>
internal static class Views
{
    public static Tensor Permuted(Tensor x, ReadOnlySpan<long> order)
    {
        var dims = x.Shape.Length;
        if (order.Length != dims)
            TorchErrors.Throw($"A permutation of {dims} dimensions can't be {TorchErrors.Text(order)}.");
        var shape = new long[dims];
        var strides = new long[dims];
        var own = x.FullStrides();
        Span<bool> seen = stackalloc bool[dims];
        for (var i = 0; i < dims; i++)
        {
            var from = Shapes.Dim(order[i], dims);
            if (seen[from])
                TorchErrors.Throw($"The permutation {TorchErrors.Text(order)} names dimension {from} twice.");
            seen[from] = true;
            shape[i] = x.Shape[from];
            strides[i] = own[from];
        }

        return x.ViewOf(shape, strides, x.Offset);
    }

    /// <summary>
    /// The dimensions as the elements lie in memory, from the longest steps to the shortest; one without a step keeps its place.
    /// </summary>
    public static long[] MemoryOrder(Tensor x)
    {
        var strides = x.FullStrides();
        var order = new long[strides.Length];
        for (var i = order.Length - 1; i >= 0; i--)
        {
            order[i] = i;
            for (int at = i, next = i + 1; next < order.Length; next++)
            {
                var (step, other) = (strides[order[at]], strides[order[next]]);
                if (step == 0 || other == 0)
                    continue;
                if (step > other)
                    break;
                (order[at], order[next]) = (order[next], order[at]);
                at = next;
            }
        }

        return order;
    }

    /// <summary>Some of the elements, from start on, along a dimension.</summary>
    public static Tensor Sliced(Tensor x, int dim, long start, long length)
    {
        var strides = x.FullStrides();
        return x.ViewOf(Shapes.Replace(x.Shape, dim, length), strides, x.Offset + start * strides[dim]);
    }

    public static Tensor Selected(Tensor x, int dim, long index)
    {
        var own = x.FullStrides();
        return x.ViewOf(Shapes.Without(x.Shape, dim), Shapes.Without(own, dim), x.Offset + index * own[dim]);
    }

    public static Tensor Expanded(Tensor x, long[] shape) => x.ViewOf(shape, Broadcast.Strides(x, shape), x.Offset);

    /// <summary>A view of another shape, or null when the strides don't allow one.</summary>
    public static Tensor? Reshaped(Tensor x, long[] shape)
    {
        if (x.IsDense)
            return x.ViewOf(shape, null, x.Offset);
        var strides = x.Count == 0 ? Shapes.DenseStrides(shape) : Strides(x.Shape, x.FullStrides(), shape);
        return strides is null ? null : x.ViewOf(shape, strides, x.Offset);
    }

    /// <summary>Walks both shapes from the end: each run of dimensions that lie evenly must be filled by whole new ones.</summary>
    private static long[]? Strides(long[] from, long[] own, long[] shape)
    {
        var strides = new long[shape.Length];
        var next = shape.Length - 1;
        long run = 1;
        long step = from.Length == 0 ? 1 : own[^1];
        for (var i = from.Length - 1; i >= 0; i--)
        {
            run *= from[i];
            if (i > 0 && (from[i - 1] == 1 || own[i - 1] == run * step))
                continue;
            long filled = 1;
            while (next >= 0 && (filled < run || shape[next] == 1))
            {
                strides[next] = filled * step;
                filled *= shape[next--];
            }

            if (filled != run)
                return null;
            if (i > 0)
            {
                step = own[i - 1];
                run = 1;
            }
        }

        for (; next >= 0; next--)
            strides[next] = 1;
        return strides;
    }
}
