using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>PNG of 8 bits a sample: grey, RGB or RGBA, whichever is least for the pixels.</summary>
internal static class PngEncoder
{
    public static byte[] Encode(RawImage image)
    {
        var color = !image.IsOpaque() ? PngHeader.Rgba : image.IsGrey() ? PngHeader.Grey : PngHeader.Rgb;
        var header = new PngHeader(image.Width, image.Height, 8, color, false);
        var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var ihdr = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(ihdr, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(ihdr.AsSpan(4), image.Height);
        ihdr[8] = 8;
        ihdr[9] = (byte)color;
        WriteChunk(file, "IHDR"u8, ihdr);
        WriteChunk(file, "IDAT"u8, Compress(image, header));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Compress(RawImage image, PngHeader header)
    {
        var channels = header.Channels;
        var rowBytes = (int)header.RowBytes(image.Width);
        var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var (row, above) = (new byte[rowBytes], new byte[rowBytes]);
            var candidates = new byte[5][];
            for (var f = 0; f < 5; f++)
                candidates[f] = new byte[rowBytes];
            for (var y = 0; y < image.Height; y++)
            {
                Pack(image.Bgra.AsSpan(4 * y * image.Width, 4 * image.Width), channels, row);
                var best = 0;
                var least = long.MaxValue;
                for (var f = 0; f < 5; f++)
                {
                    PngFilters.Apply(f, row, y == 0 ? default : above.AsSpan(), channels, candidates[f]);
                    var cost = Cost(candidates[f]);
                    if (cost < least)
                        (best, least) = (f, cost);
                }

                zlib.WriteByte((byte)best);
                zlib.Write(candidates[best]);
                (row, above) = (above, row);
            }
        }

        return result.ToArray();
    }

    // The sum of absolute differences, as the PNG specification (section 12.7) suggests.
    private static long Cost(ReadOnlySpan<byte> filtered)
    {
        var sum = 0L;
        foreach (var b in filtered)
            sum += Math.Abs((int)(sbyte)b);
        return sum;
    }

    private static void Pack(ReadOnlySpan<byte> bgra, int channels, Span<byte> row)
    {
        for (int i = 0, at = 0; i < bgra.Length; i += 4)
        {
            row[at++] = bgra[i + 2];
            if (channels == 1)
                continue;
            row[at++] = bgra[i + 1];
            row[at++] = bgra[i];
            if (channels == 4)
                row[at++] = bgra[i + 3];
        }
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        var chunk = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        type.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), Crc32.Compute(chunk.AsSpan(4, 4 + body.Length)));
        file.Write(chunk);
    }
}
