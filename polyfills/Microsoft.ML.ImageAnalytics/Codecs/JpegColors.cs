using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// What a JPEG's components mean, and their way to pixels: the matrix of JFIF 1.02 in libjpeg's fixed point of 16 fractional bits.
/// </summary>
internal static class JpegColors
{
    public enum Model
    {
        Grey,
        YCbCr,
        Rgb,

        /// <summary>Inks as Adobe stores them: 255 is no ink.</summary>
        Cmyk,
        Ycck,
    }

    public static Model ModelOf(JpegFrame frame, bool jfif, int? adobeTransform)
    {
        var c = frame.Components;
        return c.Length switch
        {
            1 => Model.Grey,
            4 => adobeTransform is null or 0 ? Model.Cmyk : Model.Ycck,
            _ when jfif => Model.YCbCr,
            _ when adobeTransform is not null => adobeTransform == 0 ? Model.Rgb : Model.YCbCr,
            _ => (c[0].Id, c[1].Id, c[2].Id) is (0x52, 0x47, 0x42) ? Model.Rgb : Model.YCbCr,
        };
    }

    public static RawImage Convert(JpegFrame frame, Model model)
    {
        var width = frame.Width;
        var bgra = new byte[4 * width * frame.Height];
        var rows = Array.ConvertAll(frame.Components, c => new JpegUpsampler(frame, c));
        for (var y = 0; y < frame.Height; y++)
        {
            var target = MemoryMarshal.Cast<byte, uint>(bgra.AsSpan(4 * width * y, 4 * width));
            var first = rows[0].Row(y);
            if (model == Model.Grey)
            {
                for (var x = 0; x < width; x++)
                    target[x] = (first[x] * 0x010101u) | 0xFF000000;
                continue;
            }

            var second = rows[1].Row(y);
            var third = rows[2].Row(y);
            if (model is Model.YCbCr or Model.Ycck)
            {
                FromYCbCr(first, second, third, target);
            }
            else
            {
                for (var x = 0; x < width; x++)
                    target[x] = third[x] | ((uint)second[x] << 8) | ((uint)first[x] << 16) | 0xFF000000;
            }

            if (model is Model.Cmyk or Model.Ycck)
                ApplyBlack(target, rows[3].Row(y), inverted: model == Model.Ycck);
        }

        return new RawImage(width, frame.Height, bgra);
    }

    private static void FromYCbCr(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<uint> target)
    {
        var x = 0;
        for (; x <= target.Length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Widen(luma[x..], out var y0, out var y1, out var y2, out var y3);
            Widen(blue[x..], out var b0, out var b1, out var b2, out var b3);
            Widen(red[x..], out var r0, out var r1, out var r2, out var r3);
            Pixels(y0, b0, r0).CopyTo(target[x..]);
            Pixels(y1, b1, r1).CopyTo(target[(x + Vector<uint>.Count)..]);
            Pixels(y2, b2, r2).CopyTo(target[(x + (2 * Vector<uint>.Count))..]);
            Pixels(y3, b3, r3).CopyTo(target[(x + (3 * Vector<uint>.Count))..]);
        }

        for (; x < target.Length; x++)
        {
            var (cb, cr) = (blue[x] - 128, red[x] - 128);
            var r = Math.Clamp(luma[x] + (((91881 * cr) + 32768) >> 16), 0, 255);
            var g = Math.Clamp(luma[x] + (((-22554 * cb) - (46802 * cr) + 32768) >> 16), 0, 255);
            var b = Math.Clamp(luma[x] + (((116130 * cb) + 32768) >> 16), 0, 255);
            target[x] = (uint)(b | (g << 8) | (r << 16)) | 0xFF000000;
        }
    }

    private static void Widen(ReadOnlySpan<byte> row, out Vector<int> a, out Vector<int> b, out Vector<int> c, out Vector<int> d)
    {
        Vector.Widen(new Vector<byte>(row), out var low, out var high);
        Vector.Widen(low, out var lowLow, out var lowHigh);
        Vector.Widen(high, out var highLow, out var highHigh);
        (a, b, c, d) = (lowLow.As<uint, int>(), lowHigh.As<uint, int>(), highLow.As<uint, int>(), highHigh.As<uint, int>());
    }

    private static Vector<uint> Pixels(Vector<int> luma, Vector<int> blue, Vector<int> red)
    {
        var middle = new Vector<int>(128);
        var half = new Vector<int>(32768);
        var (cb, cr) = (blue - middle, red - middle);
        var r = Clamp(luma + (((cr * 91881) + half) >> 16));
        var g = Clamp(luma + ((half - (cb * 22554) - (cr * 46802)) >> 16));
        var b = Clamp(luma + (((cb * 116130) + half) >> 16));
        return (b | (g << 8) | (r << 16)).As<int, uint>() | new Vector<uint>(0xFF000000);
    }

    private static Vector<int> Clamp(Vector<int> v) => Vector.Min(Vector.Max(v, Vector<int>.Zero), new Vector<int>(255));

    private static void ApplyBlack(Span<uint> target, ReadOnlySpan<byte> black, bool inverted)
    {
        for (var x = 0; x < target.Length; x++)
        {
            // YCCK gives the complements of the inks.
            var pixel = inverted ? ~target[x] : target[x];
            var k = black[x];
            target[x] = Scale(pixel & 255, k) | (Scale((pixel >> 8) & 255, k) << 8) | (Scale((pixel >> 16) & 255, k) << 16) | 0xFF000000;
        }
    }

    private static uint Scale(uint ink, uint black) => ((ink * black) + 127) / 255;
}
