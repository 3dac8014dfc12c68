using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Picking elements by tensors of indexes, and putting them back.</summary>
internal static unsafe class Indexing
{
    /// <summary>An int64 index, row by row, each counted from the start and inside the size. Dispose what is returned.</summary>
    private static Dense Checked(Tensor index, long size, string name)
    {
        if (index.dtype != ScalarType.Int64)
            TorchErrors.Throw($"{name} needs an index of type Int64, not {index.dtype}.");
        var copy = Copies.ToDense(index);
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
        using var places = Checked(index, x.Shape.Length == 0 ? 1 : x.Shape[at], "index_select");
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
    private static void IndexAdd(Tensor target, int dim, Tensor index, Tensor x)
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
        CheckFits(x, at, index);
        var y = Tensor.New(index.Shape, x.dtype);
        using var places = Checked(index, x.Shape.Length == 0 ? 1 : x.Shape[at], "gather");
        if (y.ElementSize == sizeof(float))
            Gather<float>(x, at, y, places);
        else if (y.ElementSize == sizeof(long))
            Gather<long>(x, at, y, places);
        else
            Gather<byte>(x, at, y, places);
        return GradMode.Records(x) ? y.From(new IndexNode(x, places.Tensor, (sum, index, grad) => ScatterAdd(sum, at, index, grad))) : y;
    }

    private static void Gather<T>(Tensor x, int dim, Tensor y, Dense index)
        where T : unmanaged
    {
        var lines = new Lines(x, index.Tensor.Shape, dim);
        var from = (T*)x.Storage.Data + x.Offset;
        var to = (T*)y.Storage.Data;
        var p = (long*)index.Data;
        for (long row = 0; row < lines.Rows; row++, p += lines.Width, to += lines.Width)
        {
            var source = from + lines.Row(row);
            for (long i = 0; i < lines.Width; i++)
                to[i] = source[i * lines.Step + p[i] * lines.Along];
        }
    }

    /// <summary>target[.., index[i], ..] += x[i].</summary>
    private static void ScatterAdd(Tensor target, int dim, Tensor index, Tensor x)
    {
        var lines = new Lines(target, index.Shape, dim);
        using var dense = x.Dense();
        var source = dense.Float;
        var p = (long*)index.Storage.Data + index.Offset;
        for (long row = 0; row < lines.Rows; row++, p += lines.Width, source += lines.Width)
        {
            var to = target.Float + lines.Row(row);
            for (long i = 0; i < lines.Width; i++)
                to[i * lines.Step + p[i] * lines.Along] += source[i];
        }
    }

    private static void CheckFits(Tensor x, int dim, Tensor index)
    {
        var fits = x.Shape.Length == index.Shape.Length || (x.Shape.Length <= 1 && index.Shape.Length <= 1);
        fits &= x.Count > 0 || index.Count == 0;
        for (var i = 0; fits && i < Math.Min(x.Shape.Length, index.Shape.Length); i++)
            fits = index.Shape[i] <= x.Shape[i] || i == dim;
        if (!fits)
        {
            TorchErrors.Throw(
                $"gather can't use an index of shape {TorchErrors.Text(index.Shape)} on a tensor of shape {TorchErrors.Text(x.Shape)}."
            );
        }
    }

    /// <summary>
    /// Where the elements that an index stands for lie in a tensor: row by row of the index's last dimension, and then in steps; along one
    /// dimension it is the index's value that counts.
    /// </summary>
    private readonly struct Lines
    {
        private readonly long[] _shape;
        private readonly long[] _strides;

        public Lines(Tensor tensor, long[] indexShape, int dim)
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
