using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public partial class Tensor
    {
        public Tensor add(Tensor target) => Arithmetic.Add(this, target, 1, "add");

        public Tensor add(Tensor target, Scalar alpha) => Arithmetic.Add(this, target, alpha, "add");

        public Tensor add(Scalar scalar) => Arithmetic.Add(this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Arithmetic.Add(this, Product(scalar, alpha));

        public Tensor add_(Tensor target) => Arithmetic.AddInPlace(this, target, 1, "add_");

        public Tensor add_(Tensor target, Scalar alpha) => Arithmetic.AddInPlace(this, target, alpha, "add_");

        public Tensor add_(Scalar scalar) => Arithmetic.AddInPlace(this, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => Arithmetic.AddInPlace(this, Product(scalar, alpha));

        public Tensor sub(Tensor target)
        {
            if (dtype == ScalarType.Bool || target.dtype == ScalarType.Bool)
                throw TorchErrors.Dtype("sub", ScalarType.Bool);
            return Arithmetic.Add(this, target, -1, "sub");
        }

        public Tensor sub(Scalar target) => Arithmetic.Add(this, Negative(target));

        public Tensor sub_(Tensor target)
        {
            if (dtype == ScalarType.Bool || target.dtype == ScalarType.Bool)
                throw TorchErrors.Dtype("sub_", ScalarType.Bool);
            return Arithmetic.AddInPlace(this, target, -1, "sub_");
        }

        public Tensor sub_(Scalar target) => Arithmetic.AddInPlace(this, Negative(target));

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor subtract(Scalar target) => sub(target);

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor subtract_(Scalar target) => sub_(target);

        public Tensor mul(Tensor target) => Arithmetic.Multiply(this, target, "mul");

        public Tensor mul(Scalar target) => Arithmetic.Multiply(this, target);

        public Tensor mul_(Tensor target) => Arithmetic.MultiplyInPlace(this, target, "mul_");

        public Tensor mul_(Scalar target) => Arithmetic.MultiplyInPlace(this, target);

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor multiply(Scalar target) => mul(target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode switch
        {
            RoundingMode.floor => Rounded<FloorDivideNumbers>(target, "div"),
            RoundingMode.trunc => Rounded<TruncatedDivideNumbers>(target, "div"),
            _ => Arithmetic.Divide(this, target, "div"),
        };

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None && dtype != ScalarType.Float64)
                return DivideBy(target.Double);
            using var scalar = Numbers.Of(target, dtype);
            return div(scalar, rounding_mode);
        }

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None)
                return Arithmetic.DivideInPlace(this, target, "div_");
            BeginWrite(target);
            return rounding_mode == RoundingMode.floor
                ? Numbers.Write<FloorDivideNumbers>(this, target, Dtypes.Promote(this, target), "div_")
                : Numbers.Write<TruncatedDivideNumbers>(this, target, Dtypes.Promote(this, target), "div_");
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            using var scalar = Numbers.Of(target, dtype);
            return div_(scalar, rounding_mode);
        }

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor true_divide(Tensor other) => div(other);

        public Tensor true_divide(Scalar other) => div(other);

        public Tensor floor_divide(Tensor other) => div(other, RoundingMode.floor);

        public Tensor floor_divide(Scalar other) => div(other, RoundingMode.floor);

        /// <summary>What is left of a division, with the sign of the divisor.</summary>
        public Tensor remainder(Tensor target)
        {
            if (!Autograd.GradMode.Records(this, target))
                return Rounded<RemainderNumbers>(target, "remainder");
            if (target.requires_grad)
                TorchErrors.Throw("The gradient of remainder with respect to the divisor is not available; detach() it.");
            using var constant = detach();
            return constant.remainder(target).From(new Autograd.AddNode(this, target, 1));
        }

        public Tensor remainder(Scalar scalar)
        {
            using var number = Numbers.Of(scalar, dtype);
            return remainder(number);
        }

        public Tensor maximum(Tensor other) => Arithmetic.Extreme<MaxOp, MaximumNumbers>(this, other, default, true, "maximum");

        public Tensor minimum(Tensor other) => Arithmetic.Extreme<MinOp, MinimumNumbers>(this, other, default, false, "minimum");

        public Tensor neg() => Arithmetic.Negate(this);

        public Tensor negative() => neg();

        public Tensor neg_() => mul_(-1);

        public Tensor positive() => Alias();

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using var product = tensor1.mul(tensor2);
            return add(product, value);
        }

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using var product = tensor1.mul(tensor2);
            return add_(product, value);
        }

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => addcdiv(tensor1, tensor2, 1);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using var quotient = tensor1.div(tensor2);
            return add(quotient, value);
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => addcdiv_(tensor1, tensor2, 1);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            using var quotient = tensor1.div(tensor2);
            return add_(quotient, value);
        }

        /// <summary>this + weight * (end - this).</summary>
        public Tensor lerp(Tensor end, Tensor weight)
        {
            using var difference = end.sub(this);
            using var step = weight.mul(difference);
            return add(step);
        }

        public Tensor lerp_(Tensor end, Tensor weight)
        {
            using var difference = end.sub(this);
            using var step = weight.mul(difference);
            return add_(step);
        }

        public Tensor pow(Tensor exponent) => Powers.Pow(this, exponent);

        public Tensor pow(Scalar exponent) => Powers.Pow(this, exponent);

        public Tensor pow_(Scalar exponent) => Powers.PowInPlace(this, exponent);

        internal Tensor DivideBy(double divisor)
        {
            var x = Pointwise.Float(this, "div");
            var y = Pointwise.WithScalar(x, (float)divisor, default(DivideOp));
            return Autograd.GradMode.Records(x) ? y.From(new Autograd.ScaleNode(x, 1 / divisor)) : y;
        }

        private Tensor Rounded<TOp>(Tensor other, string name)
            where TOp : INumbers => Numbers.Binary<TOp>(this, other, Dtypes.Promote(this, other), name);

        private static Scalar Product(Scalar a, Scalar b) => a.IsFloat || b.IsFloat ? a.Double * b.Double : (Scalar)(a.Long * b.Long);

        private static Scalar Negative(Scalar a) => a.IsFloat ? -a.Double : (Scalar)(-a.Long);
    }
}
