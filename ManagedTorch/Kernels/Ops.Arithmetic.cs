using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

internal readonly struct AddOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b) where V : struct, IVector<V> => a + b;
}

internal readonly struct SubtractOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b) where V : struct, IVector<V> => a - b;
}

internal readonly struct MultiplyOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b) where V : struct, IVector<V> => a * b;
}

internal readonly struct DivideOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b) where V : struct, IVector<V> => a / b;
}

/// <summary>The smaller; NaN where either is.</summary>
internal readonly struct MinOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b) where V : struct, IVector<V> => V.Min(a, b);
}

/// <summary>The larger; NaN where either is.</summary>
internal readonly struct MaxOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b) where V : struct, IVector<V> => V.Max(a, b);
}

/// <summary>a + scale * b.</summary>
internal readonly struct AddScaledOp(float scale) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b) where V : struct, IVector<V> => V.MultiplyAdd(b, V.Create(scale), a);
}

internal readonly struct PowOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V a, V b) where V : struct, IVector<V> => V.Pow(a, b);
}

internal readonly struct NegateOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => x ^ V.Create(-0f);
}

internal readonly struct AbsOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Abs(x);
}

/// <summary>-1, 0 or 1; 0 for NaN, as in PyTorch.</summary>
internal readonly struct SignOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> =>
        (V.Less(V.Create(0f), x) & V.Create(1f)) | (V.Less(x, V.Create(0f)) & V.Create(-1f));
}

internal readonly struct SqrtOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Sqrt(x);
}

internal readonly struct RsqrtOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Create(1f) / V.Sqrt(x);
}

internal readonly struct SquareOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => x * x;
}

internal readonly struct CubeOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => x * x * x;
}

internal readonly struct ReciprocalOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Create(1f) / x;
}

/// <summary>scale * x + offset.</summary>
internal readonly struct AffineOp(float scale, float offset) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.MultiplyAdd(x, V.Create(scale), V.Create(offset));
}

internal readonly struct ClampOp(float min, float max) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Min(V.Max(x, V.Create(min)), V.Create(max));
}

internal readonly struct FloorOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Floor(x);
}

/// <summary>To the nearest, halves to even.</summary>
internal readonly struct RoundOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : struct, IVector<V> => V.Round(x);
}
