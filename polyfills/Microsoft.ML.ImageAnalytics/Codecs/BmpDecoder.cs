using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>Windows and OS/2 bitmaps of 1, 4, 8, 16, 24 and 32 bits, RLE and bit fields. Pixels that RLE skips have colour 0.</summary>
internal static class BmpDecoder
{
    public static RawImage Decode(ReadOnlySpan<byte> data)
    {
        var header = BmpHeader.Parse(data);
        var body = data[header.PixelOffset..];
        if (header.IsRle)
            return DecodeRle(header, body);

        var stride = (((long)header.Width * header.Bits) + 31) / 32 * 4;
        // The last row's padding may be missing.
        var needed = (stride * (header.Height - 1)) + ((((long)header.Width * header.Bits) + 7) / 8);
        if (body.Length < needed)
        {
            throw new ImageFormatException(
                $"The BMP declares {header.Width} x {header.Height} pixels of {header.Bits} bits, which take {needed} bytes, " +
                $"but only {body.Length} follow offset {header.PixelOffset}; it is truncated.");
        }

        var bgra = new byte[4 * header.Width * header.Height];
        var pixels = MemoryMarshal.Cast<byte, uint>(bgra.AsSpan());
        for (var y = 0; y < header.Height; y++)
        {
            var row = body[(int)(stride * (header.TopDown ? y : header.Height - 1 - y))..];
            ExpandRow(header, row, pixels.Slice(y * header.Width, header.Width), y);
        }

        return new RawImage(header.Width, header.Height, bgra);
    }

    private static void ExpandRow(BmpHeader header, ReadOnlySpan<byte> row, Span<uint> target, int y)
    {
        switch (header.Bits)
        {
            case 24:
                for (var x = 0; x < target.Length; x++)
                    target[x] = row[3 * x] | ((uint)row[(3 * x) + 1] << 8) | ((uint)row[(3 * x) + 2] << 16) | 0xFF000000;
                break;
            case 32 when header.Masks is [0x00FF0000, 0x0000FF00, 0x000000FF, 0 or 0xFF000000]:
                var alpha = header.Masks[3] == 0 ? 0xFF000000 : 0;
                for (var x = 0; x < target.Length; x++)
                    target[x] = BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]) | alpha;
                break;
            case 16 or 32:
                for (var x = 0; x < target.Length; x++)
                {
                    var value = header.Bits == 16
                        ? BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * x)..])
                        : BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]);
                    var masks = header.Masks;
                    var opacity = masks[3] == 0 ? 255 : Extract(value, masks[3]);
                    var (red, green, blue) = (Extract(value, masks[0]), Extract(value, masks[1]), Extract(value, masks[2]));
                    target[x] = blue | (green << 8) | (red << 16) | (opacity << 24);
                }

                break;
            default:
                var mask = (1 << header.Bits) - 1;
                for (var x = 0; x < target.Length; x++)
                {
                    var bit = x * header.Bits;
                    target[x] = Color(header, (row[bit >> 3] >> (8 - header.Bits - (bit & 7))) & mask, y);
                }

                break;
        }
    }

    private static uint Extract(uint value, uint mask)
    {
        var shift = BitOperations.TrailingZeroCount(mask);
        ulong most = mask >> shift;
        return (uint)(((((value & mask) >> shift) * 255ul) + (most / 2)) / most);
    }

    private static uint Color(BmpHeader header, int index, int row) => index < header.Palette.Length
        ? header.Palette[index]
        : throw new ImageFormatException(
            $"The BMP uses colour {index} in row {row}, but its palette has only {header.Palette.Length} colours.");

    private static RawImage DecodeRle(BmpHeader header, ReadOnlySpan<byte> body)
    {
        var (width, height) = (header.Width, header.Height);
        // A run draws 255 pixels with two bytes; more than eight times that could only be skips.
        if ((long)width * height > (1024L * body.Length) + (1 << 20))
        {
            throw new ImageFormatException(
                $"The BMP declares {width} x {height} pixels, more than its {body.Length} bytes of RLE data can hold.");
        }

        var bgra = new byte[4 * width * height];
        var pixels = MemoryMarshal.Cast<byte, uint>(bgra.AsSpan());
        pixels.Fill(header.Palette[0]);
        var four = header.Bits == 4;
        var (x, y, at) = (0, 0, 0);
        while (true)
        {
            if (y == height || (y == height - 1 && x == width && at + 2 > body.Length))
                return new RawImage(width, height, bgra);
            if (at + 2 > body.Length)
                throw Bad($"ends in row {y} without an end-of-bitmap code; it is truncated", at);
            var (count, value) = (body[at], body[at + 1]);
            at += 2;
            if (count > 0)
            {
                Draw(count, [value], packedRun: true, at);
                continue;
            }

            switch (value)
            {
                case 0:
                    x = 0;
                    y++;
                    break;
                case 1:
                    return new RawImage(width, height, bgra);
                case 2:
                    if (at + 2 > body.Length)
                        throw Bad("ends within a delta code; it is truncated", at);
                    x += body[at];
                    y += body[at + 1];
                    at += 2;
                    if (x > width || y > height)
                        throw Bad($"moves to column {x}, row {y}, outside the {width} x {height} pixels", at);
                    break;
                default:
                    var bytes = four ? (value + 1) / 2 : value;
                    if (at + bytes > body.Length)
                        throw Bad("ends within literal pixels; it is truncated", at);
                    Draw(value, body.Slice(at, bytes), packedRun: false, at);
                    at += (bytes + 1) & ~1;
                    break;
            }
        }

        void Draw(int count, ReadOnlySpan<byte> source, bool packedRun, int where)
        {
            if (x + count > width)
                throw Bad($"draws up to column {x + count} of row {y}, beyond the width of {width}", where);
            var target = MemoryMarshal.Cast<byte, uint>(bgra.AsSpan()).Slice(((height - 1 - y) * width) + x, count);
            for (var i = 0; i < count; i++)
            {
                var packed = packedRun ? source[0] : source[four ? i / 2 : i];
                target[i] = Color(header, !four ? packed : (i & 1) == 0 ? packed >> 4 : packed & 15, y);
            }

            x += count;
        }

        ImageFormatException Bad(string what, int where) => new($"The BMP's RLE data {what} (offset {header.PixelOffset + where}).");
    }
}
