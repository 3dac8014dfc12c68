using System.Runtime.CompilerServices;
using TorchSharp.Kernels;

namespace TorchSharp;

internal readonly struct SinBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> => dy * V.Cos(x);
}

internal readonly struct CosBackwardOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> => V.Create(0f) - (dy * V.Sin(x));
}

/// <summary>Steps have a gradient of zero wherever they have one.</summary>
internal readonly struct NoGradientOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> => V.Create(0f);
}

internal readonly struct CeilOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Floor(x ^ V.Create(-0f)) ^ V.Create(-0f);
}

internal readonly struct TruncateOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => V.Floor(V.Abs(x)) | (x & V.Create(-0f));
}
