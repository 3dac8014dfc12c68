using System.Buffers.Binary;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>The IHDR chunk, checked.</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int ColorType, bool Interlaced)
{
    public const int Grey = 0;
    public const int Rgb = 2;
    public const int Palette = 3;
    public const int GreyAlpha = 4;
    public const int Rgba = 6;

    public int Channels => ColorType switch { Rgb => 3, GreyAlpha => 2, Rgba => 4, _ => 1 };

    public int BitsPerPixel => Channels * BitDepth;

    /// <summary>Bytes of a row of that many pixels, without the filter byte.</summary>
    public long RowBytes(int width) => (((long)width * BitsPerPixel) + 7) / 8;

    public static PngHeader Parse(ReadOnlySpan<byte> chunk, int offset)
    {
        if (chunk.Length != 13)
            throw new ImageFormatException($"The PNG's IHDR chunk at offset {offset} has {chunk.Length} bytes of data; it must have 13.");
        var width = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        var height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        var (depth, color) = (chunk[8], chunk[9]);
        var allowed = color switch
        {
            Grey => depth is 1 or 2 or 4 or 8 or 16,
            Palette => depth is 1 or 2 or 4 or 8,
            Rgb or GreyAlpha or Rgba => depth is 8 or 16,
            _ => throw new ImageFormatException($"The PNG's IHDR chunk has colour type {color}; it must be 0, 2, 3, 4 or 6."),
        };
        if (!allowed)
        {
            var depths = color switch { Grey => "1, 2, 4, 8 or 16", Palette => "1, 2, 4 or 8", _ => "8 or 16" };
            throw new ImageFormatException($"The PNG's IHDR chunk has bit depth {depth}; with colour type {color} it must be {depths}.");
        }

        if (chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1)
        {
            throw new ImageFormatException(
                $"The PNG's IHDR chunk has compression {chunk[10]}, filter {chunk[11]} and interlace {chunk[12]}; " +
                "the first two must be 0, the third 0 or 1.");
        }

        RawImage.CheckSize("PNG", width, height);
        return new PngHeader((int)width, (int)height, depth, color, chunk[12] == 1);
    }
}
