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

        public Tensor abs() => dtype switch
        {
            ScalarType.Bool => throw TorchErrors.Dtype("abs", dtype),
            ScalarType.Byte => clone(),
            ScalarType.Int32 or ScalarType.Int64 => maximum(neg()),
            _ => Pointwise.Unary(this, default(AbsOp), default(AbsBackwardOp), FromInput, "abs"),
        };

        public Tensor abs_() => is_integral()
            ? Numbers.WriteBack(this, abs(), "abs_")
            : Pointwise.UnaryInPlace(this, default(AbsOp), default(AbsBackwardOp), FromInput, "abs_");

        public Tensor absolute() => abs();

        public Tensor sign() => dtype switch
        {
            ScalarType.Bool => clone(),
            ScalarType.Byte => clamp_max(1),
            ScalarType.Int32 or ScalarType.Int64 => clamp(-1, 1),
            _ => Pointwise.Unary(this, default(SignOp), default(NoGradientOp), FromInput, "sign"),
        };

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
            if (is_integral() && min is not { IsFloat: true } && max is not { IsFloat: true })
                return Numbers.WriteBack(this, ClampIntegers(min, max), "clamp_");
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
            if (min is null)
                return Bounded<MinimumNumbers>(max!);
            var raised = Bounded<MaximumNumbers>(min);
            if (max is null)
                return raised;
            using (raised)
                return raised.Bounded<MinimumNumbers>(max);
        }

        private Tensor Bounded<TOp>(Scalar bound)
            where TOp : INumbers
        {
            // As in libtorch, a negative bound of bytes wraps around.
            var fits = dtype switch
            {
                ScalarType.Byte => bound.Long is >= -byte.MaxValue and <= byte.MaxValue,
                ScalarType.Int32 => bound.Long is >= int.MinValue and <= int.MaxValue,
                _ => true,
            };
            if (!fits)
                TorchErrors.Throw($"clamp's bound {bound.Long} doesn't fit into a tensor of type {dtype}.");
            using var number = Numbers.Of(bound, dtype);
            return Numbers.Binary<TOp>(this, number, number.dtype, "clamp");
        }

        private static (float Low, float High) Bounds(Scalar? min, Scalar? max) =>
            ((float)(min?.Double ?? double.NegativeInfinity), (float)(max?.Double ?? double.PositiveInfinity));
    }
}
