using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>One matrix product, and how a single thread computes a rectangle of it.</summary>
internal unsafe struct GemmProduct
{
    /// <summary>Longest stretch of k at a time: a strip of B this long stays in the first-level cache with a panel of A.</summary>
    private const int MaxK = 256;

    /// <summary>Floats of A, and of B, that stay in the second-level cache together.</summary>
    private const int BlockA = 24 * 1024,
        BlockB = 48 * 1024;

    public float* A;
    public nint LeadingA;
    public bool TransposeA;
    public float* B;
    public nint LeadingB;
    public bool TransposeB;
    public float* C;
    public nint LeadingC;
    public int K;
    public bool Accumulate;
    public float* Bias;

    private readonly nint RowStrideA => TransposeA ? 1 : LeadingA;

    private readonly nint ColumnStrideA => TransposeA ? LeadingA : 1;

    public readonly void Run<V>(int top, int rows, int left, int cols)
        where V : struct, IVector<V>
    {
        var strip = 2 * V.Count;
        var blocks = Math.Max(1, (K + MaxK - 1) / MaxK);
        var depth = Math.Max(1, (K + blocks - 1) / blocks);
        var tall = Math.Max(Microkernels<V>.Rows, BlockA / depth / Microkernels<V>.Rows * Microkernels<V>.Rows);
        // Rows of B are read in long stretches; where they are columns, a strip that is used once stays nearer when packed by itself.
        var wide = TransposeB && rows <= tall ? strip : Math.Max(strip, BlockB / depth / strip * strip);
        var packA = PacksA(rows, cols);
        var packB = PacksB(rows);
        var sizeA = (long)rows * depth * sizeof(float);
        var sizeB = (long)Math.Min(wide, (cols + strip - 1) / strip * strip) * depth * sizeof(float);
        var packedA = packA ? NativePool.Rent(sizeA) : null;
        var packedB = packB ? NativePool.Rent(sizeB) : null;
        for (var p = 0; p == 0 || p < K; p += depth)
        {
            var length = Math.Min(depth, K - p);
            var accumulate = Accumulate || p > 0;
            var bias = p == 0 ? Bias : null;
            for (var j = 0; j < cols; j += wide)
            {
                var width = Math.Min(wide, cols - j);
                var b = TransposeB ? B + ((left + j) * LeadingB) + p : B + (p * LeadingB) + left + j;
                if (packB)
                    PackB<V>(b, width, length, packedB);
                for (var i = 0; i < rows; i += tall)
                {
                    var height = Math.Min(tall, rows - i);
                    var a = A + ((top + i) * RowStrideA) + (p * ColumnStrideA);
                    var packed = packA ? packedA + ((long)i * length) : null;
                    if (packA && j == 0)
                        PackA<V>(a, height, length, packed);
                    for (var s = 0; s < width; s += strip)
                    {
                        Strip<V>(
                            a,
                            packed,
                            height,
                            packB ? packedB + ((long)s * length) : b + s,
                            packB ? strip : LeadingB,
                            length,
                            C + ((top + i) * LeadingC) + left + j + s,
                            Math.Min(strip, width - s),
                            accumulate,
                            bias == null ? null : bias + left + j + s
                        );
                    }
                }
            }
        }

        if (packA)
            NativePool.Return(packedA, sizeA);
        if (packB)
            NativePool.Return(packedB, sizeB);
    }

    /// <summary>All rows of a block of A against one strip of B, in panels of nearly equal height.</summary>
    private readonly void Strip<V>(
        float* a,
        float* packedA,
        int height,
        float* b,
        nint ldb,
        int length,
        float* c,
        int width,
        bool accumulate,
        float* bias
    )
        where V : struct, IVector<V>
    {
        var panels = (height + Microkernels<V>.Rows - 1) / Microkernels<V>.Rows;
        var (least, more) = Math.DivRem(height, panels);
        for (var panel = 0; panel < panels; panel++)
        {
            var rows = panel < more ? least + 1 : least;
            var kernel =
                packedA != null && ldb == 2 * V.Count ? Microkernels<V>.Choose<Packed>(rows, width)
                : packedA != null || TransposeA ? Microkernels<V>.Choose<RowsTogether>(rows, width)
                : Microkernels<V>.Choose<RowsApart>(rows, width);
            if (packedA == null)
            {
                kernel(length, a, LeadingA, b, ldb, c, LeadingC, width, accumulate, bias, null);
                a += rows * RowStrideA;
            }
            else
            {
                kernel(length, packedA, rows, b, ldb, c, LeadingC, width, accumulate, bias, null);
                packedA += rows * length;
            }

            c += rows * LeadingC;
        }
    }

    /// <summary>Where A is used often enough; copying it is cheaper where its columns lie in one piece.</summary>
    public readonly bool PacksA(int rows, int cols) =>
        cols >= 128 && K >= 64 && rows > 4 && (TransposeA || LeadingA % 512 == 0 || (long)rows * K >= 200_000);

    /// <summary>
    /// Rows of B that lie apart cost cache lines cut in two, so copying pays as soon as a strip is used for a few panels.
    /// </summary>
    private readonly bool PacksB(int rows) => TransposeB || rows > 32 || (rows >= 8 && K >= 64 && LeadingB % 512 == 0);

    /// <summary>Panels one after the other, each with k outside and rows inside.</summary>
    private readonly void PackA<V>(float* a, int height, int length, float* packed)
        where V : struct, IVector<V>
    {
        var panels = (height + Microkernels<V>.Rows - 1) / Microkernels<V>.Rows;
        var (least, more) = Math.DivRem(height, panels);
        for (var panel = 0; panel < panels; panel++)
        {
            var rows = panel < more ? least + 1 : least;
            if (TransposeA)
                CopyRows(length, rows, a, LeadingA, packed, rows);
            else
                Transpose.Run(rows, length, a, LeadingA, packed, rows);
            a += rows * RowStrideA;
            packed += rows * length;
        }
    }

    /// <summary>Strips one after the other, each with k outside and columns inside.</summary>
    private readonly void PackB<V>(float* b, int width, int length, float* packed)
        where V : struct, IVector<V>
    {
        var strip = 2 * V.Count;
        if (!TransposeB)
        {
            CopyStrips<V>(length, width, b, LeadingB, packed);
        }
        else
        {
            for (var s = 0; s < width; s += strip)
                Transpose.Run(Math.Min(strip, width - s), length, b + (s * LeadingB), LeadingB, packed + ((long)s * length), strip);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyStrips<V>(int length, int width, float* from, nint ldFrom, float* to)
        where V : struct, IVector<V>
    {
        var strip = 2 * V.Count;
        for (var i = 0; i < length; i++, from += ldFrom, to += strip)
        {
            var target = to;
            var j = 0;
            for (; j + strip <= width; j += strip, target += (nint)strip * length)
            {
                V.Store(target, V.Load(from + j));
                V.Store(target + V.Count, V.Load(from + j + V.Count));
            }

            for (var s = 0; j + s < width; s++)
                target[s] = from[j + s];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(nint rows, nint cols, float* from, nint ldFrom, float* to, nint ldTo)
    {
        for (nint i = 0; i < rows; i++, from += ldFrom, to += ldTo)
        {
            nint j = 0;
            for (; j + 4 <= cols; j += 4)
                V128.Store(to + j, V128.Load(from + j));
            for (; j < cols; j++)
                to[j] = from[j];
        }
    }
}
