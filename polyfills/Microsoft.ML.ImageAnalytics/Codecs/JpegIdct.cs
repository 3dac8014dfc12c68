using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// The inverse DCT of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in fixed point with 13 fractional bits, two of them kept between
/// the passes: the arithmetic of libjpeg's accurate integer method, so that samples agree with it. All eight columns go at once.
/// </summary>
internal static class JpegIdct
{
    private const int ConstBits = 13;
    private const int PassBits = 2;

    /// <summary>Dequantizes and transforms a block of 64 coefficients into 8 x 8 samples.</summary>
    public static void Transform(ReadOnlySpan<short> block, ReadOnlySpan<short> quant, Span<byte> samples, int stride)
    {
        Span<Vector256<int>> rows = stackalloc Vector256<int>[8];
        ref var coefficients = ref MemoryMarshal.GetReference(block);
        ref var factors = ref MemoryMarshal.GetReference(quant);
        _ = (block[63], quant[63], samples[(7 * stride) + 7]);
        for (var i = 0; i < 8; i++)
        {
            var product = Vector128.LoadUnsafe(ref coefficients, (nuint)(8 * i)) * Vector128.LoadUnsafe(ref factors, (nuint)(8 * i));
            rows[i] = Vector256.Create(Vector128.WidenLower(product), Vector128.WidenUpper(product));
        }

        Pass(rows, ConstBits - PassBits);
        Transpose(rows);
        Pass(rows, ConstBits + PassBits + 3);
        Transpose(rows);

        ref var target = ref MemoryMarshal.GetReference(samples);
        for (var i = 0; i < 8; i += 2)
        {
            var pair = Vector256.NarrowWithSaturation(rows[i], rows[i + 1]);
            var bytes = Vector128.NarrowWithSaturation(pair.GetLower(), pair.GetUpper()).AsByte() ^ Vector128.Create((byte)128);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i * stride), bytes.AsUInt64().ToScalar());
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, (i + 1) * stride), bytes.AsUInt64()[1]);
        }
    }

    /// <summary>A block with nothing but a mean.</summary>
    public static void Fill(int dc, short quant, Span<byte> samples, int stride)
    {
        var value = (byte)Math.Clamp((((short)(dc * quant) + 4) >> 3) + 128, 0, 255);
        for (var i = 0; i < 8; i++)
            samples.Slice(i * stride, 8).Fill(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(Span<Vector256<int>> r, int shift)
    {
        var z1 = (r[2] + r[6]) * 4433;
        var t2 = z1 - (r[6] * 15137);
        var t3 = z1 + (r[2] * 6270);
        var t0 = (r[0] + r[4]) << ConstBits;
        var t1 = (r[0] - r[4]) << ConstBits;
        // Half a unit of the result, so that the shift rounds.
        var half = Vector256.Create(1 << (shift - 1));
        var e0 = t0 + t3 + half;
        var e3 = t0 - t3 + half;
        var e1 = t1 + t2 + half;
        var e2 = t1 - t2 + half;

        var (o0, o1, o2, o3) = (r[7], r[5], r[3], r[1]);
        var z5 = (o0 + o2 + o1 + o3) * 9633;
        var z3 = z5 - ((o0 + o2) * 16069);
        var z4 = z5 - ((o1 + o3) * 3196);
        z1 = (o0 + o3) * -7373;
        var z2 = (o1 + o2) * -20995;
        o0 = (o0 * 2446) + z1 + z3;
        o1 = (o1 * 16819) + z2 + z4;
        o2 = (o2 * 25172) + z2 + z3;
        o3 = (o3 * 12299) + z1 + z4;

        r[0] = (e0 + o3) >> shift;
        r[7] = (e0 - o3) >> shift;
        r[1] = (e1 + o2) >> shift;
        r[6] = (e1 - o2) >> shift;
        r[2] = (e2 + o1) >> shift;
        r[5] = (e2 - o1) >> shift;
        r[3] = (e3 + o0) >> shift;
        r[4] = (e3 - o0) >> shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(Span<Vector256<int>> r)
    {
        if (!Avx2.IsSupported)
        {
            var cells = MemoryMarshal.Cast<Vector256<int>, int>(r);
            for (var i = 0; i < 8; i++)
            {
                for (var j = 0; j < i; j++)
                    (cells[(8 * i) + j], cells[(8 * j) + i]) = (cells[(8 * j) + i], cells[(8 * i) + j]);
            }

            return;
        }

        var a0 = Avx2.UnpackLow(r[0], r[1]).AsInt64();
        var a1 = Avx2.UnpackHigh(r[0], r[1]).AsInt64();
        var a2 = Avx2.UnpackLow(r[2], r[3]).AsInt64();
        var a3 = Avx2.UnpackHigh(r[2], r[3]).AsInt64();
        var a4 = Avx2.UnpackLow(r[4], r[5]).AsInt64();
        var a5 = Avx2.UnpackHigh(r[4], r[5]).AsInt64();
        var a6 = Avx2.UnpackLow(r[6], r[7]).AsInt64();
        var a7 = Avx2.UnpackHigh(r[6], r[7]).AsInt64();
        var b0 = Avx2.UnpackLow(a0, a2).AsInt32();
        var b1 = Avx2.UnpackHigh(a0, a2).AsInt32();
        var b2 = Avx2.UnpackLow(a1, a3).AsInt32();
        var b3 = Avx2.UnpackHigh(a1, a3).AsInt32();
        var b4 = Avx2.UnpackLow(a4, a6).AsInt32();
        var b5 = Avx2.UnpackHigh(a4, a6).AsInt32();
        var b6 = Avx2.UnpackLow(a5, a7).AsInt32();
        var b7 = Avx2.UnpackHigh(a5, a7).AsInt32();
        r[0] = Avx2.Permute2x128(b0, b4, 0x20);
        r[1] = Avx2.Permute2x128(b1, b5, 0x20);
        r[2] = Avx2.Permute2x128(b2, b6, 0x20);
        r[3] = Avx2.Permute2x128(b3, b7, 0x20);
        r[4] = Avx2.Permute2x128(b0, b4, 0x31);
        r[5] = Avx2.Permute2x128(b1, b5, 0x31);
        r[6] = Avx2.Permute2x128(b2, b6, 0x31);
        r[7] = Avx2.Permute2x128(b3, b7, 0x31);
    }
}
