using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Powers, with short ways for the exponents that occur most.</summary>
internal static class Powers
{
    public static Tensor Pow(Tensor x, double power)
    {
        if (!x.IsFloat)
            throw TorchErrors.Dtype("pow", x.dtype);
        if (power == 2)
            return x.square();
        if (power == 0.5)
            return x.sqrt();
        if (power == 1)
            return x.clone();
        var y =
            power == 3 ? Pointwise.Map(x, default(CubeOp))
            : power == -1 ? Pointwise.Map(x, default(ReciprocalOp))
            : Pointwise.WithScalar(x, (float)power, default(PowOp));
        return GradMode.Records(x) ? y.From(new PowNode(x, power)) : y;
    }

    private sealed class PowNode : Node
    {
        private readonly double _power;
        private Saved _x;

        public PowNode(Tensor x, double power)
            : base(x)
        {
            _power = power;
            _x = Save(x);
        }

        protected override void Backward(Tensor grad)
        {
            var x = Load(ref _x);
            if (_power == 0)
                Give(0, zeros(x.Shape));
            else
                Give(0, grad * Pow(x, _power - 1) * _power);
        }

        protected override void Release() => _x.Release();
    }
}
