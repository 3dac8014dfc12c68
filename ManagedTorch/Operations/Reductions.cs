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

    public static Tensor Sum(Tensor x, ReadOnlySpan<long> dims, bool keepDims, ScalarType? type)
    {
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        Mark(dims, reduced);
        var shape = Shapes.Reduce(x.Shape, reduced, keepDims);
        var dtype = type ?? (torch.is_floating_point(x.dtype) ? x.dtype : ScalarType.Int64);
        if (dtype != ScalarType.Float32)
            return SumNumbers(x, reduced, shape, dtype);

        var input = x.dtype == ScalarType.Float32 ? x : Copies.Convert(x, dtype);
        var y = Sum(input, reduced, shape);
        return GradMode.Records(input) ? y.From(new SumNode(input, reduced, 1)) : y;
    }

    public static Tensor Mean(Tensor x, ReadOnlySpan<long> dims, bool keepDims, ScalarType? type)
    {
        if (x.dtype != ScalarType.Float32 && type != ScalarType.Float32)
            throw TorchErrors.Dtype("mean", x.dtype);
        var input = x.dtype == ScalarType.Float32 ? x : Copies.Convert(x, ScalarType.Float32);
        Span<bool> reduced = stackalloc bool[input.Shape.Length];
        Mark(dims, reduced);
        var y = Sum(input, reduced, Shapes.Reduce(input.Shape, reduced, keepDims));
        long n = 1;
        for (var i = 0; i < reduced.Length; i++)
            n *= reduced[i] ? input.Shape[i] : 1;
        Elementwise.BinaryScalar(y.Count, y.Float, n, y.Float, default(DivideOp));
        return GradMode.Records(input) ? y.From(new SumNode(input, reduced, 1.0 / n)) : y;
    }

    /// <summary>The largest or smallest along one dimension, and where it is first found.</summary>
    public static (Tensor values, Tensor indexes) Extreme(Tensor x, long dim, bool keepDim, bool largest, string name)
    {
        var at = Shapes.Dim(dim, x.Shape.Length);
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        if (reduced.Length > 0)
            reduced[at] = true;
        var shape = Shapes.Reduce(x.Shape, reduced, keepDim);
        var index = Tensor.New(shape, ScalarType.Int64);
        var y = Choose(x, reduced, shape, largest, index, name);
        return (GradMode.Records(x) ? y.From(new PickNode(x, index, at, keepDim)) : y, index);
    }

    public static Tensor ArgExtreme(Tensor x, long? dim, bool keepDim, bool largest, string name)
    {
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        if (dim is null)
            reduced.Fill(true);
        else if (reduced.Length > 0)
            reduced[Shapes.Dim(dim.Value, x.Shape.Length)] = true;
        var shape = Shapes.Reduce(x.Shape, reduced, keepDim);
        var index = Tensor.New(shape, ScalarType.Int64);
        Choose(x, reduced, shape, largest, index, name).Dispose();
        return index;
    }

    /// <summary>The largest or smallest over some dimensions; equal ones share the gradient.</summary>
    public static Tensor Extreme(Tensor x, ReadOnlySpan<long> dims, bool keepDims, bool largest, string name)
    {
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        Mark(dims, reduced);
        var y = Choose(x, reduced, Shapes.Reduce(x.Shape, reduced, keepDims), largest, null, name);
        return GradMode.Records(x) ? y.From(new ExtremeOfNode(x, y, reduced, name is "max" or "min")) : y;
    }

    /// <summary>Whether all (or any) elements along the marked dimensions are not zero.</summary>
    public static Tensor Truth(Tensor x, ReadOnlySpan<bool> reduced, bool keepDims, bool all)
    {
        var y = Tensor.New(Shapes.Reduce(x.Shape, reduced, keepDims), ScalarType.Bool);
        using var truth = Copies.Convert(x, ScalarType.Bool);
        using var view = Arrange(truth, reduced, out var outer, out var n, out var inner);
        var from = view.Data;
        var to = y.Storage.Data;
        for (long i = 0; i < outer; i++)
        {
            for (long k = 0; k < inner; k++)
            {
                var result = all;
                for (long j = 0; j < n && result == all; j++)
                    result = from[(i * n + j) * inner + k] != 0;
                to[i * inner + k] = result ? (byte)1 : (byte)0;
            }
        }

        return y;
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
        int first = -1, last = -1;
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
    public static Dense Arrange(Tensor x, ReadOnlySpan<bool> reduced, out long outer, out long n, out long inner)
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

    private static Tensor SumNumbers(Tensor x, ReadOnlySpan<bool> reduced, long[] shape, ScalarType dtype)
    {
        if (GradMode.Records(x))
            throw TorchErrors.Dtype("The gradient of sum", dtype);
        if (dtype is not (ScalarType.Int64 or ScalarType.Float64))
            throw TorchErrors.Dtype("sum", dtype);
        var y = Tensor.New(shape, dtype);
        using var numbers = Copies.Convert(x, dtype);
        using var view = Arrange(numbers, reduced, out var outer, out var n, out var inner);
        if (dtype == ScalarType.Int64)
            SumLoop((long*)view.Data, (long*)y.Storage.Data, outer, n, inner);
        else
            SumLoop((double*)view.Data, (double*)y.Storage.Data, outer, n, inner);
        return y;
    }

    private static void SumLoop<T>(T* x, T* y, long outer, long n, long inner)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        for (long i = 0; i < outer; i++)
        {
            for (long k = 0; k < inner; k++)
            {
                var sum = T.Zero;
                for (long j = 0; j < n; j++)
                    sum += x[(i * n + j) * inner + k];
                y[i * inner + k] = sum;
            }
        }
    }

    /// <summary>The largest or smallest of what is reduced, and where it is first found when an index is given; without a node.</summary>
    private static Tensor Choose(
        Tensor x, ReadOnlySpan<bool> reduced, long[] shape, bool largest, Tensor? index, string name)
    {
        if (x.dtype == ScalarType.Float64 && GradMode.Records(x))
            throw TorchErrors.Dtype($"The gradient of {name}", x.dtype);
        using var numbers = x.dtype is ScalarType.Byte or ScalarType.Bool or ScalarType.Int32 ? Copies.Convert(x, ScalarType.Int64) : null;
        var input = numbers ?? x;
        var y = Tensor.New(shape, input.dtype);
        using (var view = Arrange(input, reduced, out var outer, out var n, out var inner))
        {
            CheckSome(n, y.Count, x.Shape, name);
            var places = index is null ? null : (long*)index.Storage.Data;
            if (input.dtype == ScalarType.Int64)
                ChooseLoop((long*)view.Data, (long*)y.Storage.Data, places, outer, n, inner, largest);
            else if (input.dtype == ScalarType.Float64)
                ChooseLoop((double*)view.Data, (double*)y.Storage.Data, places, outer, n, inner, largest);
            else if (largest)
                Extremes.Max(outer, n, inner, view.Float, y.Float, places);
            else
                Extremes.Min(outer, n, inner, view.Float, y.Float, places);
        }

        if (numbers is null)
            return y;
        using (y)
            return Copies.Convert(y, x.dtype);
    }

    private static void ChooseLoop<T>(T* x, T* y, long* places, long outer, long n, long inner, bool largest)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        for (long i = 0; i < outer * inner; i++)
        {
            var line = x + i / inner * n * inner + i % inner;
            long best = 0;
            for (long j = 1; j < n && !T.IsNaN(line[best * inner]); j++)
            {
                var (value, found) = (line[j * inner], line[best * inner]);
                if ((largest ? value > found : value < found) || T.IsNaN(value))
                    best = j;
            }

            y[i] = line[best * inner];
            if (places != null)
                places[i] = best;
        }
    }

    private static void CheckSome(long n, long results, long[] shape, string name)
    {
        if (n == 0 && results > 0)
            TorchErrors.Throw($"{name} needs at least one element to choose from, and the shape is {TorchErrors.Text(shape)}.");
    }
}
