using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// PNG (W3C, third edition): every colour type, depth and interlacing, with the transparency of tRNS. Of 16 bits the upper 8 are kept
/// (grey without transparency: see <see cref="WideGrey"/>). Colour spaces (gAMA, cHRM, sRGB, iCCP) are left alone: samples come out
/// as stored.
/// </summary>
internal static class PngDecoder
{
    // No deflate stream expands further: 258 bytes from a length code and a distance code of one bit each.
    private const int MaxDeflateRatio = 1032;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>True for a PNG, and for one whose signature is damaged, so that the error can say so.</summary>
    public static bool LooksLikePng(ReadOnlySpan<byte> data)
    {
        var same = 0;
        for (var i = 0; i < Math.Min(8, data.Length); i++)
            same += data[i] == Signature[i] ? 1 : 0;
        return same >= 4;
    }

    public static RawImage Decode(ReadOnlyMemory<byte> file)
    {
        var data = file.Span;
        if (!data.StartsWith(Signature))
        {
            var start = Convert.ToHexString(data[..Math.Min(8, data.Length)]);
            throw new ImageFormatException($"The PNG signature at offset 0 is {start}; it must be {Convert.ToHexString(Signature)}.");
        }

        PngHeader? header = null;
        byte[]? palette = null;
        byte[]? transparency = null;
        var parts = new List<ReadOnlyMemory<byte>>();
        var imageDataOver = false;
        for (var at = Signature.Length; ;)
        {
            var (type, length) = ReadChunk(data, at);
            var body = data.Slice(at + 8, length);
            if (header is null && type != "IHDR")
                throw new ImageFormatException($"The PNG's first chunk, at offset {at}, is {type}; it must be IHDR.");
            imageDataOver |= parts.Count > 0 && type != "IDAT";
            switch (type)
            {
                case "IHDR":
                    if (header is not null)
                        throw new ImageFormatException($"The PNG has a second IHDR chunk at offset {at}; there must be one.");
                    header = PngHeader.Parse(body, at);
                    break;
                case "PLTE":
                    palette = CheckPalette(header!.Value, body, palette, parts.Count, at);
                    break;
                case "tRNS":
                    transparency = CheckTransparency(header!.Value, body, palette, parts.Count, at);
                    break;
                case "IDAT":
                    if (imageDataOver)
                    {
                        throw new ImageFormatException(
                            $"The PNG's IDAT chunk at offset {at} follows another kind of chunk; IDAT chunks must be consecutive.");
                    }

                    parts.Add(file.Slice(at + 8, length));
                    break;
                case "IEND":
                    var raw = Inflate(header!.Value, parts, palette is not null, at);
                    return new PngPixels(header.Value, palette, transparency).Expand(raw);
                default:
                    if (char.IsAsciiLetterUpper(type[0]))
                    {
                        throw new ImageFormatException(
                            $"The PNG has the critical chunk {type} at offset {at}, which is not part of the standard.");
                    }

                    break;
            }

            at += 12 + length;
        }
    }

    private static (string Type, int Length) ReadChunk(ReadOnlySpan<byte> data, int at)
    {
        if (data.Length - at < 12)
            throw new ImageFormatException($"The PNG ends at offset {data.Length} without an IEND chunk; it is truncated.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(data[at..]);
        var name = data.Slice(at + 4, 4);
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                throw new ImageFormatException(
                    $"The PNG's chunk at offset {at} is named {Convert.ToHexString(name)}; a name must be four letters.");
            }
        }

        var type = Encoding.ASCII.GetString(name);
        if (length > data.Length - at - 12)
        {
            throw new ImageFormatException($"The PNG's {type} chunk at offset {at} declares {length} bytes of data, but only " +
                $"{data.Length - at - 12} follow; it is truncated or damaged.");
        }

        var stored = BinaryPrimitives.ReadUInt32BigEndian(data[(at + 8 + (int)length)..]);
        var computed = Crc32.Compute(data.Slice(at + 4, 4 + (int)length));
        if (stored != computed)
        {
            throw new ImageFormatException(
                $"The PNG's {type} chunk at offset {at} has the CRC {stored:X8}, but its data give {computed:X8}; it is damaged.");
        }

        return (type, (int)length);
    }

    private static byte[] CheckPalette(PngHeader header, ReadOnlySpan<byte> body, byte[]? earlier, int dataChunks, int at)
    {
        if (earlier is not null || dataChunks > 0)
        {
            throw new ImageFormatException(
                $"The PNG's PLTE chunk at offset {at} is a second one or follows the image data; it must be one, before IDAT.");
        }

        if (header.ColorType is PngHeader.Grey or PngHeader.GreyAlpha)
        {
            throw new ImageFormatException(
                $"The PNG has a PLTE chunk at offset {at}; with colour type {header.ColorType} there must be none.");
        }

        var most = header.ColorType == PngHeader.Palette ? 1 << header.BitDepth : 256;
        if (body.Length == 0 || body.Length % 3 != 0 || body.Length > 3 * most)
        {
            throw new ImageFormatException(
                $"The PNG's PLTE chunk at offset {at} has {body.Length} bytes; it must have three for each of 1 to {most} colours.");
        }

        return body.ToArray();
    }

    private static byte[] CheckTransparency(PngHeader header, ReadOnlySpan<byte> body, byte[]? palette, int dataChunks, int at)
    {
        if (dataChunks > 0)
            throw new ImageFormatException($"The PNG's tRNS chunk at offset {at} follows the image data; it must come before IDAT.");
        var right = header.ColorType switch
        {
            PngHeader.Grey => body.Length == 2,
            PngHeader.Rgb => body.Length == 6,
            PngHeader.Palette => palette is not null && body.Length <= palette.Length / 3,
            _ => false,
        };
        if (!right)
        {
            throw new ImageFormatException(
                $"The PNG's tRNS chunk at offset {at} has {body.Length} bytes; it must have 2 for grey, 6 for RGB, " +
                "at most one a colour after the palette, and not be there with an alpha channel.");
        }

        return body.ToArray();
    }

    /// <summary>The filtered rows of every pass, as many bytes as the header asks for.</summary>
    private static byte[] Inflate(PngHeader header, List<ReadOnlyMemory<byte>> parts, bool hasPalette, int end)
    {
        if (header.ColorType == PngHeader.Palette && !hasPalette)
            throw new ImageFormatException($"The PNG has no PLTE chunk before its end at offset {end}; colour type 3 needs one.");
        if (parts.Count == 0)
            throw new ImageFormatException($"The PNG has no IDAT chunk before its end at offset {end}; there is no image data.");
        var compressed = parts.Count == 1 ? parts[0] : Concatenate(parts);
        var wanted = PngPixels.FilteredBytes(header);
        if (wanted > (long)compressed.Length * MaxDeflateRatio || wanted > Array.MaxLength)
        {
            throw new ImageFormatException(
                $"The PNG's IHDR chunk declares {header.Width} x {header.Height} pixels of {header.BitsPerPixel} bits, " +
                $"more than its {compressed.Length} bytes of image data can hold.");
        }

        MemoryMarshal.TryGetArray(compressed, out var segment);
        using var zlib = new ZLibStream(new MemoryStream(segment.Array!, segment.Offset, segment.Count), CompressionMode.Decompress);
        // The buffer grows with what the data prove to hold, not with what the header says.
        var raw = new byte[Math.Min(wanted, Math.Max(1 << 16, 8L * compressed.Length))];
        var filled = 0;
        try
        {
            while (filled < wanted)
            {
                if (filled == raw.Length)
                    Array.Resize(ref raw, (int)Math.Min(wanted, 2L * raw.Length));
                var read = zlib.Read(raw, filled, raw.Length - filled);
                if (read == 0)
                {
                    throw new ImageFormatException(
                        $"The PNG's image data end after {filled} of {wanted} bytes; its IDAT chunks are truncated.");
                }

                filled += read;
            }

            // Only the stream's end makes zlib compare its checksum.
            zlib.ReadByte();
        }
        catch (InvalidDataException e)
        {
            throw new ImageFormatException(
                $"The PNG's IDAT chunks are no valid zlib stream after {filled} of {wanted} bytes ({e.Message.TrimEnd('.')}).", e);
        }

        return raw;
    }

    private static byte[] Concatenate(List<ReadOnlyMemory<byte>> parts)
    {
        var all = new byte[parts.Sum(p => p.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.Span.CopyTo(all.AsSpan(at));
            at += part.Length;
        }

        return all;
    }
}
