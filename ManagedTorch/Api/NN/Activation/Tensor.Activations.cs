using System.Runtime.CompilerServices;
using TorchSharp.Kernels;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu_() => Pointwise.UnaryInPlace(this, default(ReluOp), default(ReluBackwardOp), FromOutput, "relu_");

        public Tensor leaky_relu_(Scalar negative_slope) => Pointwise.UnaryInPlace(
            this, new LeakyReluOp((float)negative_slope.Double), new LeakyReluBackwardOp((float)negative_slope.Double), FromInput,
            "leaky_relu_");

        /// <summary>Not in place, in spite of its name: TorchSharp 0.107.0 gives a new tensor too.</summary>
        public Tensor elu_(double alpha = 1) => elu(alpha);

        public Tensor silu_() => Pointwise.UnaryInPlace(this, default(SiluOp), default(SiluBackwardOp), FromInput, "silu_");

        public Tensor gelu_() => Pointwise.UnaryInPlace(this, default(GeluOp), default(GeluBackwardOp), FromInput, "gelu_");

        public Tensor gelu(GELU.Approximate approximate) => approximate == GELU.Approximate.none
            ? gelu()
            : Pointwise.Unary(this, default(GeluTanhOp), default(GeluTanhBackwardOp), FromInput, "gelu");

        public Tensor gelu_(GELU.Approximate approximate) => approximate == GELU.Approximate.none
            ? gelu_()
            : Pointwise.UnaryInPlace(this, default(GeluTanhOp), default(GeluTanhBackwardOp), FromInput, "gelu_");
    }
}

/// <summary>x / 2 (1 + tanh u) with u = sqrt(2 / pi) (x + 0.044715 x^3).</summary>
internal readonly struct GeluTanhOp : IUnary
{
    private const float Root = 0.7978845608f;
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => x * V.Create(0.5f) * (V.Create(1f) + Tanh(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x) where V : struct, IVector<V> =>
        VectorMath.Tanh(x * V.Create(Root) * V.MultiplyAdd(x * x, V.Create(Cubic), V.Create(1f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V x) where V : struct, IVector<V> =>
        V.Create(Root) * V.MultiplyAdd(x * x, V.Create(3 * Cubic), V.Create(1f));
}

/// <summary>From the input.</summary>
internal readonly struct GeluTanhBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x) where V : struct, IVector<V>
    {
        var t = GeluTanhOp.Tanh(x);
        var one = V.Create(1f);
        return dy * V.Create(0.5f) * (one + t + (x * (one - (t * t)) * GeluTanhOp.Slope(x)));
    }
}
