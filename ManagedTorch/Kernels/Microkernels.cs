namespace TorchSharp.Kernels;

/// <summary>The microkernels of one vector type by rows and columns.</summary>
internal static unsafe class Microkernels<V>
    where V : struct, IVector<V>
{
    /// <summary>Rows of the tallest tile that fits the registers.</summary>
    public static int Rows => V.Count == 16 ? 12 : 6;

    /// <summary>The kernel for this many rows (1 to Rows) and columns (1 to 2 * V.Count).</summary>
    public static delegate* <nint, float*, nint, float*, nint, float*, nint, int, bool, float*, Stretch*, void> Choose<TLayout>(
        int rows,
        int cols
    )
        where TLayout : struct, ILayout
    {
        var partial = cols % V.Count == 0 ? 0 : 1;
        return Table<TLayout>.Kernels[(4 * (rows - 1)) + (cols > V.Count ? 2 : 0) + partial];
    }

    private static class Table<TLayout>
        where TLayout : struct, ILayout
    {
        public static readonly delegate* <nint, float*, nint, float*, nint, float*, nint, int, bool, float*, Stretch*, void>[] Kernels =
        [
            &Microkernel<V, N1, One, TLayout>.Run,
            &Microkernel<V, N1, OnePartial, TLayout>.Run,
            &Microkernel<V, N1, Two, TLayout>.Run,
            &Microkernel<V, N1, TwoPartial, TLayout>.Run,
            &Microkernel<V, N2, One, TLayout>.Run,
            &Microkernel<V, N2, OnePartial, TLayout>.Run,
            &Microkernel<V, N2, Two, TLayout>.Run,
            &Microkernel<V, N2, TwoPartial, TLayout>.Run,
            &Microkernel<V, N3, One, TLayout>.Run,
            &Microkernel<V, N3, OnePartial, TLayout>.Run,
            &Microkernel<V, N3, Two, TLayout>.Run,
            &Microkernel<V, N3, TwoPartial, TLayout>.Run,
            &Microkernel<V, N4, One, TLayout>.Run,
            &Microkernel<V, N4, OnePartial, TLayout>.Run,
            &Microkernel<V, N4, Two, TLayout>.Run,
            &Microkernel<V, N4, TwoPartial, TLayout>.Run,
            &Microkernel<V, N5, One, TLayout>.Run,
            &Microkernel<V, N5, OnePartial, TLayout>.Run,
            &Microkernel<V, N5, Two, TLayout>.Run,
            &Microkernel<V, N5, TwoPartial, TLayout>.Run,
            &Microkernel<V, N6, One, TLayout>.Run,
            &Microkernel<V, N6, OnePartial, TLayout>.Run,
            &Microkernel<V, N6, Two, TLayout>.Run,
            &Microkernel<V, N6, TwoPartial, TLayout>.Run,
            &Microkernel<V, N7, One, TLayout>.Run,
            &Microkernel<V, N7, OnePartial, TLayout>.Run,
            &Microkernel<V, N7, Two, TLayout>.Run,
            &Microkernel<V, N7, TwoPartial, TLayout>.Run,
            &Microkernel<V, N8, One, TLayout>.Run,
            &Microkernel<V, N8, OnePartial, TLayout>.Run,
            &Microkernel<V, N8, Two, TLayout>.Run,
            &Microkernel<V, N8, TwoPartial, TLayout>.Run,
            &Microkernel<V, N9, One, TLayout>.Run,
            &Microkernel<V, N9, OnePartial, TLayout>.Run,
            &Microkernel<V, N9, Two, TLayout>.Run,
            &Microkernel<V, N9, TwoPartial, TLayout>.Run,
            &Microkernel<V, N10, One, TLayout>.Run,
            &Microkernel<V, N10, OnePartial, TLayout>.Run,
            &Microkernel<V, N10, Two, TLayout>.Run,
            &Microkernel<V, N10, TwoPartial, TLayout>.Run,
            &Microkernel<V, N11, One, TLayout>.Run,
            &Microkernel<V, N11, OnePartial, TLayout>.Run,
            &Microkernel<V, N11, Two, TLayout>.Run,
            &Microkernel<V, N11, TwoPartial, TLayout>.Run,
            &Microkernel<V, N12, One, TLayout>.Run,
            &Microkernel<V, N12, OnePartial, TLayout>.Run,
            &Microkernel<V, N12, Two, TLayout>.Run,
            &Microkernel<V, N12, TwoPartial, TLayout>.Run,
        ];
    }
}
