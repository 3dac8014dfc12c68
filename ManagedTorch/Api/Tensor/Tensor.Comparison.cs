using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor lt(Tensor target) => Comparison.Run<LessOp>(this, target, "lt");

        public Tensor lt(Scalar target) => Comparison.Run<LessOp>(this, target, "lt");

        public Tensor ge(Scalar target) => Comparison.Run<GreaterOrEqualOp>(this, target, "ge");

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator >(Tensor left, Tensor right) => right.lt(left);

        public static Tensor operator <=(Tensor left, Tensor right) => Comparison.Run<LessOrEqualOp>(left, right, "le");

        public static Tensor operator >=(Tensor left, Tensor right) => right <= left;

        public static Tensor operator <=(Tensor left, Scalar right) => Comparison.Run<LessOrEqualOp>(left, right, "le");

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
    }
}
