using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>Turns a PNG's filtered rows into pixels: passes, filters, depths, palette and transparency.</summary>
internal sealed class PngPixels
{
    // Adam7: first column, first row, column step, row step of each pass.
    private static readonly (int X, int Y, int Dx, int Dy)[] _adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int Dx, int Dy)[] _sequential = [(0, 0, 1, 1)];

    private readonly PngHeader _header;

    // Grey up to 8 bits and palettes: the pixel of each sample value.
    private readonly uint[]? _lookup;

    // Entries of the palette that exist; a greater index is an error.
    private readonly int _colors = 256;

    // The sample values of tRNS that mean transparent, for 16-bit grey and for RGB; -1 for none.
    private readonly int _clearRed = -1;
    private readonly int _clearGreen = -1;
    private readonly int _clearBlue = -1;

    public PngPixels(PngHeader header, byte[]? palette, byte[]? transparency)
    {
        _header = header;
        if (header.ColorType == PngHeader.Palette)
        {
            _colors = palette!.Length / 3;
            _lookup = new uint[256];
            for (var i = 0; i < _colors; i++)
            {
                var alpha = transparency is not null && i < transparency.Length ? transparency[i] : (byte)255;
                _lookup[i] = Pixel(palette[3 * i], palette[(3 * i) + 1], palette[(3 * i) + 2], alpha);
            }
        }
        else if (header.ColorType == PngHeader.Grey)
        {
            _clearRed = transparency is null ? -1 : BinaryPrimitives.ReadUInt16BigEndian(transparency);
            if (header.BitDepth == 16)
                return;
            _lookup = new uint[256];
            var most = (1 << header.BitDepth) - 1;
            for (var i = 0; i <= most; i++)
            {
                var grey = (byte)(i * 255 / most);
                // PngSuite's reference has transparent black here, while deeper samples keep their colour.
                _lookup[i] = i == _clearRed ? 0 : Pixel(grey, grey, grey, 255);
            }
        }
        else if (header.ColorType == PngHeader.Rgb && transparency is not null)
        {
            _clearRed = BinaryPrimitives.ReadUInt16BigEndian(transparency);
            _clearGreen = BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2));
            _clearBlue = BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(4));
        }
    }

    /// <summary>Bytes of all passes' rows, each with its filter byte.</summary>
    public static long FilteredBytes(PngHeader header)
    {
        var total = 0L;
        foreach (var pass in Passes(header))
        {
            var (width, height) = PassSize(header, pass);
            if (width > 0)
                total += (1 + header.RowBytes(width)) * height;
        }

        return total;
    }

    public RawImage Expand(byte[] raw)
    {
        var bgra = new byte[4 * _header.Width * _header.Height];
        var pixels = MemoryMarshal.Cast<byte, uint>(bgra.AsSpan());
        var at = 0;
        var line = _header.Interlaced ? new uint[_header.Width] : [];
        foreach (var pass in Passes(_header))
        {
            var (width, height) = PassSize(_header, pass);
            if (width == 0 || height == 0)
                continue;
            var rowBytes = (int)_header.RowBytes(width);
            var above = Span<byte>.Empty;
            for (var y = 0; y < height; y++)
            {
                var filter = raw[at];
                var row = raw.AsSpan(at + 1, rowBytes);
                if (filter > 4)
                    throw new ImageFormatException($"The PNG's row {y} has filter type {filter}; it must be 0 to 4.");
                PngFilters.Undo(filter, row, above, Math.Max(1, _header.BitsPerPixel / 8));
                var target = pixels[((pass.Y + (y * pass.Dy)) * _header.Width)..][.._header.Width];
                if (_header.Interlaced)
                {
                    ExpandRow(row, line.AsSpan(0, width), y);
                    for (var x = 0; x < width; x++)
                        target[pass.X + (x * pass.Dx)] = line[x];
                }
                else
                {
                    ExpandRow(row, target, y);
                }

                above = row;
                at += 1 + rowBytes;
            }
        }

        return new RawImage(_header.Width, _header.Height, bgra);
    }

    private static (int X, int Y, int Dx, int Dy)[] Passes(PngHeader header) => header.Interlaced ? _adam7 : _sequential;

    private static (int Width, int Height) PassSize(PngHeader header, (int X, int Y, int Dx, int Dy) pass) =>
        ((header.Width - pass.X + pass.Dx - 1) / pass.Dx, (header.Height - pass.Y + pass.Dy - 1) / pass.Dy);

    private void ExpandRow(ReadOnlySpan<byte> row, Span<uint> target, int y)
    {
        switch (_header.ColorType, _header.BitDepth)
        {
            case (PngHeader.Grey, 16):
                for (var x = 0; x < target.Length; x++)
                {
                    var value = BinaryPrimitives.ReadUInt16BigEndian(row[(2 * x)..]);
                    var grey = _clearRed < 0 ? WideGrey.ToByte(value) : Narrow(value);
                    target[x] = Pixel(grey, grey, grey, value == _clearRed ? (byte)0 : (byte)255);
                }

                break;
            case (PngHeader.Grey, _) or (PngHeader.Palette, _):
                ExpandLookup(row, target, y);
                break;
            case (PngHeader.Rgb, 8):
                for (var x = 0; x < target.Length; x++, row = row[3..])
                {
                    var (r, g, b) = (row[0], row[1], row[2]);
                    target[x] = Pixel(r, g, b, r == _clearRed && g == _clearGreen && b == _clearBlue ? (byte)0 : (byte)255);
                }

                break;
            case (PngHeader.GreyAlpha, 8):
                for (var x = 0; x < target.Length; x++)
                    target[x] = Pixel(row[2 * x], row[2 * x], row[2 * x], row[(2 * x) + 1]);
                break;
            case (PngHeader.Rgba, 8):
                for (var x = 0; x < target.Length; x++)
                    target[x] = Pixel(row[4 * x], row[(4 * x) + 1], row[(4 * x) + 2], row[(4 * x) + 3]);
                break;
            default:
                ExpandWide(row, target);
                break;
        }
    }

    private void ExpandLookup(ReadOnlySpan<byte> row, Span<uint> target, int y)
    {
        var bits = _header.BitDepth;
        if (bits == 8 && _colors == 256)
        {
            var lookup = _lookup!;
            row = row[..target.Length];
            for (var x = 0; x < target.Length; x++)
                target[x] = lookup[row[x]];
            return;
        }

        var mask = (1 << bits) - 1;
        for (var x = 0; x < target.Length; x++)
        {
            var bit = x * bits;
            var value = (row[bit >> 3] >> (8 - bits - (bit & 7))) & mask;
            if (value >= _colors)
                throw new ImageFormatException($"The PNG's row {y} uses colour {value}, but its PLTE chunk has only {_colors} colours.");
            target[x] = _lookup![value];
        }
    }

    // 16 bits a sample: RGB, grey with alpha, RGBA.
    private void ExpandWide(ReadOnlySpan<byte> row, Span<uint> target)
    {
        var channels = _header.Channels;
        for (var x = 0; x < target.Length; x++)
        {
            var samples = row.Slice(2 * channels * x, 2 * channels);
            var red = BinaryPrimitives.ReadUInt16BigEndian(samples);
            var green = channels > 2 ? BinaryPrimitives.ReadUInt16BigEndian(samples[2..]) : red;
            var blue = channels > 2 ? BinaryPrimitives.ReadUInt16BigEndian(samples[4..]) : red;
            var alpha = channels == 3
                ? red == _clearRed && green == _clearGreen && blue == _clearBlue ? (byte)0 : (byte)255
                : Narrow(BinaryPrimitives.ReadUInt16BigEndian(samples[^2..]));
            target[x] = Pixel(Narrow(red), Narrow(green), Narrow(blue), alpha);
        }
    }

    private static byte Narrow(int value) => (byte)(value >> 8);

    // Blue, green, red, alpha in memory.
    private static uint Pixel(byte red, byte green, byte blue, byte alpha) =>
        blue | ((uint)green << 8) | ((uint)red << 16) | ((uint)alpha << 24);
}
