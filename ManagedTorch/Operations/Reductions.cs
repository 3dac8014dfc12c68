using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Reductions over any dimensions: the tensor is seen as [outer, n, inner] with n what is reduced; dimensions that don't lie so are
/// moved first.
/// </summary>
internal static unsafe class Reductions
{
    /// <summary>Which dimensions are meant; none given means all.</summary>
    public static void Mark(ReadOnlySpan<long> dims, Span<bool> reduced)
    {
        reduced.Clear();
        if (dims.Length == 0)
            reduced.Fill(true);
        foreach (var dim in dims)
        {
            if (reduced.Length == 0)
            {
                Shapes.Dim(dim, 0);
                continue;
            }

            ref var mark = ref reduced[Shapes.Dim(dim, reduced.Length)];
            if (mark)
                TorchErrors.Throw($"Dimension {dim} is named twice in {TorchErrors.Text(dims)}.");
            mark = true;
        }
    }

    /// <summary>A float32 sum without a node.</summary>
    public static Tensor Sum(Tensor x, ReadOnlySpan<bool> reduced, long[] shape)
    {
        if (LastRun(x.Shape, reduced) is var (first, last))
        {
            // Dimensions that lie apart one run after the other: to move them together would copy all of x.
            Span<bool> run = stackalloc bool[reduced.Length];
            Span<bool> rest = stackalloc bool[reduced.Length];
            run.Clear();
            run[first..(last + 1)].Fill(true);
            reduced.CopyTo(rest);
            rest[first..(last + 1)].Clear();
            using var partial = Sum(x, run, Shapes.Reduce(x.Shape, run, keepDims: true));
            return Sum(partial, rest, shape);
        }

        var y = Tensor.New(shape);
        using var view = Arrange(x, reduced, out var outer, out var n, out var inner);
        if (n == 0)
            Copy.Fill(y.Count, 0, y.Float);
        else
            Reduce.Sum(outer, n, inner, view.Float, y.Float);
        return y;
    }

    public static Tensor Sum(Tensor x, ReadOnlySpan<long> dims, bool keepDims)
    {
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        Mark(dims, reduced);
        var shape = Shapes.Reduce(x.Shape, reduced, keepDims);
        if (!x.IsFloat)
            return SumNumbers(x, reduced, shape);
        var y = Sum(x, reduced, shape);
        return GradMode.Records(x) ? y.From(new SumNode(x, reduced, 1)) : y;
    }

    public static Tensor Mean(Tensor x, ReadOnlySpan<long> dims, bool keepDims)
    {
        if (!x.IsFloat)
            throw TorchErrors.Dtype("mean", x.dtype);
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        Mark(dims, reduced);
        var y = Sum(x, reduced, Shapes.Reduce(x.Shape, reduced, keepDims));
        long n = 1;
        for (var i = 0; i < reduced.Length; i++)
            n *= reduced[i] ? x.Shape[i] : 1;
        Elementwise.BinaryScalar(y.Count, y.Float, n, y.Float, default(DivideOp));
        return GradMode.Records(x) ? y.From(new SumNode(x, reduced, 1.0 / n)) : y;
    }

    /// <summary>The dimensions in which a reduction's result is put where its input's are again: size 1 where reduced.</summary>
    public static Tensor Stretched(Tensor result, long[] inputShape, ReadOnlySpan<bool> reduced)
    {
        var shape = new long[inputShape.Length];
        var strides = new long[inputShape.Length];
        var own = result.FullStrides();
        var kept = result.Shape.Length == inputShape.Length;
        for (int i = 0, j = 0; i < shape.Length; i++)
        {
            shape[i] = inputShape[i];
            if (!reduced[i])
                strides[i] = own[j++];
            else if (kept)
                j++;
        }

        return result.ViewOf(shape, strides, result.Offset);
    }

    /// <summary>The last run of reduced dimensions, those of size 1 aside, where it is not the only one.</summary>
    private static (int First, int Last)? LastRun(long[] shape, ReadOnlySpan<bool> reduced)
    {
        int first = -1,
            last = -1;
        var apart = false;
        for (var i = reduced.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 1)
                continue;
            if (!reduced[i])
                apart = last >= 0;
            else if (apart)
                return (first, last);
            else
                (first, last) = (i, last < 0 ? i : last);
        }

        return null;
    }

    /// <summary>The elements with what is reduced in the middle. Dispose what is returned.</summary>
    private static Dense Arrange(Tensor x, ReadOnlySpan<bool> reduced, out long outer, out long n, out long inner)
    {
        outer = n = inner = 1;
        var stage = 0;
        var inOrder = true;
        for (var i = 0; i < reduced.Length; i++)
        {
            var size = x.Shape[i];
            if (size == 1)
                continue;
            if (reduced[i])
            {
                inOrder &= stage < 2;
                stage = 1;
                n *= size;
            }
            else if (stage == 0)
            {
                outer *= size;
            }
            else
            {
                stage = 2;
                inner *= size;
            }
        }

        if (inOrder)
            return x.Dense();

        // What stays comes first, what is reduced last.
        var order = new long[reduced.Length];
        var place = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < reduced.Length; i++)
            {
                if (reduced[i] == (pass == 1))
                    order[place++] = i;
            }
        }

        outer *= inner;
        inner = 1;
        using var moved = Views.Permuted(x, order);
        return new Dense(Copies.ToDense(moved), true);
    }

    /// <summary>Of Int64, or of Bool, where it counts.</summary>
    private static Tensor SumNumbers(Tensor x, ReadOnlySpan<bool> reduced, long[] shape)
    {
        var y = Tensor.New(shape, ScalarType.Int64);
        using var numbers = Copies.Convert(x, ScalarType.Int64);
        using var view = Arrange(numbers, reduced, out var outer, out var n, out var inner);
        var from = (long*)view.Data;
        var to = (long*)y.Storage.Data;
        for (long i = 0; i < outer; i++)
        {
            for (long k = 0; k < inner; k++)
            {
                var sum = 0L;
                for (long j = 0; j < n; j++)
                    sum += from[(i * n + j) * inner + k];
                to[i * inner + k] = sum;
            }
        }

        return y;
    }
}
