namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Products.MatMul(this, target);

        public Tensor mm(Tensor target) => Products.Multiply(this, target, "mm");

        public Tensor bmm(Tensor batch2) => Products.Batches(this, batch2);

        public Tensor mv(Tensor target)
        {
            CheckDims(this, 2, "mv");
            CheckDims(target, 1, "mv");
            return Products.MatMul(this, target);
        }

        public Tensor dot(Tensor target)
        {
            CheckDims(this, 1, "dot");
            CheckDims(target, 1, "dot");
            return Products.MatMul(this, target);
        }

        public Tensor outer(Tensor vec2)
        {
            CheckDims(this, 1, "outer");
            CheckDims(vec2, 1, "outer");
            using var column = unsqueeze(1);
            return column.mul(vec2);
        }

        /// <summary>beta this + alpha mat1 mat2.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1)
        {
            using var product = mat1.mm(mat2);
            using var scaled = beta == 1 ? Alias() : mul(beta);
            return scaled.add(product, alpha);
        }

        private static void CheckDims(Tensor tensor, int dims, string name)
        {
            if (tensor.Shape.Length != dims)
                TorchErrors.Throw($"{name} needs a tensor of {dims} dimension(s) here, not one of shape {TorchErrors.Text(tensor.Shape)}.");
        }
    }
}
