namespace TorchSharp;

public static partial class torch
{
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Joining.Cat(tensors, dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Joining.Stack(tensors.ToArray(), dim);
}
