namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        public static Tensor operator +(Tensor left, int right) => left.add(right);

        public static Tensor operator +(Tensor left, long right) => left.add(right);

        public static Tensor operator +(Tensor left, float right) => left.PlusFloat(right);

        public static Tensor operator +(Tensor left, double right) => left.PlusFloat(right);

        public static Tensor operator +(int left, Tensor right) => right.add(left);

        public static Tensor operator +(long left, Tensor right) => right.add(left);

        public static Tensor operator +(float left, Tensor right) => right.PlusFloat(left);

        public static Tensor operator +(double left, Tensor right) => right.PlusFloat(left);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        public static Tensor operator *(Tensor left, int right) => left.mul(right);

        public static Tensor operator *(Tensor left, long right) => left.mul(right);

        public static Tensor operator *(Tensor left, float right) => left.TimesFloat(right);

        public static Tensor operator *(Tensor left, double right) => left.TimesFloat(right);

        public static Tensor operator *(int left, Tensor right) => right.mul(left);

        public static Tensor operator *(long left, Tensor right) => right.mul(left);

        public static Tensor operator *(float left, Tensor right) => right.TimesFloat(left);

        public static Tensor operator *(double left, Tensor right) => right.TimesFloat(left);

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        public static Tensor operator -(Scalar left, Tensor right) => right.SubtractedFrom(left);

        public static Tensor operator -(Tensor left, int right) => left.sub(right);

        public static Tensor operator -(Tensor left, long right) => left.sub(right);

        public static Tensor operator -(Tensor left, float right) => left.PlusFloat(-right);

        public static Tensor operator -(Tensor left, double right) => left.PlusFloat(-right);

        public static Tensor operator -(int left, Tensor right) => right.SubtractedFrom(left);

        public static Tensor operator -(long left, Tensor right) => right.SubtractedFrom(left);

        public static Tensor operator -(float left, Tensor right) => right.SubtractedFrom(left);

        public static Tensor operator -(double left, Tensor right) => right.SubtractedFrom(left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        public static Tensor operator /(Scalar left, Tensor right) => right.Dividing(left);

        public static Tensor operator /(Tensor left, int right) => left.div(right);

        public static Tensor operator /(Tensor left, long right) => left.div(right);

        public static Tensor operator /(Tensor left, float right) => left.div(right);

        public static Tensor operator /(Tensor left, double right) => left.div(right);

        public static Tensor operator /(int left, Tensor right) => right.Dividing(left);

        public static Tensor operator /(long left, Tensor right) => right.Dividing(left);

        public static Tensor operator /(float left, Tensor right) => right.Dividing(left);

        public static Tensor operator /(double left, Tensor right) => right.Dividing(left);

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);

        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);

        public static Tensor operator %(Tensor left, int right) => left.remainder(right);

        public static Tensor operator %(Tensor left, long right) => left.remainder(right);

        public static Tensor operator %(Tensor left, float right) => left.remainder(right);

        public static Tensor operator %(Tensor left, double right) => left.remainder(right);

        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);

        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);

        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);

        public static Tensor operator ~(Tensor left) => left.bitwise_not();

        private Tensor PlusFloat(double value) => IsFloat ? Arithmetic.Add(this, value) : add(value);

        private Tensor TimesFloat(double value) => IsFloat ? Arithmetic.Multiply(this, value) : mul(value);

        private Tensor SubtractedFrom(Scalar value)
        {
            if (IsFloat)
                return Arithmetic.Reverse(this, value.Double);
            using var negative = neg();
            return negative.add(value);
        }

        private Tensor Dividing(Scalar value)
        {
            using var reciprocal = this.reciprocal();
            return reciprocal.mul(value);
        }
    }
}
