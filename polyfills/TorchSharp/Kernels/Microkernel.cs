using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// The innermost product: a tile of at most 12 rows by two vectors of C stays in registers while k runs. The accumulators are
/// named locals because the JIT keeps arrays in memory; conditions on TRows and TCols are constants to it and vanish.
/// </summary>
internal static unsafe class Microkernel<V, TRows, TCols> where V : struct, IVector<V> where TRows : struct, IConstant where TCols : struct, IColumns
{
    /// <summary>
    /// c[r, j] = (accumulate ? c[r, j] : 0) + bias[j] + sum over p of a[r * rs + p * cs] * b[p * ldb + j], for the tile's rows and
    /// cols columns; bias may be null.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint k, float* a, nint rs, nint cs, float* b, nint ldb, float* c, nint ldc, int cols, bool accumulate, float* bias)
    {
        V c00 = default, c01 = default;
        V c10 = default, c11 = default;
        V c20 = default, c21 = default;
        V c30 = default, c31 = default;
        V c40 = default, c41 = default;
        V c50 = default, c51 = default;
        V c60 = default, c61 = default;
        V c70 = default, c71 = default;
        V c80 = default, c81 = default;
        V c90 = default, c91 = default;
        V c100 = default, c101 = default;
        V c110 = default, c111 = default;
        var rest = TCols.Vectors == 2 ? cols - V.Count : cols;
        if (accumulate)
        {
            if (TRows.Value > 0) Load(c + (0 * ldc), rest, ref c00, ref c01);
            if (TRows.Value > 1) Load(c + (1 * ldc), rest, ref c10, ref c11);
            if (TRows.Value > 2) Load(c + (2 * ldc), rest, ref c20, ref c21);
            if (TRows.Value > 3) Load(c + (3 * ldc), rest, ref c30, ref c31);
            if (TRows.Value > 4) Load(c + (4 * ldc), rest, ref c40, ref c41);
            if (TRows.Value > 5) Load(c + (5 * ldc), rest, ref c50, ref c51);
            if (TRows.Value > 6) Load(c + (6 * ldc), rest, ref c60, ref c61);
            if (TRows.Value > 7) Load(c + (7 * ldc), rest, ref c70, ref c71);
            if (TRows.Value > 8) Load(c + (8 * ldc), rest, ref c80, ref c81);
            if (TRows.Value > 9) Load(c + (9 * ldc), rest, ref c90, ref c91);
            if (TRows.Value > 10) Load(c + (10 * ldc), rest, ref c100, ref c101);
            if (TRows.Value > 11) Load(c + (11 * ldc), rest, ref c110, ref c111);
        }
        if (bias != null)
        {
            V bias0 = default, bias1 = default;
            Load(bias, rest, ref bias0, ref bias1);
            c00 += bias0;
            c01 += bias1;
            c10 += bias0;
            c11 += bias1;
            c20 += bias0;
            c21 += bias1;
            c30 += bias0;
            c31 += bias1;
            c40 += bias0;
            c41 += bias1;
            c50 += bias0;
            c51 += bias1;
            c60 += bias0;
            c61 += bias1;
            c70 += bias0;
            c71 += bias1;
            c80 += bias0;
            c81 += bias1;
            c90 += bias0;
            c91 += bias1;
            c100 += bias0;
            c101 += bias1;
            c110 += bias0;
            c111 += bias1;
        }
        var twice = 2 * rs;
        float* a3 = a + (3 * rs), a6 = a3 + (3 * rs), a9 = a6 + (3 * rs);
        while (--k >= 0)
        {
            var b0 = TCols.Vectors == 1 && TCols.Partial ? V.LoadPartial(b, rest) : V.Load(b);
            V b1 = default;
            if (TCols.Vectors == 2) b1 = TCols.Partial ? V.LoadPartial(b + V.Count, rest) : V.Load(b + V.Count);
            if (TRows.Value > 0)
            {
                var x = V.Create(a[0]);
                V.Accumulate(ref c00, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c01, b1, x);
            }
            if (TRows.Value > 1)
            {
                var x = V.Create(a[rs]);
                V.Accumulate(ref c10, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c11, b1, x);
            }
            if (TRows.Value > 2)
            {
                var x = V.Create(a[twice]);
                V.Accumulate(ref c20, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c21, b1, x);
            }
            if (TRows.Value > 3)
            {
                var x = V.Create(a3[0]);
                V.Accumulate(ref c30, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c31, b1, x);
            }
            if (TRows.Value > 4)
            {
                var x = V.Create(a3[rs]);
                V.Accumulate(ref c40, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c41, b1, x);
            }
            if (TRows.Value > 5)
            {
                var x = V.Create(a3[twice]);
                V.Accumulate(ref c50, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c51, b1, x);
            }
            if (TRows.Value > 6)
            {
                var x = V.Create(a6[0]);
                V.Accumulate(ref c60, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c61, b1, x);
            }
            if (TRows.Value > 7)
            {
                var x = V.Create(a6[rs]);
                V.Accumulate(ref c70, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c71, b1, x);
            }
            if (TRows.Value > 8)
            {
                var x = V.Create(a6[twice]);
                V.Accumulate(ref c80, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c81, b1, x);
            }
            if (TRows.Value > 9)
            {
                var x = V.Create(a9[0]);
                V.Accumulate(ref c90, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c91, b1, x);
            }
            if (TRows.Value > 10)
            {
                var x = V.Create(a9[rs]);
                V.Accumulate(ref c100, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c101, b1, x);
            }
            if (TRows.Value > 11)
            {
                var x = V.Create(a9[twice]);
                V.Accumulate(ref c110, b0, x);
                if (TCols.Vectors == 2) V.Accumulate(ref c111, b1, x);
            }
            a += cs;
            if (TRows.Value > 3) a3 += cs;
            if (TRows.Value > 6) a6 += cs;
            if (TRows.Value > 9) a9 += cs;
            b += ldb;
        }
        if (TRows.Value > 0) Store(c + (0 * ldc), rest, c00, c01);
        if (TRows.Value > 1) Store(c + (1 * ldc), rest, c10, c11);
        if (TRows.Value > 2) Store(c + (2 * ldc), rest, c20, c21);
        if (TRows.Value > 3) Store(c + (3 * ldc), rest, c30, c31);
        if (TRows.Value > 4) Store(c + (4 * ldc), rest, c40, c41);
        if (TRows.Value > 5) Store(c + (5 * ldc), rest, c50, c51);
        if (TRows.Value > 6) Store(c + (6 * ldc), rest, c60, c61);
        if (TRows.Value > 7) Store(c + (7 * ldc), rest, c70, c71);
        if (TRows.Value > 8) Store(c + (8 * ldc), rest, c80, c81);
        if (TRows.Value > 9) Store(c + (9 * ldc), rest, c90, c91);
        if (TRows.Value > 10) Store(c + (10 * ldc), rest, c100, c101);
        if (TRows.Value > 11) Store(c + (11 * ldc), rest, c110, c111);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* p, int rest, ref V x0, ref V x1)
    {
        if (TCols.Vectors == 1) x0 = TCols.Partial ? V.LoadPartial(p, rest) : V.Load(p);
        else x0 = V.Load(p);
        if (TCols.Vectors == 2) x1 = TCols.Partial ? V.LoadPartial(p + V.Count, rest) : V.Load(p + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* p, int rest, V x0, V x1)
    {
        if (TCols.Vectors == 1 && TCols.Partial) V.StorePartial(p, x0, rest);
        else V.Store(p, x0);
        if (TCols.Vectors == 1) return;
        if (TCols.Partial) V.StorePartial(p + V.Count, x1, rest);
        else V.Store(p + V.Count, x1);
    }
}
