using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Numbers.Compare<EqualNumbers, EqualOp>(this, target, "eq");

        public Tensor eq(Scalar target) => Compare<EqualNumbers, EqualOp>(target, "eq");

        public Tensor equal(Tensor target) => eq(target);

        public Tensor ne(Tensor target) => Numbers.Compare<NotEqualNumbers, NotEqualOp>(this, target, "ne");

        public Tensor ne(Scalar target) => Compare<NotEqualNumbers, NotEqualOp>(target, "ne");

        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor lt(Tensor target) => Numbers.Compare<LessNumbers, LessOp>(this, target, "lt");

        public Tensor lt(Scalar target) => Compare<LessNumbers, LessOp>(target, "lt");

        public Tensor less(Tensor target) => lt(target);

        public Tensor le(Tensor target) => Numbers.Compare<LessOrEqualNumbers, LessOrEqualOp>(this, target, "le");

        public Tensor le(Scalar target) => Compare<LessOrEqualNumbers, LessOrEqualOp>(target, "le");

        public Tensor less_equal(Tensor target) => le(target);

        public Tensor gt(Tensor target) => Numbers.Compare<GreaterNumbers, GreaterOp>(this, target, "gt");

        public Tensor gt(Scalar target) => Compare<GreaterNumbers, GreaterOp>(target, "gt");

        public Tensor greater(Tensor target) => gt(target);

        public Tensor ge(Tensor target) => Numbers.Compare<GreaterOrEqualNumbers, GreaterOrEqualOp>(this, target, "ge");

        public Tensor ge(Scalar target) => Compare<GreaterOrEqualNumbers, GreaterOrEqualOp>(target, "ge");

        public Tensor greater_equal(Tensor target) => ge(target);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);

        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);

        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);

        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);

        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);

        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        public bool Equals(Tensor target)
        {
            if (!Shapes.Same(Shape, target.Shape))
                return false;
            using var same = eq(target);
            using var all = same.all();
            return all.ToBoolean();
        }

        public Tensor isnan() => ne(this);

        public Tensor isfinite()
        {
            using var magnitude = abs();
            return magnitude.lt(double.PositiveInfinity);
        }

        public Tensor isinf()
        {
            using var magnitude = abs();
            return magnitude.eq(double.PositiveInfinity);
        }

        public Tensor isposinf() => eq(double.PositiveInfinity);

        public Tensor isneginf() => eq(double.NegativeInfinity);

        /// <summary>Where |this - other| is at most atol + rtol |other|; infinities are close to themselves.</summary>
        public Tensor isclose(Tensor other, double rtol = 1e-5, double atol = 1e-8, bool nanEqual = false)
        {
            var shape = Broadcast.Shape(Shape, other.Shape, "isclose");
            var result = New(shape, ScalarType.Bool);
            using var a = Numbers.Spelled(this, shape, ScalarType.Float64);
            using var b = Numbers.Spelled(other, shape, ScalarType.Float64);
            Numbers.AreClose(a, b, result, rtol, atol, nanEqual);
            return result;
        }

        public bool allclose(Tensor target, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false)
        {
            using var close = isclose(target, rtol, atol, equal_nan);
            using var all = close.all();
            return all.ToBoolean();
        }

        public Tensor logical_and(Tensor other) => Logical<AndNumbers>(other, "logical_and");

        public Tensor logical_or(Tensor other) => Logical<OrNumbers>(other, "logical_or");

        public Tensor logical_xor(Tensor other) => Logical<XorNumbers>(other, "logical_xor");

        public Tensor logical_not() => eq(false);

        public Tensor bitwise_and(Tensor other) => Bitwise<AndNumbers>(other, "bitwise_and");

        public Tensor bitwise_or(Tensor other) => Bitwise<OrNumbers>(other, "bitwise_or");

        public Tensor bitwise_xor(Tensor other) => Bitwise<XorNumbers>(other, "bitwise_xor");

        public Tensor bitwise_not() => dtype == ScalarType.Bool ? logical_not() : throw TorchErrors.Dtype("bitwise_not", dtype);

        private Tensor Compare<TOp, TFloat>(Scalar target, string name)
            where TOp : INumberComparison
            where TFloat : struct, IComparison
        {
            using var scalar = Numbers.Of(target, dtype);
            return Numbers.Compare<TOp, TFloat>(this, scalar, name);
        }

        private Tensor Logical<TOp>(Tensor other, string name)
            where TOp : INumbers
        {
            using var a = Copies.Convert(this, ScalarType.Bool);
            using var b = Copies.Convert(other, ScalarType.Bool);
            return Numbers.Binary<TOp>(a, b, ScalarType.Bool, name);
        }

        private Tensor Bitwise<TOp>(Tensor other, string name)
            where TOp : INumbers => dtype == ScalarType.Bool && other.dtype == ScalarType.Bool
            ? Numbers.Binary<TOp>(this, other, ScalarType.Bool, name)
            : throw TorchErrors.Dtype(name, dtype == ScalarType.Bool ? other.dtype : dtype);
    }
}
