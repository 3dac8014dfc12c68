namespace TorchSharp;

// The functions of Tensor/Tensor.LinearAlgebra.cs with the tensor as their first argument.
public static partial class torch
{
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);

    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);
}
