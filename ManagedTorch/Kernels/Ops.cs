namespace TorchSharp.Kernels;

/// <summary>y = f(x), element by element.</summary>
internal interface IUnary
{
    V Invoke<V>(V x)
        where V : struct, IVector<V>;
}

/// <summary>y = f(a, b), element by element.</summary>
internal interface IBinary
{
    V Invoke<V>(V a, V b)
        where V : struct, IVector<V>;
}

/// <summary>y = f(a, b, c), element by element.</summary>
internal interface ITernary
{
    V Invoke<V>(V a, V b, V c)
        where V : struct, IVector<V>;
}

/// <summary>f(b, a): the operation with its operands the other way round.</summary>
internal readonly struct Swapped<TOp>(TOp op) : IBinary
    where TOp : struct, IBinary
{
    public V Invoke<V>(V a, V b)
        where V : struct, IVector<V> => op.Invoke(b, a);
}
