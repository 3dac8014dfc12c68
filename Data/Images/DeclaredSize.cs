using System.Buffers.Binary;

namespace Latent.Data.Images;

/// <summary>
/// Tells from the header of a PNG or JPEG file whether the file is long enough for the pixels that it declares, before any memory is
/// allocated for them.
/// </summary>
internal static class DeclaredSize
{
    // Deflate packs no more than 1032 bytes into one.
    private const long MaxDeflateRatio = 1032;

    /// <summary>Tells whether no file of this length can hold the pixels that it declares; false for other formats.</summary>
    /// <param name="file">The content of the file.</param>
    public static bool IsTooLargeFor(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
            ? PngBytes(file) > file.Length * MaxDeflateRatio
            : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) && JpegBits(file) > file.Length * 8L;

    // Without the filters' bytes; 0 where there is no header.
    private static Int128 PngBytes(ReadOnlySpan<byte> file)
    {
        if (file.Length < 26)
            return 0;
        var channels = file[25] switch
        {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        var width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]);
        var height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        return (Int128)width * height * file[24] * channels / 8;
    }

    // A block of 8 x 8 values of the first component has one bit of Huffman code at least for its mean, and another for its end where all
    // of it is in one scan. 0 where there is no frame, or none that is coded by Huffman.
    private static long JpegBits(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF; )
        {
            var kind = file[at + 1];
            if (kind is 0xFF or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += kind == 0xFF ? 1 : 2;
                continue;
            }

            var segment = file[(at + 2)..];
            if (kind is 0xC0 or 0xC1 or 0xC2)
            {
                var components = segment.Length < 8 ? 0 : segment[7];
                if (components == 0 || segment.Length < 8 + (3 * components))
                    return 0;
                var (height, width) = (
                    BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
                    BinaryPrimitives.ReadUInt16BigEndian(segment[5..])
                );
                var (mostAcross, mostDown) = (1, 1);
                for (var i = 0; i < components; i++)
                {
                    mostAcross = Math.Max(mostAcross, segment[9 + (3 * i)] >> 4);
                    mostDown = Math.Max(mostDown, segment[9 + (3 * i)] & 15);
                }

                var (across, down) = (segment[9] >> 4, segment[9] & 15);
                return (kind == 0xC2 ? 1 : 2) * Blocks(width * across, mostAcross) * Blocks(height * down, mostDown);
            }

            if (kind is 0xD9 or 0xDA)
                break;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(segment);
        }

        return 0;

        static long Blocks(int size, int most) => ((size + most - 1) / most + 7) / 8;
    }
}
