using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// Netpbm's PBM, PGM and PPM (P1 to P6). Samples of 0 to maxval are scaled to 0 to 255 with rounding; of several pictures it's the first.
/// </summary>
internal static class PnmDecoder
{
    public static bool LooksLikePnm(ReadOnlySpan<byte> data) =>
        data.Length >= 3 && data[0] == 'P' && data[1] is >= (byte)'1' and <= (byte)'6' && (IsSpace(data[2]) || data[2] == '#');

    public static RawImage Decode(ReadOnlySpan<byte> data)
    {
        var kind = data[1] - '0';
        var ascii = kind <= 3;
        var bitmap = kind is 1 or 4;
        var channels = kind is 3 or 6 ? 3 : 1;
        var at = 2;
        var width = ReadNumber(data, ref at, "width");
        var height = ReadNumber(data, ref at, "height");
        RawImage.CheckSize("PNM", width, height);
        var most = bitmap ? 1 : ReadNumber(data, ref at, "maxval");
        if (most is < 1 or > 65535)
            throw new ImageFormatException($"The PNM header's maxval, before offset {at}, is {most}; it must be 1 to 65535.");
        if (!ascii)
        {
            if (at >= data.Length || !IsSpace(data[at]))
                throw new ImageFormatException($"The PNM header must end with one white space at offset {at}, before the samples.");
            at++;
        }

        var samples = (long)width * height * channels;
        var rowBytes = bitmap ? (width + 7) / 8 : (long)width * channels * (most > 255 ? 2 : 1);
        // Written out, a sample takes a character, and all but bits take a separator as well.
        var needed = !ascii ? rowBytes * height : bitmap ? samples : (2 * samples) - 1;
        if (data.Length - at < needed)
        {
            throw new ImageFormatException(
                $"The PNM header declares {width} x {height} pixels, which take {needed} bytes or more, but only " +
                $"{data.Length - at} follow offset {at}; it is truncated.");
        }

        var bgra = new byte[4 * width * height];
        var pixels = MemoryMarshal.Cast<byte, uint>(bgra.AsSpan());
        if (bitmap)
            ReadBits(data[at..], pixels, width, ascii, at);
        else
            ReadSamples(data, at, pixels, channels, most, ascii);
        return new RawImage(width, height, bgra);
    }

    private static void ReadBits(ReadOnlySpan<byte> body, Span<uint> pixels, int width, bool ascii, int start)
    {
        var at = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            int bit;
            if (ascii)
            {
                SkipSpace(body, ref at);
                if (at >= body.Length)
                {
                    throw new ImageFormatException(
                        $"The PNM ends at offset {start + at} after {i} of {pixels.Length} pixels; it is truncated.");
                }

                if (body[at] is not ((byte)'0' or (byte)'1'))
                {
                    throw new ImageFormatException(
                        $"The PNM has the byte {body[at]:X2} at offset {start + at}, where a pixel, 0 or 1, was expected.");
                }

                bit = body[at++] - '0';
            }
            else
            {
                var (y, x) = (i / width, i % width);
                bit = (body[(y * ((width + 7) / 8)) + (x >> 3)] >> (7 - (x & 7))) & 1;
            }

            // One is black.
            pixels[i] = bit == 1 ? 0xFF000000 : 0xFFFFFFFF;
        }
    }

    private static void ReadSamples(ReadOnlySpan<byte> data, int at, Span<uint> pixels, int channels, int most, bool ascii)
    {
        if (!ascii && most == 255)
        {
            var body = data[at..];
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = channels == 1
                    ? (body[i] * 0x010101u) | 0xFF000000
                    : ((uint)body[3 * i] << 16) | ((uint)body[(3 * i) + 1] << 8) | body[(3 * i) + 2] | 0xFF000000;
            }

            return;
        }

        for (var i = 0; i < pixels.Length; i++)
        {
            var first = Next(data, ref at);
            pixels[i] = channels == 1
                ? (first * 0x010101u) | 0xFF000000
                : (first << 16) | (Next(data, ref at) << 8) | Next(data, ref at) | 0xFF000000;
        }

        uint Next(ReadOnlySpan<byte> data, ref int at)
        {
            var start = at;
            int value;
            if (ascii)
            {
                value = ReadNumber(data, ref at, "sample");
            }
            else
            {
                value = most > 255 ? BinaryPrimitives.ReadUInt16BigEndian(data[at..]) : data[at];
                at += most > 255 ? 2 : 1;
            }

            if (value > most)
                throw new ImageFormatException($"The PNM's sample at offset {start} is {value}; it must be at most the maxval, {most}.");
            return (uint)(((value * 255L) + (most / 2)) / most);
        }
    }

    private static int ReadNumber(ReadOnlySpan<byte> data, ref int at, string what)
    {
        SkipSpace(data, ref at);
        if (at >= data.Length)
            throw new ImageFormatException($"The PNM ends at offset {data.Length}, where a {what} was expected; it is truncated.");
        if (!char.IsAsciiDigit((char)data[at]))
            throw new ImageFormatException($"The PNM has the byte {data[at]:X2} at offset {at}, where a {what} was expected.");
        var value = 0L;
        var start = at;
        for (; at < data.Length && char.IsAsciiDigit((char)data[at]); at++)
        {
            value = (value * 10) + (data[at] - '0');
            if (value > int.MaxValue)
                throw new ImageFormatException($"The PNM's {what} at offset {start} is too great; at most {int.MaxValue} is allowed.");
        }

        return (int)value;
    }

    // White space and comments, which run from # to the end of the line.
    private static void SkipSpace(ReadOnlySpan<byte> data, ref int at)
    {
        for (; at < data.Length; at++)
        {
            if (data[at] == '#')
            {
                while (at < data.Length && data[at] is not ((byte)'\n' or (byte)'\r'))
                    at++;
                if (at == data.Length)
                    return;
            }
            else if (!IsSpace(data[at]))
            {
                return;
            }
        }
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);
}
