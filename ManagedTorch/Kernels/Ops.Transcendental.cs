using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

internal readonly struct ExpOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => VectorMath.Exp(x);
}

internal readonly struct LogOp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x)
        where V : struct, IVector<V> => VectorMath.Log(x);
}
