using System.Runtime.CompilerServices;
using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Reductions that are more than a sum.</summary>
internal static unsafe class Statistics
{
    /// <summary>The Euclidean norm; where it is 0, its gradient is taken as 0.</summary>
    public static Tensor Norm(Tensor x)
    {
        var input = Pointwise.Float(x);
        using var square = Pointwise.Map(input, default(SquareOp));
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        reduced.Fill(true);
        var y = Reductions.Sum(square, reduced, Shapes.Scalar);
        Elementwise.Unary(y.Count, y.Float, y.Float, default(SqrtOp));
        return GradMode.Records(input) ? y.From(new NormNode(input, y)) : y;
    }

    public static Tensor LogSumExp(Tensor x, long dim, bool keepDim)
    {
        var input = Pointwise.Float(x);
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        Reductions.Mark([dim], reduced);
        var y = Tensor.New(Shapes.Reduce(x.Shape, reduced, keepDim));
        LogSumExpOf(input, reduced, y);
        return GradMode.Records(input) ? y.From(new LogSumExpNode(input, y, reduced)) : y;
    }

    public static Tensor LogSoftmax(Tensor x, long dim)
    {
        using var normalizer = LogSumExp(x, dim, true);
        return x - normalizer;
    }

    public static Tensor Softmax(Tensor x, long dim)
    {
        using var logarithm = LogSoftmax(x, dim);
        return logarithm.exp();
    }

    /// <summary>The place of the least value along a dimension: the first of equal ones, or of those that are not a number.</summary>
    public static Tensor ArgMin(Tensor x, long dim, bool keepDim)
    {
        if (!x.IsFloat)
            throw TorchErrors.Dtype("argmin", x.dtype);
        if (x.Shape.Length == 0)
            TorchErrors.Throw("argmin needs a tensor that has dimensions.");
        var at = Shapes.Dim(dim, x.Shape.Length);
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        reduced[at] = true;
        var (outer, n, inner) = Around(x.Shape, at);
        if (n == 0)
            TorchErrors.Throw("argmin needs at least one value along the dimension.");
        var y = Tensor.New(Shapes.Reduce(x.Shape, reduced, keepDim), ScalarType.Int64);
        using var dense = x.Dense();
        var places = (long*)y.Storage.Data;
        for (long i = 0; i < outer * inner; i++)
            places[i] = Least(dense.Float + (i / inner * n * inner) + (i % inner), n, inner);
        return y;
    }

    private static long Least(float* line, long n, long stride)
    {
        long place = 0;
        for (long j = 1; j < n && !float.IsNaN(line[place * stride]); j++)
        {
            // Not a number is less than all others here, as in torch.
            if (!(line[j * stride] >= line[place * stride]))
                place = j;
        }

        return place;
    }

    public static Tensor CumulativeSum(Tensor x, long dim)
    {
        if (!x.IsFloat)
            throw TorchErrors.Dtype("cumsum", x.dtype);
        var y = Copies.ToDense(x);
        if (x.Shape.Length == 0)
            return GradMode.Records(x) ? y.From(new ReshapeNode(x)) : y;
        var at = Shapes.Dim(dim, x.Shape.Length);
        var (outer, n, inner) = Around(x.Shape, at);
        Accumulate(y.Float, outer, n, inner);
        return GradMode.Records(x) ? y.From(new CumulativeSumNode(x, at)) : y;
    }

    public static (long Outer, long N, long Inner) Around(long[] shape, int dim) =>
        (Shapes.Count(shape.AsSpan(0, dim)), shape[dim], Shapes.Count(shape.AsSpan(dim + 1)));

    private static void LogSumExpOf(Tensor x, ReadOnlySpan<bool> reduced, Tensor y)
    {
        // Rows of what is reduced, each lying together.
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

        using var moved = Views.Permuted(x, order);
        using var rows = moved.Dense();
        var columns = y.Count == 0 ? 0 : x.Count / y.Count;
        if (columns == 0)
            Copy.Fill(y.Count, float.NegativeInfinity, y.Float);
        else
            Kernels.LogSumExp.Rows(y.Count, columns, rows.Float, y.Float);
    }

    private static void Accumulate(float* x, long outer, long n, long inner)
    {
        for (long i = 0; i < outer * inner; i++)
        {
            var line = x + i / inner * n * inner + i % inner;
            var sum = 0.0;
            for (long j = 0; j < n; j++)
            {
                sum += line[j * inner];
                line[j * inner] = (float)sum;
            }
        }
    }

    private sealed class NormNode : Node
    {
        private Saved _x;
        private Saved _y;

        public NormNode(Tensor x, Tensor y)
            : base(x)
        {
            _x = Save(x);
            _y = Save(y);
        }

        protected override void Backward(Tensor grad)
        {
            var y = Load(ref _y);
            Give(0, Load(ref _x) * (*y.Float == 0 ? Tensor.New(Shapes.Scalar).Fill(0) : grad / y));
        }

        protected override void Release()
        {
            _x.Release();
            _y.Release();
        }
    }

    private sealed class LogSumExpNode : Node
    {
        private readonly bool[] _reduced;
        private Saved _x;
        private Saved _y;

        public LogSumExpNode(Tensor x, Tensor y, ReadOnlySpan<bool> reduced)
            : base(x)
        {
            _reduced = reduced.ToArray();
            _x = Save(x);
            _y = Save(y);
        }

        protected override void Backward(Tensor grad)
        {
            var (x, y) = (Load(ref _x), Load(ref _y));
            var shift = Pointwise.Map(y, default(ShiftOp));
            var share = x - Reductions.Stretched(shift, x.Shape, _reduced);
            Pointwise.Write(share, default(ExpOp));
            Pointwise.Write(share, Reductions.Stretched(grad, x.Shape, _reduced), default(MultiplyOp));
            Give(0, share);
        }

        protected override void Release()
        {
            _x.Release();
            _y.Release();
        }
    }

    private sealed class CumulativeSumNode(Tensor x, int dim) : Node(x)
    {
        protected override void Backward(Tensor grad) => Give(0, grad.flip(dim).cumsum(dim).flip(dim));
    }
}

/// <summary>The logarithm of a sum of which nothing is more than 0 counts as 0: what it is taken from stays what it was.</summary>
internal readonly struct ShiftOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Select(V.Equal(x, V.Create(float.NegativeInfinity)), V.Create(0f), x);
}
