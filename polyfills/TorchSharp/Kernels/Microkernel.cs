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
        var twice = 2 * rs;
        float* a3 = a + (3 * rs), a6 = a3 + (3 * rs), a9 = a6 + (3 * rs);
        for (; k > 0; k--)
        {
            var b0 = TCols.Vectors == 1 && TCols.Partial ? V.LoadPartial(b, rest) : V.Load(b);
            V b1 = default;
            if (TCols.Vectors == 2) b1 = TCols.Partial ? V.LoadPartial(b + V.Count, rest) : V.Load(b + V.Count);
            if (TRows.Value > 0)
            {
                var x = V.Create(a[0]);
                c00 = V.MultiplyAdd(x, b0, c00);
                if (TCols.Vectors == 2) c01 = V.MultiplyAdd(x, b1, c01);
            }
            if (TRows.Value > 1)
            {
                var x = V.Create(a[rs]);
                c10 = V.MultiplyAdd(x, b0, c10);
                if (TCols.Vectors == 2) c11 = V.MultiplyAdd(x, b1, c11);
            }
            if (TRows.Value > 2)
            {
                var x = V.Create(a[twice]);
                c20 = V.MultiplyAdd(x, b0, c20);
                if (TCols.Vectors == 2) c21 = V.MultiplyAdd(x, b1, c21);
            }
            if (TRows.Value > 3)
            {
                var x = V.Create(a3[0]);
                c30 = V.MultiplyAdd(x, b0, c30);
                if (TCols.Vectors == 2) c31 = V.MultiplyAdd(x, b1, c31);
            }
            if (TRows.Value > 4)
            {
                var x = V.Create(a3[rs]);
                c40 = V.MultiplyAdd(x, b0, c40);
                if (TCols.Vectors == 2) c41 = V.MultiplyAdd(x, b1, c41);
            }
            if (TRows.Value > 5)
            {
                var x = V.Create(a3[twice]);
                c50 = V.MultiplyAdd(x, b0, c50);
                if (TCols.Vectors == 2) c51 = V.MultiplyAdd(x, b1, c51);
            }
            if (TRows.Value > 6)
            {
                var x = V.Create(a6[0]);
                c60 = V.MultiplyAdd(x, b0, c60);
                if (TCols.Vectors == 2) c61 = V.MultiplyAdd(x, b1, c61);
            }
            if (TRows.Value > 7)
            {
                var x = V.Create(a6[rs]);
                c70 = V.MultiplyAdd(x, b0, c70);
                if (TCols.Vectors == 2) c71 = V.MultiplyAdd(x, b1, c71);
            }
            if (TRows.Value > 8)
            {
                var x = V.Create(a6[twice]);
                c80 = V.MultiplyAdd(x, b0, c80);
                if (TCols.Vectors == 2) c81 = V.MultiplyAdd(x, b1, c81);
            }
            if (TRows.Value > 9)
            {
                var x = V.Create(a9[0]);
                c90 = V.MultiplyAdd(x, b0, c90);
                if (TCols.Vectors == 2) c91 = V.MultiplyAdd(x, b1, c91);
            }
            if (TRows.Value > 10)
            {
                var x = V.Create(a9[rs]);
                c100 = V.MultiplyAdd(x, b0, c100);
                if (TCols.Vectors == 2) c101 = V.MultiplyAdd(x, b1, c101);
            }
            if (TRows.Value > 11)
            {
                var x = V.Create(a9[twice]);
                c110 = V.MultiplyAdd(x, b0, c110);
                if (TCols.Vectors == 2) c111 = V.MultiplyAdd(x, b1, c111);
            }
            a += cs;
            if (TRows.Value > 3) a3 += cs;
            if (TRows.Value > 6) a6 += cs;
            if (TRows.Value > 9) a9 += cs;
            b += ldb;
        }
        if (TRows.Value > 0) Finish(c + (0 * ldc), c00, c01, rest, accumulate, bias);
        if (TRows.Value > 1) Finish(c + (1 * ldc), c10, c11, rest, accumulate, bias);
        if (TRows.Value > 2) Finish(c + (2 * ldc), c20, c21, rest, accumulate, bias);
        if (TRows.Value > 3) Finish(c + (3 * ldc), c30, c31, rest, accumulate, bias);
        if (TRows.Value > 4) Finish(c + (4 * ldc), c40, c41, rest, accumulate, bias);
        if (TRows.Value > 5) Finish(c + (5 * ldc), c50, c51, rest, accumulate, bias);
        if (TRows.Value > 6) Finish(c + (6 * ldc), c60, c61, rest, accumulate, bias);
        if (TRows.Value > 7) Finish(c + (7 * ldc), c70, c71, rest, accumulate, bias);
        if (TRows.Value > 8) Finish(c + (8 * ldc), c80, c81, rest, accumulate, bias);
        if (TRows.Value > 9) Finish(c + (9 * ldc), c90, c91, rest, accumulate, bias);
        if (TRows.Value > 10) Finish(c + (10 * ldc), c100, c101, rest, accumulate, bias);
        if (TRows.Value > 11) Finish(c + (11 * ldc), c110, c111, rest, accumulate, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(float* c, V x0, V x1, int rest, bool accumulate, float* bias)
    {
        if (TCols.Vectors == 2)
        {
            if (accumulate) x0 += V.Load(c);
            if (bias != null) x0 += V.Load(bias);
            V.Store(c, x0);
            Last(c + V.Count, x1, rest, accumulate, bias == null ? null : bias + V.Count);
        }
        else
        {
            Last(c, x0, rest, accumulate, bias);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Last(float* c, V x, int rest, bool accumulate, float* bias)
    {
        if (TCols.Partial)
        {
            if (accumulate) x += V.LoadPartial(c, rest);
            if (bias != null) x += V.LoadPartial(bias, rest);
            V.StorePartial(c, x, rest);
        }
        else
        {
            if (accumulate) x += V.Load(c);
            if (bias != null) x += V.Load(bias);
            V.Store(c, x);
        }
    }
}
