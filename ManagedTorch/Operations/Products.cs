using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Matrix products.</summary>
internal static unsafe class Products
{
    public static Tensor Multiply(Tensor a, Tensor b)
    {
        Check(a, b);
        if (a.Shape.Length != 2 || b.Shape.Length != 2 || a.Shape[1] != b.Shape[0])
            throw TorchErrors.Error($"mm can't multiply the shapes {TorchErrors.Text(a.Shape)} and {TorchErrors.Text(b.Shape)}.");
        var y = Tensor.New([a.Shape[0], b.Shape[1]]);
        Into(a, b, y);
        return GradMode.Records(a, b) ? y.From(new ProductNode(a, b)) : y;
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

    private static void Check(Tensor a, Tensor b)
    {
        if (a.dtype != ScalarType.Float32 || b.dtype != ScalarType.Float32)
        {
            TorchErrors.Throw(
                $"mm needs two Float32 tensors, not {a.dtype} {TorchErrors.Text(a.Shape)} and {b.dtype} " + $"{TorchErrors.Text(b.Shape)}."
            );
        }
    }

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

    /// <summary>The gradient of a product is a product with the other factor turned.</summary>
    private sealed class ProductNode : Node
    {
        private static readonly long[] _turned = [1, 0];
        private Saved _a;
        private Saved _b;

        public ProductNode(Tensor a, Tensor b)
            : base(a, b)
        {
            if (Needs(0))
                _b = Save(b);
            if (Needs(1))
                _a = Save(a);
        }

        protected override void Backward(Tensor grad)
        {
            if (Needs(0))
                Give(0, Multiply(grad, Views.Permuted(Load(ref _b), _turned)));
            if (Needs(1))
                Give(1, Multiply(Views.Permuted(Load(ref _a), _turned), grad));
        }

        protected override void Release()
        {
            _a.Release();
            _b.Release();
        }
    }
}
