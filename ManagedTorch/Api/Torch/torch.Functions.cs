namespace TorchSharp;

// The functions of Tensor/Tensor.Functions.cs with the tensor as their first argument.
public static partial class torch
{
    public static Tensor abs(Tensor input) => input.abs();

    public static Tensor abs_(Tensor input) => input.abs_();

    public static Tensor absolute(Tensor input) => input.absolute();

    public static Tensor ceil(Tensor input) => input.ceil();

    public static Tensor ceil_(Tensor input) => input.ceil_();

    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);

    public static Tensor clamp_(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp_(min, max);

    public static Tensor clamp_max(Tensor input, Scalar max) => input.clamp_max(max);

    public static Tensor clamp_max_(Tensor input, Scalar max) => input.clamp_max_(max);

    public static Tensor clamp_min(Tensor input, Scalar min) => input.clamp_min(min);

    public static Tensor clamp_min_(Tensor input, Scalar min) => input.clamp_min_(min);

    public static Tensor clip(Tensor input, Scalar? min = null, Scalar? max = null) => input.clip(min, max);

    public static Tensor cos(Tensor input) => input.cos();

    public static Tensor cos_(Tensor input) => input.cos_();

    public static Tensor erf(Tensor input) => input.erf();

    public static Tensor erf_(Tensor input) => input.erf_();

    public static Tensor exp(Tensor input) => input.exp();

    public static Tensor exp_(Tensor input) => input.exp_();

    public static Tensor expm1(Tensor input) => input.expm1();

    public static Tensor expm1_(Tensor input) => input.expm1_();

    public static Tensor floor(Tensor input) => input.floor();

    public static Tensor floor_(Tensor input) => input.floor_();

    public static Tensor log(Tensor input) => input.log();

    public static Tensor log_(Tensor input) => input.log_();

    public static Tensor log1p(Tensor input) => input.log1p();

    public static Tensor log1p_(Tensor input) => input.log1p_();

    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    public static Tensor reciprocal_(Tensor input) => input.reciprocal_();

    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);

    public static Tensor rsqrt(Tensor input) => input.rsqrt();

    public static Tensor rsqrt_(Tensor input) => input.rsqrt_();

    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();

    public static Tensor sign(Tensor input) => input.sign();

    public static Tensor sin(Tensor input) => input.sin();

    public static Tensor sin_(Tensor input) => input.sin_();

    public static Tensor sqrt(Tensor input) => input.sqrt();

    public static Tensor sqrt_(Tensor input) => input.sqrt_();

    public static Tensor square(Tensor input) => input.square();

    public static Tensor tanh(Tensor input) => input.tanh();

    public static Tensor tanh_(Tensor input) => input.tanh_();

    public static Tensor trunc(Tensor input) => input.trunc();
}
