using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

internal readonly struct ExpOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => VectorMath.Exp(x);
}

internal readonly struct LogOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => VectorMath.Log(x);
}

internal readonly struct Log1pOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => VectorMath.Log1p(x);
}

internal readonly struct Expm1Op : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => VectorMath.Expm1(x);
}

internal readonly struct ErfOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => VectorMath.Erf(x);
}

internal readonly struct SinOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Sin(x);
}

internal readonly struct CosOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Cos(x);
}

/// <summary>dy * 2/sqrt(pi) * exp(-x^2).</summary>
internal readonly struct ErfBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x) where V : struct, IVector<V> => dy * V.Create(1.1283791671f) * VectorMath.Exp(V.Create(0f) - (x * x));
}
