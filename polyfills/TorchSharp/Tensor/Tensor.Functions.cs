using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    // y = f(x) element by element; "from the output" says which of x and y the gradient is taken from.
    public partial class Tensor
    {
        private const bool FromInput = false;
        private const bool FromOutput = true;

        public Tensor exp() => Pointwise.Unary(this, default(ExpOp), default(MultiplyOp), FromOutput, "exp");

        public Tensor exp_() => Pointwise.UnaryInPlace(this, default(ExpOp), default(MultiplyOp), FromOutput, "exp_");

        public Tensor expm1() => Pointwise.Unary(this, default(Expm1Op), default(Expm1BackwardOp), FromOutput, "expm1");

        public Tensor expm1_() => Pointwise.UnaryInPlace(this, default(Expm1Op), default(Expm1BackwardOp), FromOutput, "expm1_");

        public Tensor log() => Pointwise.Unary(this, default(LogOp), default(DivideOp), FromInput, "log");

        public Tensor log_() => Pointwise.UnaryInPlace(this, default(LogOp), default(DivideOp), FromInput, "log_");

        public Tensor log1p() => Pointwise.Unary(this, default(Log1pOp), default(Log1pBackwardOp), FromInput, "log1p");

        public Tensor log1p_() => Pointwise.UnaryInPlace(this, default(Log1pOp), default(Log1pBackwardOp), FromInput, "log1p_");

        public Tensor sqrt() => Pointwise.Unary(this, default(SqrtOp), default(SqrtBackwardOp), FromOutput, "sqrt");

        public Tensor sqrt_() => Pointwise.UnaryInPlace(this, default(SqrtOp), default(SqrtBackwardOp), FromOutput, "sqrt_");

        public Tensor rsqrt() => Pointwise.Unary(this, default(RsqrtOp), default(RsqrtBackwardOp), FromOutput, "rsqrt");

        public Tensor rsqrt_() => Pointwise.UnaryInPlace(this, default(RsqrtOp), default(RsqrtBackwardOp), FromOutput, "rsqrt_");

        public Tensor reciprocal() => Pointwise.Unary(this, default(ReciprocalOp), default(ReciprocalBackwardOp), FromOutput, "reciprocal");

        public Tensor reciprocal_() =>
            Pointwise.UnaryInPlace(this, default(ReciprocalOp), default(ReciprocalBackwardOp), FromOutput, "reciprocal_");

        public Tensor square() => is_floating_point()
            ? Pointwise.Unary(this, default(SquareOp), default(SquareBackwardOp), FromInput, "square")
            : mul(this);

        public Tensor sin() => Pointwise.Unary(this, default(SinOp), default(SinBackwardOp), FromInput, "sin");

        public Tensor sin_() => Pointwise.UnaryInPlace(this, default(SinOp), default(SinBackwardOp), FromInput, "sin_");

        public Tensor cos() => Pointwise.Unary(this, default(CosOp), default(CosBackwardOp), FromInput, "cos");

        public Tensor cos_() => Pointwise.UnaryInPlace(this, default(CosOp), default(CosBackwardOp), FromInput, "cos_");

        public Tensor erf() => Pointwise.Unary(this, default(ErfOp), default(ErfBackwardOp), FromInput, "erf");

        public Tensor erf_() => Pointwise.UnaryInPlace(this, default(ErfOp), default(ErfBackwardOp), FromInput, "erf_");

        public Tensor sigmoid() => Pointwise.Unary(this, default(SigmoidOp), default(SigmoidBackwardOp), FromOutput, "sigmoid");

        public Tensor sigmoid_() => Pointwise.UnaryInPlace(this, default(SigmoidOp), default(SigmoidBackwardOp), FromOutput, "sigmoid_");

        public Tensor tanh() => Pointwise.Unary(this, default(TanhOp), default(TanhBackwardOp), FromOutput, "tanh");

        public Tensor tanh_() => Pointwise.UnaryInPlace(this, default(TanhOp), default(TanhBackwardOp), FromOutput, "tanh_");

        public Tensor relu() => Pointwise.Unary(this, default(ReluOp), default(ReluBackwardOp), FromOutput, "relu");

        public Tensor leaky_relu(Scalar negative_slope) =>
            Pointwise.Unary(
                this, new LeakyReluOp((float)negative_slope.Double), new LeakyReluBackwardOp((float)negative_slope.Double), FromInput, "leaky_relu");

        public Tensor elu(double alpha = 1) =>
            Pointwise.Unary(this, new EluOp((float)alpha), new EluBackwardOp((float)alpha), FromInput, "elu");

        public Tensor gelu() => Pointwise.Unary(this, default(GeluOp), default(GeluBackwardOp), FromInput, "gelu");

        public Tensor silu() => Pointwise.Unary(this, default(SiluOp), default(SiluBackwardOp), FromInput, "silu");

        public Tensor softplus(double beta = 1, double threshold = 20) =>
            Pointwise.Unary(
                this,
                new SoftplusOp((float)beta, (float)threshold),
                new SoftplusBackwardOp((float)beta, (float)threshold),
                FromInput,
                "softplus");

        public Tensor log_sigmoid()
        {
            using var opposite = neg();
            using var softplus = opposite.softplus();
            return softplus.neg();
        }

        public Tensor abs() => is_floating_point()
            ? Pointwise.Unary(this, default(AbsOp), default(AbsBackwardOp), FromInput, "abs")
            : maximum(neg());

        public Tensor abs_() => Pointwise.UnaryInPlace(this, default(AbsOp), default(AbsBackwardOp), FromInput, "abs_");

        public Tensor absolute() => abs();

        public Tensor sign() => Pointwise.Unary(this, default(SignOp), default(NoGradientOp), FromInput, "sign");

        public Tensor floor() =>
            is_integral() ? clone() : Pointwise.Unary(this, default(FloorOp), default(NoGradientOp), FromInput, "floor");

        public Tensor floor_() => Pointwise.UnaryInPlace(this, default(FloorOp), default(NoGradientOp), FromInput, "floor_");

        public Tensor ceil() => is_integral() ? clone() : Pointwise.Unary(this, default(CeilOp), default(NoGradientOp), FromInput, "ceil");

        public Tensor ceil_() => Pointwise.UnaryInPlace(this, default(CeilOp), default(NoGradientOp), FromInput, "ceil_");

        public Tensor trunc() =>
            is_integral() ? clone() : Pointwise.Unary(this, default(TruncateOp), default(NoGradientOp), FromInput, "trunc");

        /// <summary>To the nearest integer (halves to even) of the given decimal place.</summary>
        public Tensor round(long decimals = 0)
        {
            if (decimals == 0)
                return is_integral() ? clone() : Pointwise.Unary(this, default(RoundOp), default(NoGradientOp), FromInput, "round");
            var factor = Math.Pow(10, decimals);
            using var scaled = mul(factor);
            using var rounded = scaled.round();
            return rounded.div(factor);
        }

        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            if (min is null && max is null)
                TorchErrors.Throw("clamp needs a minimum, a maximum or both.");
            if (!IsFloat && !is_integral())
                throw TorchErrors.Dtype("clamp", dtype);
            if (is_integral() && min is not { IsFloat: true } && max is not { IsFloat: true })
                return ClampIntegers(min, max);
            var (low, high) = Bounds(min, max);
            return Pointwise.Unary(this, new ClampOp(low, high), new ClampBackwardOp(low, high), FromInput, "clamp");
        }

        public Tensor clamp(Tensor? min = null, Tensor? max = null)
        {
            if (min is null && max is null)
                TorchErrors.Throw("clamp needs a minimum, a maximum or both.");
            if (min is null)
                return minimum(max!);
            if (max is null)
                return maximum(min);
            using var raised = maximum(min);
            return raised.minimum(max);
        }

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            if (min is null && max is null)
                TorchErrors.Throw("clamp_ needs a minimum, a maximum or both.");
            var (low, high) = Bounds(min, max);
            return Pointwise.UnaryInPlace(this, new ClampOp(low, high), new ClampBackwardOp(low, high), FromInput, "clamp_");
        }

        public Tensor clamp_min(Scalar min) => clamp(min, null);

        public Tensor clamp_min_(Scalar min) => clamp_(min, null);

        public Tensor clamp_max(Scalar max) => clamp(null, max);

        public Tensor clamp_max_(Scalar max) => clamp_(null, max);

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        private Tensor ClampIntegers(Scalar? min, Scalar? max)
        {
            using var low = Numbers.Of(min ?? long.MinValue, ScalarType.Int64);
            using var high = Numbers.Of(max ?? long.MaxValue, ScalarType.Int64);
            using var raised = Numbers.Binary<MaximumNumbers>(this, low, dtype, "clamp");
            return Numbers.Binary<MinimumNumbers>(raised, high, dtype, "clamp");
        }

        private static (float Low, float High) Bounds(Scalar? min, Scalar? max) =>
            ((float)(min?.Double ?? double.NegativeInfinity), (float)(max?.Double ?? double.PositiveInfinity));
    }
}
