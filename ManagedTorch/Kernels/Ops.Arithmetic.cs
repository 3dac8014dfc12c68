using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

internal readonly struct AddOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => a + b;
}

internal readonly struct SubtractOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => a - b;
}

internal readonly struct MultiplyOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => a * b;
}

internal readonly struct DivideOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => a / b;
}

internal readonly struct PowOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => V.Pow(a, b);
}

internal readonly struct NegateOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => x ^ V.Create(-0f);
}

internal readonly struct SqrtOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Sqrt(x);
}

internal readonly struct SquareOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => x * x;
}

internal readonly struct CubeOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => x * x * x;
}

internal readonly struct ReciprocalOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Create(1f) / x;
}

/// <summary>scale * x + offset.</summary>
internal readonly struct AffineOp(float scale, float offset) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.MultiplyAdd(x, V.Create(scale), V.Create(offset));
}

internal readonly struct ClampOp(float min, float max) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Min(V.Max(x, V.Create(min)), V.Create(max));
}

internal readonly struct FloorOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Floor(x);
}

/// <summary>To the nearest, halves to even.</summary>
internal readonly struct RoundOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Round(x);
}
