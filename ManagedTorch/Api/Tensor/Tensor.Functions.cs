using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor exp(Tensor input) => input.exp();

    // y = f(x) element by element; "from the output" says which of x and y the gradient is taken from.
    public partial class Tensor
    {
        private const bool FromInput = false;
        private const bool FromOutput = true;

        public Tensor exp() => Pointwise.Unary(this, default(ExpOp), default(MultiplyOp), FromOutput);

        public Tensor log() => Pointwise.Unary(this, default(LogOp), default(DivideOp), FromInput);

        public Tensor sqrt() => Pointwise.Unary(this, default(SqrtOp), default(SqrtBackwardOp), FromOutput);

        public Tensor square() => Pointwise.Unary(this, default(SquareOp), default(SquareBackwardOp), FromInput);

        public Tensor sigmoid() => Pointwise.Unary(this, default(SigmoidOp), default(SigmoidBackwardOp), FromOutput);

        public Tensor tanh() => Pointwise.Unary(this, default(TanhOp), default(TanhBackwardOp), FromOutput);

        public Tensor relu() => Pointwise.Unary(this, default(ReluOp), default(ReluBackwardOp), FromOutput);

        public Tensor leaky_relu(Scalar negative_slope) =>
            Pointwise.Unary(
                this,
                new LeakyReluOp((float)negative_slope.Double),
                new LeakyReluBackwardOp((float)negative_slope.Double),
                FromInput
            );

        public Tensor elu(double alpha = 1) => Pointwise.Unary(this, new EluOp((float)alpha), new EluBackwardOp((float)alpha), FromInput);

        public Tensor gelu() => Pointwise.Unary(this, default(GeluOp), default(GeluBackwardOp), FromInput);

        public Tensor silu() => Pointwise.Unary(this, default(SiluOp), default(SiluBackwardOp), FromInput);

        public Tensor softplus(double beta = 1, double threshold = 20) =>
            Pointwise.Unary(
                this,
                new SoftplusOp((float)beta, (float)threshold),
                new SoftplusBackwardOp((float)beta, (float)threshold),
                FromInput
            );

        public Tensor floor() => Pointwise.Unary(this, default(FloorOp), default(NoGradientOp), FromInput);

        /// <summary>To the nearest integer, halves to even.</summary>
        public Tensor round(long decimals = 0)
        {
            TorchErrors.CheckUnset(decimals == 0, nameof(decimals));
            return Pointwise.Unary(this, default(RoundOp), default(NoGradientOp), FromInput);
        }

        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            if (min is null && max is null)
                TorchErrors.Throw("clamp needs a minimum, a maximum or both.");
            if (dtype == ScalarType.Int64 && min is not { IsFloat: true } && max is not { IsFloat: true })
                return ClampIntegers(min, max);
            if (!IsFloat)
                throw TorchErrors.Dtype("clamp", dtype);
            var low = (float)(min?.Double ?? double.NegativeInfinity);
            var high = (float)(max?.Double ?? double.PositiveInfinity);
            return Pointwise.Unary(this, new ClampOp(low, high), new ClampBackwardOp(low, high), FromInput);
        }

        public Tensor clamp_min(Scalar min) => clamp(min, null);

        public Tensor clamp_max(Scalar max) => clamp(null, max);

        private Tensor ClampIntegers(Scalar? min, Scalar? max)
        {
            using var low = Numbers.Of(min?.Long ?? long.MinValue);
            using var high = Numbers.Of(max?.Long ?? long.MaxValue);
            using var raised = Numbers.Binary<MaximumNumbers>(this, low, "clamp");
            return Numbers.Binary<MinimumNumbers>(raised, high, "clamp");
        }
    }
}
