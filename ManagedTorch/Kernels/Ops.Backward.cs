using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>From the output.</summary>
internal readonly struct SigmoidBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V y)
        where V : struct, IVector<V> => dy * y * (V.Create(1f) - y);
}

/// <summary>From the output.</summary>
internal readonly struct TanhBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V y)
        where V : struct, IVector<V> => dy * (V.Create(1f) - (y * y));
}

/// <summary>From the output or the input; NaN passes the gradient, as in PyTorch.</summary>
internal readonly struct ReluBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V y)
        where V : struct, IVector<V> => V.Select(V.LessOrEqual(y, V.Create(0f)), V.Create(0f), dy);
}

/// <summary>From the input (or the output, for slopes above 0).</summary>
internal readonly struct LeakyReluBackwardOp(float slope) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> => V.Select(V.Less(V.Create(0f), x), dy, dy * V.Create(slope));
}

/// <summary>From the input.</summary>
internal readonly struct SoftplusBackwardOp(float beta, float threshold) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> =>
        V.Select(V.Less(V.Create(threshold), x * V.Create(beta)), dy, dy * VectorMath.Sigmoid(x * V.Create(beta)));
}

/// <summary>From the input.</summary>
internal readonly struct EluBackwardOp(float alpha) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> => V.Select(V.Less(V.Create(0f), x), dy, dy * V.Create(alpha) * VectorMath.Exp(x));
}

/// <summary>From the input.</summary>
internal readonly struct GeluBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V>
    {
        var distribution = V.MultiplyAdd(VectorMath.Erf(x * V.Create(0.70710678f)), V.Create(0.5f), V.Create(0.5f));
        var density = V.Create(0.39894228f) * VectorMath.Exp(x * x * V.Create(-0.5f));
        return dy * V.MultiplyAdd(x, density, distribution);
    }
}

/// <summary>From the input.</summary>
internal readonly struct SiluBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V>
    {
        var s = VectorMath.Sigmoid(x);
        return dy * s * V.MultiplyAdd(x, V.Create(1f) - s, V.Create(1f));
    }
}

/// <summary>From the output.</summary>
internal readonly struct SqrtBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V y)
        where V : struct, IVector<V> => dy * V.Create(0.5f) / y;
}

/// <summary>From the input.</summary>
internal readonly struct SquareBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> => dy * (x * V.Create(2f));
}

/// <summary>From the input; the bounds themselves pass the gradient.</summary>
internal readonly struct ClampBackwardOp(float min, float max) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> => dy & V.LessOrEqual(V.Create(min), x) & V.LessOrEqual(x, V.Create(max));
}
