using System.Buffers.Binary;
using System.Numerics;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>A BMP's file and DIB header, masks and palette, checked.</summary>
internal sealed class BmpHeader
{
    public const int Rgb = 0;
    public const int Rle8 = 1;
    public const int Rle4 = 2;
    public const int BitFields = 3;
    public const int AlphaBitFields = 6;

    private const int FileHeaderBytes = 14;

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required bool TopDown { get; init; }

    public required int Bits { get; init; }

    public required int Compression { get; init; }

    /// <summary>Where the pixels begin.</summary>
    public required int PixelOffset { get; init; }

    /// <summary>Masks of red, green, blue and alpha for 16 and 32 bits.</summary>
    public required uint[] Masks { get; init; }

    /// <summary>Pixels as blue, green, red, 255 from the lowest byte, for up to 8 bits.</summary>
    public required uint[] Palette { get; init; }

    public bool IsRle => Compression is Rle8 or Rle4;

    public static BmpHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length < FileHeaderBytes + 12)
            throw new ImageFormatException($"The BMP ends at offset {data.Length}, within its headers; it is truncated.");
        var pixelOffset = BinaryPrimitives.ReadUInt32LittleEndian(data[10..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(data[FileHeaderBytes..]);
        if (size is not (12 or 16 or 40 or 52 or 56 or 64 or 108 or 124))
        {
            throw new ImageFormatException(
                $"The BMP's DIB header at offset 14 says that it has {size} bytes; it must be 12, 16, 40, 52, 56, 64, 108 or 124.");
        }

        if (data.Length < FileHeaderBytes + size)
        {
            throw new ImageFormatException(
                $"The BMP ends at offset {data.Length}, within its DIB header of {size} bytes; it is truncated.");
        }

        var dib = data.Slice(FileHeaderBytes, (int)size);
        var core = size == 12;
        var width = core ? BinaryPrimitives.ReadUInt16LittleEndian(dib[4..]) : (long)BinaryPrimitives.ReadInt32LittleEndian(dib[4..]);
        var height = core ? BinaryPrimitives.ReadUInt16LittleEndian(dib[6..]) : (long)BinaryPrimitives.ReadInt32LittleEndian(dib[8..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(dib[(core ? 10 : 14)..]);
        var compression = size > 16 ? BinaryPrimitives.ReadUInt32LittleEndian(dib[16..]) : 0;
        RawImage.CheckSize("BMP", width, Math.Abs(height));
        var known = compression switch
        {
            Rgb => bits is 1 or 4 or 8 or 16 or 24 or 32,
            Rle8 => bits == 8 && height > 0,
            Rle4 => bits == 4 && height > 0,
            BitFields or AlphaBitFields => bits is 16 or 32 && size != 64,
            _ => false,
        };
        if (!known)
        {
            throw new ImageFormatException(
                $"The BMP has {bits} bits a pixel with compression {compression} and height {height}; it must be 1, 4, 8, 16, 24 " +
                "or 32 bits uncompressed, 8 or 4 bits with RLE from the bottom up, or 16 or 32 bits with bit fields.");
        }

        var at = FileHeaderBytes + (int)size;
        var masks = ReadMasks(data, dib, bits, (int)compression, ref at);
        var colors = bits > 8 ? 0 : size > 32 ? BinaryPrimitives.ReadUInt32LittleEndian(dib[32..]) : 0;
        if (bits <= 8 && colors == 0)
            colors = 1u << bits;
        var entry = core ? 3 : 4;
        if (pixelOffset < at || pixelOffset > data.Length || colors > 256 || at + (colors * entry) > pixelOffset)
        {
            throw new ImageFormatException(
                $"The BMP says that its pixels begin at offset {pixelOffset}; with a palette of {colors} colours after the headers, " +
                $"which end at offset {at}, that must be {at + (colors * entry)} or more and within the file of {data.Length} bytes.");
        }

        var palette = new uint[colors];
        for (var i = 0; i < palette.Length; i++)
        {
            var color = data.Slice(at + (i * entry), 3);
            palette[i] = color[0] | ((uint)color[1] << 8) | ((uint)color[2] << 16) | 0xFF000000;
        }

        return new BmpHeader
        {
            Width = (int)width,
            Height = (int)Math.Abs(height),
            TopDown = height < 0,
            Bits = bits,
            Compression = (int)compression,
            PixelOffset = (int)pixelOffset,
            Masks = masks,
            Palette = palette,
        };
    }

    private static uint[] ReadMasks(ReadOnlySpan<byte> data, ReadOnlySpan<byte> dib, int bits, int compression, ref int at)
    {
        if (compression is not (BitFields or AlphaBitFields))
            return bits == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0x00FF0000, 0x0000FF00, 0x000000FF, 0];
        var source = dib.Length > 40 ? dib[40..] : data[at..];
        var count = dib.Length >= 56 || (dib.Length == 40 && compression == AlphaBitFields) ? 4 : 3;
        if (source.Length < 4 * count)
            throw new ImageFormatException($"The BMP ends at offset {data.Length}, within its bit field masks; it is truncated.");
        if (dib.Length == 40)
            at += 4 * count;
        var masks = new uint[4];
        var all = 0u;
        for (var i = 0; i < count; i++)
        {
            masks[i] = BinaryPrimitives.ReadUInt32LittleEndian(source[(4 * i)..]);
            var run = masks[i] == 0 ? 0 : masks[i] >> BitOperations.TrailingZeroCount(masks[i]);
            if ((run & (run + 1)) != 0 || (all & masks[i]) != 0 || (bits == 16 && masks[i] > 0xFFFF) || (masks[i] == 0 && i < 3))
            {
                throw new ImageFormatException(
                    $"The BMP's bit field mask {i} is {masks[i]:X8}; it must be one run of bits of the pixel, apart from the others'.");
            }

            all |= masks[i];
        }

        return masks;
    }
}
