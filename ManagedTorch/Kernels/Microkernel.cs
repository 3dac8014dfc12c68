using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// The innermost product: a tile of at most 12 rows by two vectors of C stays in registers while k runs. The accumulators are
/// named locals because the JIT keeps arrays in memory; conditions on TRows, TCols and TLayout are constants to it and vanish.
/// Two steps of k at a time, because a single one is so short that counting costs a tenth of it.
/// </summary>
internal static unsafe class Microkernel<V, TRows, TCols, TLayout>
    where V : struct, IVector<V>
    where TRows : struct, IConstant
    where TCols : struct, IColumns
    where TLayout : struct, ILayout
{
    /// <summary>
    /// c[r, j] = (accumulate ? c[r, j] : 0) + bias[j] + sum over p of a[r, p] * b[p * ldb + j], for the tile's rows and cols
    /// columns; a[r, p] lies at r * lda + p or at p * lda + r, as the layout says; bias may be null. Of a stretched layout k and b,
    /// or a where it isn't packed, are the first stretch, and next are the others, up to one of length 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        nint k,
        float* a,
        nint lda,
        float* b,
        nint ldb,
        float* c,
        nint ldc,
        int cols,
        bool accumulate,
        float* bias,
        Stretch* next
    )
    {
        V c00 = default,
            c01 = default;
        V c10 = default,
            c11 = default;
        V c20 = default,
            c21 = default;
        V c30 = default,
            c31 = default;
        V c40 = default,
            c41 = default;
        V c50 = default,
            c51 = default;
        V c60 = default,
            c61 = default;
        V c70 = default,
            c71 = default;
        V c80 = default,
            c81 = default;
        V c90 = default,
            c91 = default;
        V c100 = default,
            c101 = default;
        V c110 = default,
            c111 = default;
        var rest = TCols.Vectors == 2 ? cols - V.Count : cols;
        // C is needed last, and a long product would wait for it then.
        if (k >= 32)
        {
            if (TRows.Value > 0)
                Prefetch(c + (0 * ldc));
            if (TRows.Value > 1)
                Prefetch(c + (1 * ldc));
            if (TRows.Value > 2)
                Prefetch(c + (2 * ldc));
            if (TRows.Value > 3)
                Prefetch(c + (3 * ldc));
            if (TRows.Value > 4)
                Prefetch(c + (4 * ldc));
            if (TRows.Value > 5)
                Prefetch(c + (5 * ldc));
            if (TRows.Value > 6)
                Prefetch(c + (6 * ldc));
            if (TRows.Value > 7)
                Prefetch(c + (7 * ldc));
            if (TRows.Value > 8)
                Prefetch(c + (8 * ldc));
            if (TRows.Value > 9)
                Prefetch(c + (9 * ldc));
            if (TRows.Value > 10)
                Prefetch(c + (10 * ldc));
            if (TRows.Value > 11)
                Prefetch(c + (11 * ldc));
        }
        // The distance of rows or that of columns is 1, and lda the other.
        nint row = TLayout.RowsTogether ? 1 : lda,
            column = TLayout.Packed ? TRows.Value
            : TLayout.RowsTogether ? lda
            : 1;
        if (TLayout.Packed && !TLayout.Stretched)
            ldb = 2 * V.Count;
        nint twice = 2 * row,
            thrice = 3 * row;
        V b0,
            b1;
        while (true)
        {
            for (; k >= 2; k -= 2)
            {
                float* a3 = a + thrice,
                    a6 = a3 + thrice,
                    a9 = a6 + thrice;
                LoadB(b, rest, out b0, out b1);
                if (TRows.Value > 0)
                    Add(V.Create(a[0]), b0, b1, ref c00, ref c01);
                if (TRows.Value > 1)
                    Add(V.Create(TLayout.RowsTogether ? a[1] : a[row]), b0, b1, ref c10, ref c11);
                if (TRows.Value > 2)
                    Add(V.Create(TLayout.RowsTogether ? a[2] : a[twice]), b0, b1, ref c20, ref c21);
                if (TRows.Value > 3)
                    Add(V.Create(TLayout.RowsTogether ? a[3] : a3[0]), b0, b1, ref c30, ref c31);
                if (TRows.Value > 4)
                    Add(V.Create(TLayout.RowsTogether ? a[4] : a3[row]), b0, b1, ref c40, ref c41);
                if (TRows.Value > 5)
                    Add(V.Create(TLayout.RowsTogether ? a[5] : a3[twice]), b0, b1, ref c50, ref c51);
                if (TRows.Value > 6)
                    Add(V.Create(TLayout.RowsTogether ? a[6] : a6[0]), b0, b1, ref c60, ref c61);
                if (TRows.Value > 7)
                    Add(V.Create(TLayout.RowsTogether ? a[7] : a6[row]), b0, b1, ref c70, ref c71);
                if (TRows.Value > 8)
                    Add(V.Create(TLayout.RowsTogether ? a[8] : a6[twice]), b0, b1, ref c80, ref c81);
                if (TRows.Value > 9)
                    Add(V.Create(TLayout.RowsTogether ? a[9] : a9[0]), b0, b1, ref c90, ref c91);
                if (TRows.Value > 10)
                    Add(V.Create(TLayout.RowsTogether ? a[10] : a9[row]), b0, b1, ref c100, ref c101);
                if (TRows.Value > 11)
                    Add(V.Create(TLayout.RowsTogether ? a[11] : a9[twice]), b0, b1, ref c110, ref c111);
                LoadB(b + ldb, rest, out b0, out b1);
                if (TRows.Value > 0)
                    Add(V.Create(TLayout.RowsTogether ? a[column] : a[1]), b0, b1, ref c00, ref c01);
                if (TRows.Value > 1)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 1] : a[row + 1]), b0, b1, ref c10, ref c11);
                if (TRows.Value > 2)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 2] : a[twice + 1]), b0, b1, ref c20, ref c21);
                if (TRows.Value > 3)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 3] : a3[1]), b0, b1, ref c30, ref c31);
                if (TRows.Value > 4)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 4] : a3[row + 1]), b0, b1, ref c40, ref c41);
                if (TRows.Value > 5)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 5] : a3[twice + 1]), b0, b1, ref c50, ref c51);
                if (TRows.Value > 6)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 6] : a6[1]), b0, b1, ref c60, ref c61);
                if (TRows.Value > 7)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 7] : a6[row + 1]), b0, b1, ref c70, ref c71);
                if (TRows.Value > 8)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 8] : a6[twice + 1]), b0, b1, ref c80, ref c81);
                if (TRows.Value > 9)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 9] : a9[1]), b0, b1, ref c90, ref c91);
                if (TRows.Value > 10)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 10] : a9[row + 1]), b0, b1, ref c100, ref c101);
                if (TRows.Value > 11)
                    Add(V.Create(TLayout.RowsTogether ? a[column + 11] : a9[twice + 1]), b0, b1, ref c110, ref c111);
                a += 2 * column;
                b += 2 * ldb;
            }

            if (k > 0)
            {
                float* a3 = a + thrice,
                    a6 = a3 + thrice,
                    a9 = a6 + thrice;
                LoadB(b, rest, out b0, out b1);
                if (TRows.Value > 0)
                    Add(V.Create(a[0]), b0, b1, ref c00, ref c01);
                if (TRows.Value > 1)
                    Add(V.Create(TLayout.RowsTogether ? a[1] : a[row]), b0, b1, ref c10, ref c11);
                if (TRows.Value > 2)
                    Add(V.Create(TLayout.RowsTogether ? a[2] : a[twice]), b0, b1, ref c20, ref c21);
                if (TRows.Value > 3)
                    Add(V.Create(TLayout.RowsTogether ? a[3] : a3[0]), b0, b1, ref c30, ref c31);
                if (TRows.Value > 4)
                    Add(V.Create(TLayout.RowsTogether ? a[4] : a3[row]), b0, b1, ref c40, ref c41);
                if (TRows.Value > 5)
                    Add(V.Create(TLayout.RowsTogether ? a[5] : a3[twice]), b0, b1, ref c50, ref c51);
                if (TRows.Value > 6)
                    Add(V.Create(TLayout.RowsTogether ? a[6] : a6[0]), b0, b1, ref c60, ref c61);
                if (TRows.Value > 7)
                    Add(V.Create(TLayout.RowsTogether ? a[7] : a6[row]), b0, b1, ref c70, ref c71);
                if (TRows.Value > 8)
                    Add(V.Create(TLayout.RowsTogether ? a[8] : a6[twice]), b0, b1, ref c80, ref c81);
                if (TRows.Value > 9)
                    Add(V.Create(TLayout.RowsTogether ? a[9] : a9[0]), b0, b1, ref c90, ref c91);
                if (TRows.Value > 10)
                    Add(V.Create(TLayout.RowsTogether ? a[10] : a9[row]), b0, b1, ref c100, ref c101);
                if (TRows.Value > 11)
                    Add(V.Create(TLayout.RowsTogether ? a[11] : a9[twice]), b0, b1, ref c110, ref c111);
                if (TLayout.Stretched)
                {
                    a += column;
                    b += ldb;
                }
            }

            if (!TLayout.Stretched || next->Length == 0)
                break;
            k = next->Length;
            if (TLayout.Packed)
                b = next->From;
            else
                a = next->From;
            next++;
        }

        V bias0 = default,
            bias1 = default;
        if (bias != null)
            Load(bias, rest, ref bias0, ref bias1);
        if (TRows.Value > 0)
            Store(c + (0 * ldc), rest, accumulate, c00 + bias0, c01 + bias1);
        if (TRows.Value > 1)
            Store(c + (1 * ldc), rest, accumulate, c10 + bias0, c11 + bias1);
        if (TRows.Value > 2)
            Store(c + (2 * ldc), rest, accumulate, c20 + bias0, c21 + bias1);
        if (TRows.Value > 3)
            Store(c + (3 * ldc), rest, accumulate, c30 + bias0, c31 + bias1);
        if (TRows.Value > 4)
            Store(c + (4 * ldc), rest, accumulate, c40 + bias0, c41 + bias1);
        if (TRows.Value > 5)
            Store(c + (5 * ldc), rest, accumulate, c50 + bias0, c51 + bias1);
        if (TRows.Value > 6)
            Store(c + (6 * ldc), rest, accumulate, c60 + bias0, c61 + bias1);
        if (TRows.Value > 7)
            Store(c + (7 * ldc), rest, accumulate, c70 + bias0, c71 + bias1);
        if (TRows.Value > 8)
            Store(c + (8 * ldc), rest, accumulate, c80 + bias0, c81 + bias1);
        if (TRows.Value > 9)
            Store(c + (9 * ldc), rest, accumulate, c90 + bias0, c91 + bias1);
        if (TRows.Value > 10)
            Store(c + (10 * ldc), rest, accumulate, c100 + bias0, c101 + bias1);
        if (TRows.Value > 11)
            Store(c + (11 * ldc), rest, accumulate, c110 + bias0, c111 + bias1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* p)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(p);
        Sse.Prefetch0(p + (TCols.Vectors * V.Count) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadB(float* b, int rest, out V b0, out V b1)
    {
        b0 = TCols.Vectors == 1 && TCols.Partial ? V.LoadPartial(b, rest) : V.Load(b);
        b1 = default;
        if (TCols.Vectors == 2)
            b1 = TCols.Partial ? V.LoadPartial(b + V.Count, rest) : V.Load(b + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(V x, V b0, V b1, ref V c0, ref V c1)
    {
        V.Accumulate(ref c0, b0, x);
        if (TCols.Vectors == 2)
            V.Accumulate(ref c1, b1, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* p, int rest, ref V x0, ref V x1)
    {
        if (TCols.Vectors == 1)
            x0 = TCols.Partial ? V.LoadPartial(p, rest) : V.Load(p);
        else
            x0 = V.Load(p);
        if (TCols.Vectors == 2)
            x1 = TCols.Partial ? V.LoadPartial(p + V.Count, rest) : V.Load(p + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* p, int rest, bool accumulate, V x0, V x1)
    {
        if (accumulate)
        {
            V before0 = default,
                before1 = default;
            Load(p, rest, ref before0, ref before1);
            x0 += before0;
            x1 += before1;
        }

        if (TCols.Vectors == 1 && TCols.Partial)
            V.StorePartial(p, x0, rest);
        else
            V.Store(p, x0);
        if (TCols.Vectors == 1)
            return;
        if (TCols.Partial)
            V.StorePartial(p + V.Count, x1, rest);
        else
            V.Store(p + V.Count, x1);
    }
}
