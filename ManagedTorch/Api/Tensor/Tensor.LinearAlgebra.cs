namespace TorchSharp;

public static partial class torch
{
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    public partial class Tensor
    {
        public Tensor mm(Tensor target) => Products.Multiply(this, target);
    }
}
