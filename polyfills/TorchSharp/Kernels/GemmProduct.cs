using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>One matrix product, and how a single thread computes a rectangle of it.</summary>
internal unsafe struct GemmProduct
{
    /// <summary>Longest stretch of k at a time: a strip of B this long stays in the second-level cache with a block of A.</summary>
    private const int MaxK = 512;

    /// <summary>Floats of A that stay in the second-level cache.</summary>
    private const int BlockA = 128 * 1024;

    public float* A;
    public nint RowStrideA;
    public nint ColumnStrideA;
    public float* B;
    public nint LeadingB;
    public bool TransposeB;
    public float* C;
    public nint LeadingC;
    public int K;
    public bool Accumulate;
    public float* Bias;

    public readonly void Run<V>(int top, int rows, int left, int cols) where V : struct, IVector<V>
    {
        var strip = 2 * V.Count;
        var blocks = Math.Max(1, (K + MaxK - 1) / MaxK);
        var depth = Math.Max(1, (K + blocks - 1) / blocks);
        var tall = Math.Max(Microkernels<V>.Rows, BlockA / depth / Microkernels<V>.Rows * Microkernels<V>.Rows);
        var packA = PacksA(rows, cols);
        var packB = PacksB(rows);
        var packedA = packA ? NativePool.Rent((long)Math.Min(tall, rows + Microkernels<V>.Rows) * depth * sizeof(float)) : null;
        var packedB = packB ? NativePool.Rent((long)strip * depth * sizeof(float)) : null;
        for (var p = 0; p == 0 || p < K; p += depth)
        {
            var length = Math.Min(depth, K - p);
            var accumulate = Accumulate || p > 0;
            var bias = p == 0 ? Bias : null;
            for (var i = 0; i < rows; i += tall)
            {
                var height = Math.Min(tall, rows - i);
                var a = A + ((top + i) * RowStrideA) + (p * ColumnStrideA);
                if (packA) PackA<V>(a, height, length, packedA);
                for (var j = 0; j < cols; j += strip)
                {
                    var width = Math.Min(strip, cols - j);
                    var b = TransposeB ? B + ((left + j) * LeadingB) + p : B + (p * LeadingB) + left + j;
                    if (packB) PackB(b, width, length, packedB, strip);
                    Strip<V>(a, packedA, height, packB ? packedB : b, packB ? strip : LeadingB, length,
                        C + ((top + i) * LeadingC) + left + j, width, accumulate, bias == null ? null : bias + left + j);
                }
            }
        }
        if (packA) NativePool.Return(packedA, (long)Math.Min(tall, rows + Microkernels<V>.Rows) * depth * sizeof(float));
        if (packB) NativePool.Return(packedB, (long)strip * depth * sizeof(float));
    }

    /// <summary>All rows of a block of A against one strip of B, in panels of nearly equal height.</summary>
    private readonly void Strip<V>(
        float* a, float* packedA, int height, float* b, nint ldb, int length, float* c, int width, bool accumulate, float* bias) where V : struct, IVector<V>
    {
        var panels = (height + Microkernels<V>.Rows - 1) / Microkernels<V>.Rows;
        var (least, more) = Math.DivRem(height, panels);
        for (var panel = 0; panel < panels; panel++)
        {
            var rows = panel < more ? least + 1 : least;
            var kernel = Microkernels<V>.Choose(rows, width);
            if (packedA == null)
            {
                kernel(length, a, RowStrideA, ColumnStrideA, b, ldb, c, LeadingC, width, accumulate, bias);
                a += rows * RowStrideA;
            }
            else
            {
                kernel(length, packedA, 1, rows, b, ldb, c, LeadingC, width, accumulate, bias);
                packedA += rows * length;
            }
            c += rows * LeadingC;
        }
    }

    private readonly bool PacksA(int rows, int cols)
    {
        var stride = Math.Max(RowStrideA, ColumnStrideA);
        return cols >= 128 && K >= 64 && ((stride % 512 == 0 && rows > 4) || (long)rows * K >= 200_000);
    }

    /// <summary>Rows of B that lie apart cost cache lines cut in two, so copying pays as soon as a strip is used for a few panels.</summary>
    private readonly bool PacksB(int rows) => TransposeB || rows > 32 || (rows >= 8 && K >= 64 && LeadingB % 512 == 0);

    /// <summary>Panels one after the other, each with k outside and rows inside.</summary>
    private readonly void PackA<V>(float* a, int height, int length, float* packed) where V : struct, IVector<V>
    {
        var panels = (height + Microkernels<V>.Rows - 1) / Microkernels<V>.Rows;
        var (least, more) = Math.DivRem(height, panels);
        for (var panel = 0; panel < panels; panel++)
        {
            var rows = panel < more ? least + 1 : least;
            if (ColumnStrideA == 1) Transpose.Run(rows, length, a, RowStrideA, packed, rows);
            else CopyRows(length, rows, a, ColumnStrideA, packed, rows);
            a += rows * RowStrideA;
            packed += rows * length;
        }
    }

    private readonly void PackB(float* b, int width, int length, float* packed, int strip)
    {
        if (TransposeB) Transpose.Run(width, length, b, LeadingB, packed, strip);
        else CopyRows(length, width, b, LeadingB, packed, strip);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(nint rows, nint cols, float* from, nint ldFrom, float* to, nint ldTo)
    {
        if (cols == 32 && Simd.Width == 512)
        {
            for (nint i = 0; i < rows; i++, from += ldFrom, to += ldTo)
            {
                V512.Store(to, V512.Load(from));
                V512.Store(to + 16, V512.Load(from + 16));
            }
            return;
        }
        for (nint i = 0; i < rows; i++, from += ldFrom, to += ldTo)
        {
            nint j = 0;
            for (; j + 4 <= cols; j += 4) V128.Store(to + j, V128.Load(from + j));
            for (; j < cols; j++) to[j] = from[j];
        }
    }
}
