using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

internal readonly struct SigmoidOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => VectorMath.Sigmoid(x);
}

internal readonly struct TanhOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => VectorMath.Tanh(x);
}

/// <summary>log(1 + exp(beta x)) / beta; x itself where beta x is above threshold.</summary>
internal readonly struct SoftplusOp(float beta, float threshold) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> =>
        V.Select(V.Less(V.Create(threshold), x * V.Create(beta)), x, VectorMath.Softplus(x * V.Create(beta)) / V.Create(beta));
}

internal readonly struct ReluOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Max(x, V.Create(0f));
}

internal readonly struct LeakyReluOp(float slope) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Select(V.Less(V.Create(0f), x), x, x * V.Create(slope));
}

internal readonly struct EluOp(float alpha) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Select(V.Less(V.Create(0f), x), x, V.Create(alpha) * VectorMath.Expm1(x));
}

/// <summary>x times the normal distribution function of x.</summary>
internal readonly struct GeluOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => x * V.Create(0.5f) * (V.Create(1f) + VectorMath.Erf(x * V.Create(0.70710678f)));
}

internal readonly struct SiluOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => x * VectorMath.Sigmoid(x);
}
