using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Picking elements by tensors of indexes, and putting them back.</summary>
internal static unsafe class Indexing
{
    /// <summary>An int64 index, row by row, each counted from the start and inside the size. Dispose what is returned.</summary>
    public static Dense Checked(Tensor index, long size, string name)
    {
        if (index.dtype is not (ScalarType.Int64 or ScalarType.Int32 or ScalarType.Byte))
            TorchErrors.Throw($"{name} needs an index of type Int64, not {index.dtype}.");
        var copy = index.dtype == ScalarType.Int64 ? Copies.ToDense(index) : Copies.Convert(index, ScalarType.Int64);
        var places = (long*)copy.Storage.Data;
        for (long i = 0; i < copy.Count; i++)
        {
            if (places[i] < -size || places[i] >= size)
            {
                var wrong = places[i];
                copy.Dispose();
                TorchErrors.Throw($"{name}: index {wrong} is out of range for {size} elements.");
            }

            if (places[i] < 0)
                places[i] += size;
        }

        return new Dense(copy, true);
    }

    public static Tensor IndexSelect(Tensor x, long dim, Tensor index)
    {
        if (index.Shape.Length > 1)
            TorchErrors.Throw($"index_select needs an index of one dimension, not of shape {TorchErrors.Text(index.Shape)}.");
        if (x.Shape.Length == 0 && index.Count != 1)
            TorchErrors.Throw($"index_select can pick one element of a tensor without dimensions, not {index.Count}.");
        var at = Shapes.Dim(dim, x.Shape.Length);
        var shape = x.Shape.Length == 0 ? x.Shape : Shapes.Replace(x.Shape, at, index.Count);
        var y = Tensor.New(shape, x.dtype);
        using var places = Valid(index, x.Shape.Length == 0 ? 1 : x.Shape[at]);
        using var dense = x.Dense();
        var (outer, n, inner) = x.Shape.Length == 0 ? (1, 1, 1) : Statistics.Around(x.Shape, at);
        var p = (long*)places.Data;
        var width = inner * x.ElementSize;
        if (x.IsFloat && outer == 1)
        {
            Copy.IndexSelect(index.Count, inner, p, dense.Float, y.Float);
        }
        else
        {
            var from = dense.Data;
            var to = y.Storage.Data;
            for (long i = 0; i < outer; i++)
            {
                for (long j = 0; j < index.Count; j++)
                    Buffer.MemoryCopy(from + (i * n + p[j]) * width, to + (i * index.Count + j) * width, width, width);
            }
        }

        return GradMode.Records(x) ? y.From(new IndexNode(x, places.Tensor, (sum, index, grad) => IndexAdd(sum, at, index, grad))) : y;
    }

    /// <summary>Where x (of a size) goes into target, along a dimension: target[.., index[j], ..] += x[.., j, ..].</summary>
    public static void IndexAdd(Tensor target, int dim, Tensor index, Tensor x)
    {
        using var dense = x.Dense();
        var (outer, n, inner) = target.Shape.Length == 0 ? (1, 1, 1) : Statistics.Around(target.Shape, dim);
        var p = (long*)index.Storage.Data + index.Offset;
        for (long i = 0; i < outer; i++)
            Copy.ScatterAdd(index.Count, inner, p, dense.Float + i * index.Count * inner, target.Float + i * n * inner);
    }

    public static Tensor Gather(Tensor x, long dim, Tensor index)
    {
        var at = Shapes.Dim(dim, x.Shape.Length);
        CheckFits(x, at, index, "gather");
        var y = Tensor.New(index.Shape, x.dtype);
        using var places = Checked(index, x.Shape.Length == 0 ? 1 : x.Shape[at], "gather");
        switch (y.ElementSize)
        {
            case 4:
                Move<int>(x, at, y, -1, places);
                break;
            case 8:
                Move<long>(x, at, y, -1, places);
                break;
            default:
                Move<byte>(x, at, y, -1, places);
                break;
        }

        return GradMode.Records(x) ? y.From(new IndexNode(x, places.Tensor, (sum, index, grad) => Scatter(sum, at, index, grad, true, "gather"))) : y;
    }

    /// <summary>target[.., index[i], ..] = or += x[i], however target lies.</summary>
    public static void Scatter(Tensor target, long dim, Tensor index, Tensor x, bool add, string name)
    {
        var at = Shapes.Dim(dim, target.Shape.Length);
        CheckFits(target, at, index, name);
        CheckFits(x, at, index, name, alsoAlong: true);
        if (x.dtype != target.dtype)
            TorchErrors.Throw($"{name} needs a source of the target's type {target.dtype}, not {x.dtype}.");
        if (add && !target.IsFloat)
            throw TorchErrors.Dtype(name, target.dtype);
        using var places = Checked(index, target.Shape.Length == 0 ? 1 : target.Shape[at], name);
        switch (target.ElementSize)
        {
            case 4 when add:
                Add(x, target, at, places);
                break;
            case 4:
                Move<int>(x, -1, target, at, places);
                break;
            case 8:
                Move<long>(x, -1, target, at, places);
                break;
            default:
                Move<byte>(x, -1, target, at, places);
                break;
        }

        target.Written();
    }

    /// <summary>The places of the elements that a mask marks, as index columns: one a dimension.</summary>
    public static Tensor NonZero(Tensor x)
    {
        using var mask = Copies.Convert(x, ScalarType.Bool);
        var marked = mask.Storage.Data;
        long count = 0;
        for (long i = 0; i < mask.Count; i++)
            count += marked[i];
        var dims = x.Shape.Length;
        var result = Tensor.New([count, dims], ScalarType.Int64);
        var to = (long*)result.Storage.Data;
        for (long i = 0; i < mask.Count; i++)
        {
            if (marked[i] == 0)
                continue;
            var rest = i;
            for (var d = dims - 1; d >= 0; d--)
            {
                to[d] = rest % x.Shape[d];
                rest /= x.Shape[d];
            }

            to += dims;
        }

        return result;
    }

    private static Dense Valid(Tensor index, long size) => Checked(index, size, "index_select");

    /// <summary>Elements from x to y, the index's value taken along one dimension of either.</summary>
    private static void Move<T>(Tensor x, int xDim, Tensor y, int yDim, Dense index)
        where T : unmanaged
    {
        var (from, to) = (new Places(x, index.Tensor.Shape, xDim), new Places(y, index.Tensor.Shape, yDim));
        var a = (T*)x.Storage.Data + x.Offset;
        var b = (T*)y.Storage.Data + y.Offset;
        var p = (long*)index.Data;
        for (long row = 0; row < from.Rows; row++, p += from.Width)
        {
            var source = a + from.Row(row);
            var target = b + to.Row(row);
            for (long i = 0; i < from.Width; i++)
                target[i * to.Step + p[i] * to.Along] = source[i * from.Step + p[i] * from.Along];
        }
    }

    private static void Add(Tensor x, Tensor y, int dim, Dense index)
    {
        var (from, to) = (new Places(x, index.Tensor.Shape, -1), new Places(y, index.Tensor.Shape, dim));
        var p = (long*)index.Data;
        for (long row = 0; row < from.Rows; row++, p += from.Width)
        {
            var source = x.Float + from.Row(row);
            var target = y.Float + to.Row(row);
            for (long i = 0; i < from.Width; i++)
                target[i * to.Step + p[i] * to.Along] += source[i * from.Step];
        }
    }

    private static void CheckFits(Tensor x, int dim, Tensor index, string name, bool alsoAlong = false)
    {
        var fits = x.Shape.Length == index.Shape.Length || (x.Shape.Length <= 1 && index.Shape.Length <= 1);
        fits &= x.Count > 0 || index.Count == 0;
        for (var i = 0; fits && i < Math.Min(x.Shape.Length, index.Shape.Length); i++)
            fits = index.Shape[i] <= x.Shape[i] || (i == dim && !alsoAlong);
        if (!fits)
            TorchErrors.Throw(
                $"{name} can't use an index of shape {TorchErrors.Text(index.Shape)} on a tensor of shape {TorchErrors.Text(x.Shape)}.");
    }

    /// <summary>
    /// Where the elements that an index stands for lie in a tensor: row by row of the index's last dimension, and then in steps; along one
    /// dimension it is the index's value that counts.
    /// </summary>
    private readonly struct Places
    {
        private readonly long[] _shape;
        private readonly long[] _strides;

        public Places(Tensor tensor, long[] indexShape, int dim)
        {
            var own = tensor.FullStrides();
            var last = indexShape.Length - 1;
            var strides = new long[indexShape.Length];
            for (var i = 0; i < Math.Min(own.Length, strides.Length); i++)
                strides[i] = i == dim ? 0 : own[i];
            (_shape, _strides) = last < 0 ? (indexShape, strides) : (indexShape[..last], strides[..last]);
            Step = last < 0 ? 0 : strides[last];
            Width = last < 0 ? 1 : indexShape[last];
            Rows = Shapes.Count(_shape);
            Along = dim >= 0 && dim < own.Length ? own[dim] : 0;
        }

        public long Rows { get; }

        public long Width { get; }

        public long Step { get; }

        public long Along { get; }

        public long Row(long number) => Strided.Place(number, _shape, _strides);
    }

    /// <summary>Of what reads elements at an index: each element's gradient is added to the place that it was read from.</summary>
    private sealed class IndexNode : Node
    {
        private readonly long[] _shape;
        private readonly Action<Tensor, Tensor, Tensor> _add;
        private Saved _index;

        public IndexNode(Tensor x, Tensor index, Action<Tensor, Tensor, Tensor> add)
            : base(x)
        {
            _shape = x.Shape;
            _add = add;
            _index = Save(index);
        }

        protected override void Backward(Tensor grad)
        {
            var result = zeros(_shape);
            _add(result, Load(ref _index), grad);
            Give(0, result);
        }

        protected override void Release() => _index.Release();
    }
}
