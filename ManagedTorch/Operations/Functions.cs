using System.Runtime.CompilerServices;
using TorchSharp.Kernels;

namespace TorchSharp;

/// <summary>Steps have a gradient of zero wherever they have one.</summary>
internal readonly struct NoGradientOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V dy, V x)
        where V : struct, IVector<V> => V.Create(0f);
}
