using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Reductions that are more than a sum.</summary>
internal static unsafe class Statistics
{
    public static Tensor Variance(Tensor x, ReadOnlySpan<long> dims, bool unbiased, bool keepDims)
    {
        using var mean = Reductions.Mean(x, dims, true, null);
        using var difference = x.sub(mean);
        using var square = difference.square();
        using var sum = Reductions.Sum(square, dims, keepDims, null);
        var n = x.Count / Math.Max(sum.Count, 1);
        return sum.DivideBy(Math.Max(0, unbiased ? n - 1 : n));
    }

    /// <summary>The p-norm; where it is 0, its gradient is taken as 0.</summary>
    public static Tensor Norm(Tensor x, ReadOnlySpan<long> dims, bool keepDims, float p)
    {
        if (float.IsPositiveInfinity(p) || float.IsNegativeInfinity(p))
        {
            using var magnitude = x.abs();
            return Reductions.Extreme(magnitude, dims, keepDims, p > 0, "norm");
        }

        if (p == 1)
        {
            using var magnitude = x.abs();
            return Reductions.Sum(magnitude, dims, keepDims, null);
        }

        if (p == 0)
        {
            using var different = x.ne(0);
            return Reductions.Sum(different, dims, keepDims, ScalarType.Float32);
        }

        if (p == 2)
        {
            Span<bool> reduced = stackalloc bool[x.Shape.Length];
            Reductions.Mark(dims, reduced);
            var input = Pointwise.Float(x, "norm");
            using var square = Pointwise.Map(input, default(SquareOp));
            var y = Reductions.Sum(square, reduced, Shapes.Reduce(x.Shape, reduced, keepDims));
            Elementwise.Unary(y.Count, y.Float, y.Float, default(SqrtOp));
            return GradMode.Records(input) ? y.From(new NormNode(input, y, reduced)) : y;
        }

        using var absolute = x.abs();
        using var powers = absolute.pow(p);
        using var sum = Reductions.Sum(powers, dims, keepDims, null);
        return sum.pow(1 / p);
    }

    public static Tensor LogSumExp(Tensor x, long dim, bool keepDim)
    {
        var input = Pointwise.Float(x, "logsumexp");
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        Reductions.Mark([dim], reduced);
        var y = Tensor.New(Shapes.Reduce(x.Shape, reduced, keepDim));
        LogSumExpOf(input, reduced, y);
        return GradMode.Records(input) ? y.From(new LogSumExpNode(input, y, reduced)) : y;
    }

    public static Tensor LogSoftmax(Tensor x, long dim)
    {
        using var normalizer = LogSumExp(x, dim, true);
        return x.sub(normalizer);
    }

    public static Tensor Softmax(Tensor x, long dim)
    {
        using var logarithm = LogSoftmax(x, dim);
        return logarithm.exp();
    }

    public static Tensor CumulativeSum(Tensor x, long dim)
    {
        if (x.dtype is not (ScalarType.Float32 or ScalarType.Int64))
            x = Copies.Convert(x, is_integral(x.dtype) ? ScalarType.Int64 : throw TorchErrors.Dtype("cumsum", x.dtype));
        var y = Copies.ToDense(x);
        if (x.Shape.Length == 0)
            return GradMode.Records(x) ? y.From(new ReshapeNode(x)) : y;
        var at = Shapes.Dim(dim, x.Shape.Length);
        var (outer, n, inner) = Around(x.Shape, at);
        if (x.IsFloat)
            Accumulate<float, double>(y.Float, outer, n, inner);
        else
            Accumulate<long, long>((long*)y.Storage.Data, outer, n, inner);
        return GradMode.Records(x) ? y.From(new CumulativeSumNode(x, at)) : y;
    }

    public static Tensor Product(Tensor x, long dim, bool keepDim)
    {
        var input = is_integral(x.dtype) ? Copies.Convert(x, ScalarType.Int64) : x;
        if (input.dtype == ScalarType.Float64)
            throw TorchErrors.Dtype("prod", x.dtype);
        Span<bool> reduced = stackalloc bool[x.Shape.Length];
        Reductions.Mark([dim], reduced);
        var y = Tensor.New(Shapes.Reduce(x.Shape, reduced, keepDim), input.dtype);
        using (var view = Reductions.Arrange(input, reduced, out var outer, out var n, out var inner))
        {
            if (input.IsFloat)
                Multiply(view.Float, y.Float, outer, n, inner);
            else
                Multiply((long*)view.Data, (long*)y.Storage.Data, outer, n, inner);
        }

        return GradMode.Records(input) ? y.From(new ProductNode(input, Shapes.Dim(dim, input.Shape.Length))) : y;
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

    private static void Accumulate<T, TSum>(T* x, long outer, long n, long inner)
        where T : unmanaged, System.Numerics.INumber<T>
        where TSum : unmanaged, System.Numerics.INumber<TSum>
    {
        for (long i = 0; i < outer * inner; i++)
        {
            var line = x + i / inner * n * inner + i % inner;
            var sum = TSum.Zero;
            for (long j = 0; j < n; j++)
            {
                sum += TSum.CreateTruncating(line[j * inner]);
                line[j * inner] = T.CreateTruncating(sum);
            }
        }
    }

    private static void Multiply<T>(T* x, T* y, long outer, long n, long inner)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        for (long i = 0; i < outer; i++)
        {
            for (long k = 0; k < inner; k++)
            {
                var product = T.One;
                for (long j = 0; j < n; j++)
                    product *= x[(i * n + j) * inner + k];
                y[i * inner + k] = product;
            }
        }
    }

    private sealed class NormNode : Node
    {
        private readonly bool[] _reduced;
        private Saved _x;
        private Saved _y;

        public NormNode(Tensor x, Tensor y, ReadOnlySpan<bool> reduced)
            : base(x)
        {
            _reduced = reduced.ToArray();
            _x = Save(x);
            _y = Save(y);
        }

        protected override void Backward(Tensor grad)
        {
            var (x, y) = (Load(ref _x), Load(ref _y));
            var scale = grad.div(y).masked_fill(y.eq(0), 0);
            Give(0, x.mul(Reductions.Stretched(scale, x.Shape, _reduced)));
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
            var shift = y.masked_fill(y.eq(double.NegativeInfinity), 0);
            var share = x.sub(Reductions.Stretched(shift, x.Shape, _reduced)).exp_();
            Give(0, share.mul_(Reductions.Stretched(grad, x.Shape, _reduced)));
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

    private sealed class ProductNode : Node
    {
        private readonly int _dim;
        private Saved _x;

        public ProductNode(Tensor x, int dim)
            : base(x)
        {
            _dim = dim;
            _x = Save(x);
        }

        /// <summary>Each element's gradient is the product of the others, zeros among them included.</summary>
        protected override void Backward(Tensor grad)
        {
            using var dense = Load(ref _x).Dense();
            var x = dense.Tensor;
            var result = Tensor.New(x.Shape);
            var (outer, n, inner) = x.Shape.Length == 0 ? (1, 1, 1) : Around(x.Shape, _dim);
            using var given = grad.Dense();
            for (long i = 0; i < outer; i++)
            {
                for (long k = 0; k < inner; k++)
                {
                    var from = x.Float + i * n * inner + k;
                    var to = result.Float + i * n * inner + k;
                    var product = given.Float[i * inner + k];
                    for (long j = 0; j < n; j++)
                    {
                        to[j * inner] = product;
                        product *= from[j * inner];
                    }

                    product = 1;
                    for (var j = n - 1; j >= 0; j--)
                    {
                        to[j * inner] *= product;
                        product *= from[j * inner];
                    }
                }
            }

            Give(0, result);
        }

        protected override void Release() => _x.Release();
    }
}
