namespace TorchSharp.Kernels;

/// <summary>The microkernels of one vector type by rows and columns.</summary>
internal static unsafe class Microkernels<V> where V : struct, IVector<V>
{
    private static readonly delegate*<nint, float*, nint, nint, float*, nint, float*, nint, int, bool, float*, void>[] _table =
    [
        &Microkernel<V, N1, One>.Run, &Microkernel<V, N1, OnePartial>.Run,
        &Microkernel<V, N1, Two>.Run, &Microkernel<V, N1, TwoPartial>.Run,
        &Microkernel<V, N2, One>.Run, &Microkernel<V, N2, OnePartial>.Run,
        &Microkernel<V, N2, Two>.Run, &Microkernel<V, N2, TwoPartial>.Run,
        &Microkernel<V, N3, One>.Run, &Microkernel<V, N3, OnePartial>.Run,
        &Microkernel<V, N3, Two>.Run, &Microkernel<V, N3, TwoPartial>.Run,
        &Microkernel<V, N4, One>.Run, &Microkernel<V, N4, OnePartial>.Run,
        &Microkernel<V, N4, Two>.Run, &Microkernel<V, N4, TwoPartial>.Run,
        &Microkernel<V, N5, One>.Run, &Microkernel<V, N5, OnePartial>.Run,
        &Microkernel<V, N5, Two>.Run, &Microkernel<V, N5, TwoPartial>.Run,
        &Microkernel<V, N6, One>.Run, &Microkernel<V, N6, OnePartial>.Run,
        &Microkernel<V, N6, Two>.Run, &Microkernel<V, N6, TwoPartial>.Run,
        &Microkernel<V, N7, One>.Run, &Microkernel<V, N7, OnePartial>.Run,
        &Microkernel<V, N7, Two>.Run, &Microkernel<V, N7, TwoPartial>.Run,
        &Microkernel<V, N8, One>.Run, &Microkernel<V, N8, OnePartial>.Run,
        &Microkernel<V, N8, Two>.Run, &Microkernel<V, N8, TwoPartial>.Run,
        &Microkernel<V, N9, One>.Run, &Microkernel<V, N9, OnePartial>.Run,
        &Microkernel<V, N9, Two>.Run, &Microkernel<V, N9, TwoPartial>.Run,
        &Microkernel<V, N10, One>.Run, &Microkernel<V, N10, OnePartial>.Run,
        &Microkernel<V, N10, Two>.Run, &Microkernel<V, N10, TwoPartial>.Run,
        &Microkernel<V, N11, One>.Run, &Microkernel<V, N11, OnePartial>.Run,
        &Microkernel<V, N11, Two>.Run, &Microkernel<V, N11, TwoPartial>.Run,
        &Microkernel<V, N12, One>.Run, &Microkernel<V, N12, OnePartial>.Run,
        &Microkernel<V, N12, Two>.Run, &Microkernel<V, N12, TwoPartial>.Run,
    ];

    /// <summary>Rows of the tallest tile that fits the registers.</summary>
    public static int Rows => V.Count == 16 ? 12 : 6;

    /// <summary>The kernel for this many rows (1 to Rows) and columns (1 to 2 * V.Count).</summary>
    public static delegate*<nint, float*, nint, nint, float*, nint, float*, nint, int, bool, float*, void> Choose(int rows, int cols)
    {
        var partial = cols % V.Count == 0 ? 0 : 1;
        return _table[(4 * (rows - 1)) + (cols > V.Count ? 2 : 0) + partial];
    }
}
