using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Latent.Contracts;

namespace Latent.Data.Images;

/// <summary>
/// Reads netpbm's PBM, PGM and PPM, written out (P1 to P3) or binary (P4 to P6), with samples of 8 or 16 bits, which are scaled from
/// 0…maxval to 0…255 and rounded. If a file has several images, it reads the first, as netpbm does.
/// </summary>
internal ref struct PnmReader
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly string _name;
    private readonly bool _text;
    private readonly bool _bits;
    private readonly int _channels;
    private readonly int _most;
    private int _at = 2;

    /// <summary>Reads the header, and checks that the file is long enough for the pixels it declares.</summary>
    /// <param name="file">The content of a file for which <see cref="IsPnm"/> is true.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <exception cref="LatentException">The header is wrong or the file too short.</exception>
    public PnmReader(ReadOnlySpan<byte> file, string name)
    {
        _file = file;
        _name = name;
        var kind = file[1] - '0';
        _text = kind <= 3;
        _bits = kind is 1 or 4;
        _channels = kind is 3 or 6 ? 3 : 1;
        Width = Number("a width", min: 1, int.MaxValue);
        Height = Number("a height", min: 1, int.MaxValue);
        _most = _bits ? 1 : Number("a maxval", min: 1, 65535);
        if (!_text)
            EndHeader();

        var samples = (Int128)Width * Height * _channels;
        var rowBytes = _bits ? (Width + 7L) / 8 : (long)Width * _channels * (_most > 255 ? 2 : 1);
        // Written out, a sample takes a digit, and all but bits take a space as well.
        var needed =
            !_text ? (Int128)rowBytes * Height
            : _bits ? samples
            : 2 * samples - 1;
        if (file.Length - _at < needed)
        {
            var orMore = _text ? " or more" : "";
            throw Damaged($"its {Width} x {Height} pixels take {needed} bytes{orMore}, and {file.Length - _at} follow its header");
        }
    }

    public int Width { get; }

    public int Height { get; }

    public static bool IsPnm(ReadOnlySpan<byte> file) =>
        file.Length >= 3 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6' && (IsSpace(file[2]) || file[2] == '#');

    /// <summary>Reads the pixels.</summary>
    /// <param name="pixels">Receives four bytes per pixel: red, green, blue and 255.</param>
    /// <exception cref="LatentException">The file ends too early or has an invalid sample.</exception>
    public void Read(Span<byte> pixels)
    {
        var rgba = MemoryMarshal.Cast<byte, uint>(pixels);
        if (_bits)
            ReadBits(rgba);
        else if (!_text && _most == 255)
            ReadBytes(_file[_at..], rgba, _channels);
        else
            ReadSamples(rgba);
    }

    private static void ReadBytes(ReadOnlySpan<byte> samples, Span<uint> rgba, int channels)
    {
        if (channels == 1)
        {
            samples = samples[..rgba.Length];
            for (var i = 0; i < samples.Length; i++)
                rgba[i] = Grey(samples[i]);
        }
        else
        {
            for (var i = 0; i < rgba.Length; i++)
            {
                var pixel = samples.Slice(3 * i, 3);
                rgba[i] = Colour(pixel[0], pixel[1], pixel[2]);
            }
        }
    }

    private void ReadSamples(Span<uint> rgba)
    {
        for (var i = 0; i < rgba.Length; i++)
        {
            var first = Sample();
            rgba[i] = _channels == 1 ? Grey(first) : Colour(first, Sample(), Sample());
        }
    }

    private void ReadBits(Span<uint> rgba)
    {
        for (var i = 0; i < rgba.Length; i++)
            rgba[i] = Grey(_text ? TextBit() : Bit(i / Width, i % Width));
    }

    // A one is black.
    private readonly uint Bit(int y, int x) => (_file[_at + y * ((Width + 7) / 8) + (x >> 3)] >> (7 - (x & 7)) & 1) == 1 ? 0u : 255;

    private uint TextBit()
    {
        SkipSpace();
        if (_at >= _file.Length)
            throw Damaged($"it ends at offset {_file.Length}, where a pixel was expected");
        return _file[_at++] switch
        {
            (byte)'0' => 255,
            (byte)'1' => 0,
            var other => throw Damaged($"its byte at offset {_at - 1} is 0x{other:X2}, where a pixel, 0 or 1, was expected"),
        };
    }

    private uint Sample()
    {
        if (_text)
            return Scale(Number("a sample", min: 0, _most));
        var value = _most > 255 ? BinaryPrimitives.ReadUInt16BigEndian(_file[_at..]) : _file[_at];
        if (value > _most)
            throw Damaged($"its sample at offset {_at} is {value}; it must be at most the maxval, {_most}");
        _at += _most > 255 ? 2 : 1;
        return Scale(value);
    }

    private readonly uint Scale(int sample) => ((uint)sample * 255 + (uint)_most / 2) / (uint)_most;

    private int Number(string what, int min, int most)
    {
        SkipSpace();
        var start = _at;
        if (start >= _file.Length)
            throw Damaged($"it ends at offset {_file.Length}, where {what} was expected");
        var value = 0L;
        for (; _at < _file.Length && _file[_at] is >= (byte)'0' and <= (byte)'9'; _at++)
            value = Math.Min(10 * value + (_file[_at] - '0'), 1L << 32);
        if (_at == start)
            throw Damaged($"its byte at offset {start} is 0x{_file[start]:X2}, where {what} was expected");
        if (value < min || value > most)
        {
            var found = value == 1L << 32 ? $"more than {uint.MaxValue}" : $"{value}";
            throw Damaged($"it has {what} of {found} at offset {start}; it must be from {min} to {most}");
        }

        return (int)value;
    }

    // One white space, or a comment up to its end of line.
    private void EndHeader()
    {
        var start = _at;
        if (_at < _file.Length && _file[_at] == '#')
            SkipComment();
        if (_at >= _file.Length || !IsSpace(_file[_at]))
            throw Damaged($"its header must end with one white space at offset {start}, before the samples");
        _at++;
    }

    private void SkipSpace()
    {
        while (_at < _file.Length && (IsSpace(_file[_at]) || _file[_at] == '#'))
        {
            if (_file[_at] == '#')
                SkipComment();
            else
                _at++;
        }
    }

    private void SkipComment()
    {
        while (_at < _file.Length && _file[_at] is not ((byte)'\n' or (byte)'\r'))
            _at++;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);

    private static uint Grey(uint level) => level * 0x010101 | 0xFF000000;

    private static uint Colour(uint red, uint green, uint blue) => red | green << 8 | blue << 16 | 0xFF000000;

    private readonly LatentException Damaged(string why) => new($"{_name} is a damaged PNM: {why}.");
}
