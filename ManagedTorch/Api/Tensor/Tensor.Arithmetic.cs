namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add_(Tensor target) => Arithmetic.AddInPlace(this, target);

        public Tensor add_(Scalar scalar) => Arithmetic.AddInPlace(this, scalar);

        public Tensor sub_(Tensor target) => Arithmetic.SubtractInPlace(this, target);

        public Tensor mul_(Scalar target) => Arithmetic.MultiplyInPlace(this, target);

        public Tensor pow(Scalar exponent) => Powers.Pow(this, exponent.Double);

        public static Tensor operator +(Tensor left, Tensor right) => Arithmetic.Add(left, right);

        public static Tensor operator +(Tensor left, double right) => Arithmetic.Add(left, right);

        public static Tensor operator +(int left, Tensor right) => Arithmetic.Add(right, (Scalar)left);

        public static Tensor operator *(Tensor left, Tensor right) => Arithmetic.Multiply(left, right);

        public static Tensor operator *(Tensor left, int right) => Arithmetic.Multiply(left, (Scalar)right);

        public static Tensor operator *(Tensor left, double right) => Arithmetic.Multiply(left, right);

        public static Tensor operator *(double left, Tensor right) => Arithmetic.Multiply(right, left);

        public static Tensor operator -(Tensor tensor) => Arithmetic.Negate(tensor);

        public static Tensor operator -(Tensor left, Tensor right) => Arithmetic.Subtract(left, right);

        public static Tensor operator -(Tensor left, int right) => Arithmetic.Add(left, (Scalar)(-right));

        public static Tensor operator -(Tensor left, double right) => Arithmetic.Add(left, -right);

        public static Tensor operator -(int left, Tensor right) => Arithmetic.Reverse(right, left);

        public static Tensor operator /(Tensor left, Tensor right) => Arithmetic.Divide(left, right);

        public static Tensor operator /(Tensor left, int right) => Arithmetic.Divide(left, right);

        public static Tensor operator /(Tensor left, long right) => Arithmetic.Divide(left, right);
    }
}
