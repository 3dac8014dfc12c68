using System.Buffers.Binary;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// JPEG (ITU-T T.81) with Huffman codes and 8 bits a sample: baseline, extended sequential and progressive; grey, YCbCr, RGB, CMYK and
/// YCCK; turned upright as EXIF says. Samples agree with libjpeg-turbo's accurate integer transform and smooth upsampling.
/// </summary>
internal static class JpegDecoder
{
    // A progressive script uses ten or so. A scan of empty bands is a few bytes and yet visits every block: many are an attack.
    private const int MaxScans = 64;

    public static RawImage Decode(ReadOnlySpan<byte> data)
    {
        var tables = new JpegTables();
        JpegFrame? frame = null;
        int? adobeTransform = null;
        var jfif = false;
        var orientation = 1;
        var scans = 0;
        var at = 2;
        while (true)
        {
            var marker = NextMarker(data, ref at);
            var start = at - 2;
            if (marker == 0xD9)
                break;
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                throw new ImageFormatException(
                    $"The JPEG has the marker FF{marker:X2} at offset {start}, where a segment or the end of the image was expected.");
            }

            var body = Segment(data, marker, ref at);
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    if (frame is not null)
                        throw new ImageFormatException($"The JPEG has a second frame header at offset {start}; there must be one.");
                    frame = JpegFrame.Parse(body, marker, start, data.Length - at);
                    break;
                case 0xC4:
                    tables.ReadHuffman(body, start);
                    break;
                case >= 0xC3 and <= 0xCF:
                    throw Unsupported(marker, start);
                case 0xDA:
                    if (frame is null)
                        throw new ImageFormatException($"The JPEG has a scan at offset {start} before a frame header (SOF).");
                    if (++scans > MaxScans)
                        throw new ImageFormatException($"The JPEG has more than {MaxScans} scans, the most allowed (at offset {start}).");
                    at = DecodeScan(frame, tables, body, data, at, start);
                    break;
                case 0xDB:
                    tables.ReadQuantization(body, start);
                    break;
                case 0xDC:
                    throw new ImageFormatException(
                        $"The JPEG gives its height after the first scan (DNL at offset {start}), which can't be read.");
                case 0xDD:
                    tables.ReadRestartInterval(body, start);
                    break;
                case 0xE0:
                    jfif |= body.StartsWith("JFIF\0"u8);
                    break;
                case 0xE1:
                    orientation = ExifOrientation.Read(body) ?? orientation;
                    break;
                case 0xEE:
                    if (body.Length >= 12 && body.StartsWith("Adobe"u8))
                        adobeTransform = body[11];
                    break;
            }
        }

        if (frame is null)
            throw new ImageFormatException($"The JPEG ends at offset {at} without a frame header (SOF).");
        foreach (var component in frame.Components)
        {
            if (!component.Decoded)
            {
                throw new ImageFormatException(
                    $"The JPEG ends at offset {at} without a scan of component {component.Id}; it is truncated.");
            }

            if (frame.Progressive)
                TransformBlocks(component);
        }

        var image = JpegColors.Convert(frame, JpegColors.ModelOf(frame, jfif, adobeTransform));
        return ExifOrientation.Apply(image, orientation);
    }

    /// <summary>Moves past the next marker, which fill bytes may precede, and gives it.</summary>
    private static int NextMarker(ReadOnlySpan<byte> data, ref int at)
    {
        if (at < data.Length && data[at] != 0xFF)
            throw new ImageFormatException($"The JPEG has the byte {data[at]:X2} at offset {at}, where a marker was expected.");
        while (at < data.Length && data[at] == 0xFF)
            at++;
        if (at >= data.Length)
            throw new ImageFormatException($"The JPEG ends at offset {data.Length} without an end-of-image marker; it is truncated.");
        return data[at++];
    }

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> data, int marker, ref int at)
    {
        var length = at + 2 <= data.Length ? BinaryPrimitives.ReadUInt16BigEndian(data[at..]) : 2;
        if (length < 2 || length > data.Length - at)
        {
            throw new ImageFormatException(
                $"The JPEG's segment FF{marker:X2} at offset {at - 2} declares {length} bytes, but " +
                $"{Math.Max(0, data.Length - at)} follow " +
                "(it must be 2 or more); it is truncated or damaged.");
        }

        var body = data.Slice(at + 2, length - 2);
        at += length;
        return body;
    }

    private static ImageFormatException Unsupported(int marker, int start)
    {
        var reason = marker switch
        {
            0xC3 => "is lossless",
            0xC5 or 0xC6 or 0xC7 => "is hierarchical",
            0xC8 => "uses an extension",
            _ => "is arithmetic-coded",
        };
        return new ImageFormatException(
            $"The JPEG {reason} (marker FF{marker:X2} at offset {start}); only baseline, extended and progressive Huffman coding " +
            "can be read.");
    }

    private static int DecodeScan(JpegFrame frame, JpegTables tables, ReadOnlySpan<byte> body, ReadOnlySpan<byte> data, int at, int start)
    {
        var count = body.Length > 0 ? body[0] : 0;
        if (count is < 1 or > 4 || body.Length != 4 + (2 * count))
        {
            throw new ImageFormatException(
                $"The JPEG's scan header at offset {start} has {body.Length} bytes for {count} components; it must be 4 and 2 for " +
                "each of 1 to 4.");
        }

        var (from, to, high, low) = (body[^3], body[^2], body[^1] >> 4, body[^1] & 15);
        if (frame.Progressive)
        {
            var right = from == 0 ? to == 0 : from <= to && to <= 63 && count == 1;
            if (!right || low > 13 || (high != 0 && high != low + 1))
            {
                throw new ImageFormatException(
                    $"The JPEG's progressive scan at offset {start} has coefficients {from} to {to} and bits {high} to {low} of " +
                    $"{count} components; " +
                    "it must have 0 alone or a part of 1 to 63 of one component, one bit after the other.");
            }
        }

        var components = new JpegComponent[count];
        var blocks = 0;
        for (var i = 0; i < count; i++)
        {
            var (id, selector) = (body[1 + (2 * i)], body[2 + (2 * i)]);
            var component = Array.Find(frame.Components, c => c.Id == id)
                ?? throw new ImageFormatException($"The JPEG's scan at offset {start} names component {id}, which the frame doesn't have.");
            if (Array.IndexOf(components, component) >= 0)
                throw new ImageFormatException($"The JPEG's scan at offset {start} names component {id} twice.");
            components[i] = component;
            blocks += component.H * component.V;
            component.Quant ??= tables.Quantization(component.QuantTable, start);
            if (!frame.Progressive || (from == 0 && high == 0))
            {
                component.DcTable = tables.Dc(selector >> 4, start);
                component.Decoded = true;
            }

            if (!frame.Progressive || from > 0)
                component.AcTable = tables.Ac(selector & 15, start);
        }

        if (count > 1 && blocks > 10)
            throw new ImageFormatException($"The JPEG's scan at offset {start} has {blocks} blocks in an MCU; there may be 10.");
        var scan = new JpegScan(frame, components, tables.RestartInterval, data, at);
        return frame.Progressive ? scan.DecodeProgressive(from, to, high, low) : scan.DecodeSequential();
    }

    private static void TransformBlocks(JpegComponent component)
    {
        for (var y = 0; y < component.BlocksHigh; y++)
        {
            for (var x = 0; x < component.BlocksWide; x++)
            {
                var block = component.Coefficients.AsSpan(64 * ((y * component.StoredBlocksWide) + x), 64);
                var samples = component.Samples.AsSpan((8 * y * component.Stride) + (8 * x));
                if (block[1..].ContainsAnyExcept((short)0))
                    JpegIdct.Transform(block, component.Quant, samples, component.Stride);
                else
                    JpegIdct.Fill(block[0], component.Quant![0], samples, component.Stride);
            }
        }
    }
}
