using System.Buffers.Binary;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>A frame header (SOF0, SOF1, SOF2), checked.</summary>
internal sealed class JpegFrame
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    public required bool Progressive { get; init; }

    public required JpegComponent[] Components { get; init; }

    public required int MaxH { get; init; }

    public required int MaxV { get; init; }

    public int McusWide => (Width + (8 * MaxH) - 1) / (8 * MaxH);

    public int McusHigh => (Height + (8 * MaxV) - 1) / (8 * MaxV);

    /// <param name="body">The segment after its length.</param>
    /// <param name="marker">0xC0, 0xC1 or 0xC2.</param>
    /// <param name="offset">Where the marker lies.</param>
    /// <param name="available">Bytes of the file after the segment.</param>
    public static JpegFrame Parse(ReadOnlySpan<byte> body, int marker, int offset, int available)
    {
        var name = $"SOF{marker - 0xC0}";
        if (body.Length < 6 || body.Length != 6 + (3 * body[5]))
        {
            throw new ImageFormatException(
                $"The JPEG's {name} segment at offset {offset} has {body.Length} bytes, which doesn't suit its components.");
        }

        if (body[0] != 8)
            throw new ImageFormatException($"The JPEG has {body[0]} bits a sample ({name} at offset {offset}); only 8 can be read.");
        var height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        RawImage.CheckSize("JPEG", width, height);
        if (body[5] is not (1 or 3 or 4))
            throw new ImageFormatException($"The JPEG has {body[5]} components ({name} at offset {offset}); it must have 1, 3 or 4.");

        var components = new JpegComponent[body[5]];
        for (var i = 0; i < components.Length; i++)
        {
            var part = body.Slice(6 + (3 * i), 3);
            components[i] = new JpegComponent { Id = part[0], H = part[1] >> 4, V = part[1] & 15, QuantTable = part[2] };
            if (components[i].H is < 1 or > 4 || components[i].V is < 1 or > 4 || part[2] > 3)
            {
                throw new ImageFormatException(
                    $"The JPEG's component {i} has the sampling factors {part[1] >> 4} x {part[1] & 15} and quantization table {part[2]} " +
                    $"({name} at offset {offset}); the factors must be 1 to 4, the table 0 to 3.");
            }

            var id = components[i].Id;
            if (components.Take(i).Any(c => c.Id == id))
            {
                throw new ImageFormatException(
                    $"The JPEG has two components with the identifier {id} ({name} at offset {offset}); they must differ.");
            }
        }

        var frame = new JpegFrame
        {
            Width = width,
            Height = height,
            Progressive = marker == 0xC2,
            Components = components,
            MaxH = components.Max(c => c.H),
            MaxV = components.Max(c => c.V),
        };
        var blocks = 0L;
        foreach (var component in components)
            blocks += component.SetSize(frame);
        // A block takes a bit at the very least.
        if (blocks > 8L * available)
        {
            throw new ImageFormatException(
                $"The JPEG declares {width} x {height} pixels ({name} at offset {offset}), which take {(blocks + 7) / 8} bytes or more, " +
                $"but only {available} follow; it is truncated.");
        }

        foreach (var component in components)
            component.Allocate(frame.Progressive);
        return frame;
    }
}
