using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Powers, with short ways for the exponents that occur most.</summary>
internal static class Powers
{
    public static Tensor Pow(Tensor x, Scalar exponent)
    {
        if (x.dtype is ScalarType.Int64 or ScalarType.Int32 or ScalarType.Byte && !exponent.IsFloat)
            return PowInteger(x, exponent.Long);
        var input = Pointwise.Float(x, "pow");
        var power = exponent.Double;
        if (power == 2)
            return input.square();
        if (power == 0.5)
            return input.sqrt();
        if (power == 1)
            return input.clone();
        var y = power == 3
            ? Pointwise.Map(input, default(CubeOp))
            : power == -1 ? Pointwise.Map(input, default(ReciprocalOp)) : Pointwise.WithScalar(input, (float)power, default(PowOp));
        return GradMode.Records(input) ? y.From(new PowScalarNode(input, power)) : y;
    }

    public static Tensor PowInPlace(Tensor x, Scalar exponent)
    {
        if (!x.IsFloat)
            throw TorchErrors.Dtype("pow_", x.dtype);
        var records = x.BeginWrite();
        using var before = Copies.ToDense(x);
        using var y = Pointwise.WithScalar(before, (float)exponent.Double, default(PowOp));
        Copies.Into(x, y);
        x.Written();
        return records ? x.Continue(new PowScalarNode(x, exponent.Double, before)) : x;
    }

    public static Tensor Pow(Tensor x, Tensor exponent)
    {
        var dtype = Dtypes.Promote(x, exponent);
        if (dtype == ScalarType.Bool)
            throw TorchErrors.Dtype("pow", dtype);
        if (is_integral(dtype))
            return Numbers.Binary<PowerNumbers>(x, exponent, dtype, "pow");
        var (a, b) = (Pointwise.Float(x, "pow"), Pointwise.Float(exponent, "pow"));
        var y = Pointwise.Binary(a, b, default(PowOp), "pow");
        return GradMode.Records(a, b) ? y.From(new PowNode(a, b, y)) : y;
    }

    private static unsafe Tensor PowInteger(Tensor x, long exponent)
    {
        if (exponent < 0)
            TorchErrors.Throw($"Integers can't be raised to the negative power {exponent}; convert the tensor to torch.float32.");
        using var wide = Copies.Convert(x, ScalarType.Int64);
        var from = (long*)wide.Storage.Data;
        for (long i = 0; i < wide.Count; i++)
            from[i] = PowerNumbers.Invoke(from[i], exponent);

        return Copies.Convert(wide, x.dtype);
    }

    private sealed class PowScalarNode : Node
    {
        private readonly double _power;
        private Saved _x;

        public PowScalarNode(Tensor x, double power, Tensor? before = null)
            : base(x)
        {
            _power = power;
            _x = Save(before ?? x);
        }

        protected override void Backward(Tensor grad)
        {
            var x = Load(ref _x);
            if (_power == 0)
                Give(0, zeros(x.Shape));
            else
                Give(0, grad.mul(x.pow(_power - 1)).mul(_power));
        }

        protected override void Release() => _x.Release();
    }

    private sealed class PowNode : Node
    {
        private Saved _a;
        private Saved _b;
        private Saved _y;

        public PowNode(Tensor a, Tensor b, Tensor y)
            : base(a, b)
        {
            _a = Save(a);
            _b = Save(b);
            if (Needs(1))
                _y = Save(y);
        }

        protected override unsafe void Backward(Tensor grad)
        {
            var (a, b) = (Load(ref _a), Load(ref _b));
            if (Needs(0))
            {
                using var dense = grad.Dense();
                using var x = Numbers.Spelled(a, grad.Shape, ScalarType.Float32);
                using var e = Numbers.Spelled(b, grad.Shape, ScalarType.Float32);
                var result = Tensor.New(grad.Shape);
                Elementwise.Ternary(grad.Count, dense.Float, x.Float, e.Float, result.Float, default(PowBackwardOp));
                Give(0, SumTo(result, a.Shape));
            }

            if (Needs(1))
            {
                // 0 to any positive power stays 0, however the power changes.
                var flat = a.eq(0).logical_and(b.ge(0));
                Give(1, SumTo(grad.mul(Load(ref _y)).mul(a.log()).masked_fill(flat, 0), b.Shape));
            }
        }

        protected override void Release()
        {
            _a.Release();
            _b.Release();
            _y.Release();
        }
    }
}
