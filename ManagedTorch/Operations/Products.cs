using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Matrix products.</summary>
internal static unsafe class Products
{
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        Check(a, b, "matmul");
        var (da, db) = (a.Shape.Length, b.Shape.Length);
        if (da == 0 || db == 0)
            throw Mismatch("matmul", a, b);
        if (da == 2 && db == 2)
            return Multiply(a, b, "matmul");
        if (da == 1 || db == 1)
        {
            // A vector is a matrix of one row, or of one column, whose dimension is dropped from the result.
            using var rows = da == 1 ? a.unsqueeze(0) : null;
            using var columns = db == 1 ? b.unsqueeze(1) : null;
            using var product = MatMul(rows ?? a, columns ?? b);
            using var dropped = db == 1 ? product.squeeze(-1) : null;
            return da == 1 ? (dropped ?? product).squeeze(db == 1 ? -1 : -2) : dropped!.Alias();
        }

        if (db == 2)
        {
            using var rows = a.reshape(-1, a.Shape[^1]);
            using var product = Multiply(rows, b, "matmul");
            return product.reshape([.. a.Shape.AsSpan(0, da - 1), b.Shape[1]]);
        }

        if (!Broadcast.TryShape(a.Shape[..^2], b.Shape[..^2], out var batch))
            throw Mismatch("matmul", a, b);
        using var left = Batched(a, batch);
        using var right = Batched(b, batch);
        using var products = Batches(left, right);
        return products.reshape([.. batch, a.Shape[^2], b.Shape[^1]]);
    }

    public static Tensor Multiply(Tensor a, Tensor b, string name)
    {
        Check(a, b, name);
        if (a.Shape.Length != 2 || b.Shape.Length != 2 || a.Shape[1] != b.Shape[0])
            throw Mismatch(name, a, b);
        var y = Tensor.New([a.Shape[0], b.Shape[1]]);
        Into(a, b, y);
        return GradMode.Records(a, b) ? y.From(new ProductNode(a, b, (left, right) => Multiply(left, right, "matmul"), [1, 0])) : y;
    }

    public static Tensor Batches(Tensor a, Tensor b)
    {
        Check(a, b, "bmm");
        if (a.Shape.Length != 3 || b.Shape.Length != 3 || a.Shape[0] != b.Shape[0] || a.Shape[2] != b.Shape[1])
            throw Mismatch("bmm", a, b);
        var y = Tensor.New([a.Shape[0], a.Shape[1], b.Shape[2]]);
        for (long i = 0; i < a.Shape[0]; i++)
        {
            using var left = Views.Selected(a, 0, i);
            using var right = Views.Selected(b, 0, i);
            using var result = Views.Selected(y, 0, i);
            Into(left, right, result);
        }

        return GradMode.Records(a, b) ? y.From(new ProductNode(a, b, Batches, [0, 2, 1])) : y;
    }

    /// <summary>y = a b for matrices however they lie, and a y with its rows in memory.</summary>
    private static void Into(Tensor a, Tensor b, Tensor y)
    {
        if (y.Count == 0)
            return;
        using var left = new Matrix(a);
        using var right = new Matrix(b);
        var (m, n, k) = ((int)a.Shape[0], (int)b.Shape[1], (int)a.Shape[1]);
        Gemm.Multiply(left.Transposed, right.Transposed, m, n, k, left.Data, left.Step, right.Data, right.Step, y.Float, n, false);
    }

    private static Tensor Batched(Tensor x, long[] batch)
    {
        using var expanded = x.expand([.. batch, x.Shape[^2], x.Shape[^1]], false);
        return expanded.reshape(-1, x.Shape[^2], x.Shape[^1]);
    }

    private static void Check(Tensor a, Tensor b, string name)
    {
        if (a.dtype != ScalarType.Float32 || b.dtype != ScalarType.Float32)
            TorchErrors.Throw(
                $"{name} needs two Float32 tensors, not {a.dtype} {TorchErrors.Text(a.Shape)} and {b.dtype} " +
                $"{TorchErrors.Text(b.Shape)}.");
    }

    private static System.Runtime.InteropServices.ExternalException Mismatch(string name, Tensor a, Tensor b) =>
        TorchErrors.Error($"{name} can't multiply the shapes {TorchErrors.Text(a.Shape)} and {TorchErrors.Text(b.Shape)}.");

    /// <summary>A matrix as the product kernel wants it: rows or columns in memory with a step between them; otherwise a copy.</summary>
    private readonly struct Matrix : IDisposable
    {
        private readonly Tensor? _copy;

        public Matrix(Tensor tensor)
        {
            var (rows, columns) = (tensor.Shape[0], tensor.Shape[1]);
            Data = tensor.Float;
            Step = (int)columns;
            if (tensor.Strides is not { } strides)
                return;
            if (strides[1] == 1 && strides[0] >= columns)
            {
                Step = (int)strides[0];
            }
            else if (strides[0] == 1 && strides[1] >= rows)
            {
                Transposed = true;
                Step = (int)strides[1];
            }
            else
            {
                _copy = Copies.ToDense(tensor);
                Data = _copy.Float;
            }
        }

        public float* Data { get; }

        public int Step { get; }

        public bool Transposed { get; }

        public void Dispose() => _copy?.Dispose();
    }

    /// <summary>The gradient of a product of matrices is a product of the same kind, with the other factor turned.</summary>
    private sealed class ProductNode : Node
    {
        private readonly Func<Tensor, Tensor, Tensor> _product;
        private readonly long[] _turned;
        private Saved _a;
        private Saved _b;

        public ProductNode(Tensor a, Tensor b, Func<Tensor, Tensor, Tensor> product, long[] turned)
            : base(a, b)
        {
            (_product, _turned) = (product, turned);
            if (Needs(0))
                _b = Save(b);
            if (Needs(1))
                _a = Save(a);
        }

        protected override void Backward(Tensor grad)
        {
            if (Needs(0))
                Give(0, _product(grad, Views.Permuted(Load(ref _b), _turned)));
            if (Needs(1))
                Give(1, _product(Views.Permuted(Load(ref _a), _turned), grad));
        }

        protected override void Release()
        {
            _a.Release();
            _b.Release();
        }
    }
}
