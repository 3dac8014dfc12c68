namespace TorchSharp;

// The functions of Tensor/Tensor.Arithmetic.cs with the tensor as their first argument.
public static partial class torch
{
    public static Tensor add(Tensor left, Tensor right) => left.add(right);

    public static Tensor add(Tensor left, Scalar right) => left.add(right);

    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add_(Tensor left, Tensor right) => left.add_(right);

    public static Tensor add_(Tensor left, Scalar right) => left.add_(right);

    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.add_(right, alpha);

    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.add_(right, alpha);

    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv(tensor1, tensor2, value);

    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv_(tensor1, tensor2, value);

    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul(tensor1, tensor2, value);

    public static Tensor addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul_(tensor1, tensor2, value);

    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.divide(right, rounding_mode);

    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.divide(right, rounding_mode);

    public static Tensor divide_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        left.divide_(right, rounding_mode);

    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);

    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);

    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);

    public static Tensor mul_(Tensor left, Tensor right) => left.mul_(right);

    public static Tensor mul_(Tensor left, Scalar right) => left.mul_(right);

    public static Tensor multiply(Tensor left, Tensor right) => left.multiply(right);

    public static Tensor multiply(Tensor left, Scalar right) => left.multiply(right);

    public static Tensor neg(Tensor input) => input.neg();

    public static Tensor neg_(Tensor input) => input.neg_();

    public static Tensor negative(Tensor input) => input.negative();

    public static Tensor positive(Tensor input) => input.positive();

    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);

    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);

    public static Tensor pow_(Tensor left, Scalar exponent) => left.pow_(exponent);

    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);

    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);

    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);

    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);

    public static Tensor sub_(Tensor left, Tensor right) => left.sub_(right);

    public static Tensor sub_(Tensor left, Scalar right) => left.sub_(right);

    public static Tensor subtract(Tensor left, Tensor right) => left.subtract(right);

    public static Tensor subtract(Tensor left, Scalar right) => left.subtract(right);

    public static Tensor subtract_(Tensor left, Tensor right) => left.subtract_(right);

    public static Tensor subtract_(Tensor left, Scalar right) => left.subtract_(right);

    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.true_divide(divisor);
}
