using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>Transposition in registers: dst[j * ldd + i] = src[i * lds + j].</summary>
internal static unsafe class Transpose
{
    public static void Run(nint rows, nint cols, float* src, nint lds, float* dst, nint ldd)
    {
        var enough = rows >= 4;
        if (Simd.Width == 512)
        {
            for (; rows >= 16; rows -= 16, src += 16 * lds, dst += 16)
                Strip<V512>(cols, src, lds, dst, ldd);
        }

        if (Simd.Width >= 256)
        {
            for (; rows >= 8; rows -= 8, src += 8 * lds, dst += 8)
                Strip<V256>(cols, src, lds, dst, ldd);
        }

        for (; rows >= 4; rows -= 4, src += 4 * lds, dst += 4)
            Strip<V128>(cols, src, lds, dst, ldd);
        // One to three rows are left: four with some of those before, written once more, cost a tenth of one at a time.
        if (rows > 0 && enough)
        {
            Strip<V128>(cols, src - ((4 - rows) * lds), lds, dst - (4 - rows), ldd);
        }
        else
        {
            for (; rows > 0; rows--, src += lds, dst++)
                Row(cols, src, dst, ldd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(nint cols, float* src, float* dst, nint ldd)
    {
        for (; cols > 0; cols--, src++, dst += ldd)
            *dst = *src;
    }

    /// <summary>As many rows as the vector has lanes, four columns at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strip<V>(nint cols, float* src, nint lds, float* dst, nint ldd)
        where V : struct, IVector<V>
    {
        for (; cols >= 4; cols -= 4, src += 4, dst += 4 * ldd)
        {
            V r0 = V.LoadQuads(src, lds),
                r1 = V.LoadQuads(src + lds, lds),
                r2 = V.LoadQuads(src + (2 * lds), lds),
                r3 = V.LoadQuads(src + (3 * lds), lds);
            V low = V.UnpackLow(r0, r1),
                low2 = V.UnpackLow(r2, r3),
                high = V.UnpackHigh(r0, r1),
                high2 = V.UnpackHigh(r2, r3);
            V.Store(dst, V.MoveLow(low, low2));
            V.Store(dst + ldd, V.MoveHigh(low, low2));
            V.Store(dst + (2 * ldd), V.MoveLow(high, high2));
            V.Store(dst + (3 * ldd), V.MoveHigh(high, high2));
        }

        for (; cols > 0; cols--, src++, dst += ldd)
        {
            for (var i = 0; i < V.Count; i++)
                dst[i] = src[i * lds];
        }
    }
}
