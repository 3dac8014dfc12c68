using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// Reads entropy-coded data, most significant bit first, from a 64-bit buffer. At a marker or the end of the data it goes on with
/// zeros, of which <see cref="Overrun"/> tells.
/// </summary>
internal ref struct JpegBitReader(ReadOnlySpan<byte> data, int start)
{
    private readonly ReadOnlySpan<byte> _data = data;

    // Left-aligned: the next bit is the highest.
    private ulong _bits;
    private int _count;

    // How many of the buffer's bits, at its end, are made up.
    private int _padding;

    /// <summary>The offset of the next byte to be buffered; at a marker, that of its 0xFF.</summary>
    public int Position { get; private set; } = start;

    /// <summary>True once bits were consumed that weren't there.</summary>
    public readonly bool Overrun => _count < _padding;

    /// <summary>The second byte of the marker at the position; 0 at the data's end.</summary>
    public readonly int MarkerHere => Position + 1 < _data.Length ? _data[Position + 1] : 0;

    /// <summary>Makes sure that 32 bits or more are buffered: enough for a Huffman code and the bits that follow it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        if (_count < 32)
            Refill();
    }

    /// <summary>The next bits, without consuming them; Fill comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Peek(int count) => (int)(_bits >> (64 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        _bits <<= count;
        _count -= count;
    }

    /// <summary>Consumes 1 to 16 bits; Fill comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(int count)
    {
        var value = (int)(_bits >> (64 - count));
        Skip(count);
        return value;
    }

    /// <summary>Consumes a bit and fills as needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadBit()
    {
        if (_count < 1)
            Refill();
        return Read(1);
    }

    /// <summary>A value of that many bits in the sign convention of JPEG (ITU-T T.81, F.2.2.1); Fill comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSigned(int size)
    {
        if (size == 0)
            return 0;
        var value = Read(size);
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /// <summary>Drops what is left of the current byte and of the buffer; the reader stands at the marker that must follow.</summary>
    public void SkipToMarker()
    {
        (_bits, _count, _padding) = (0, 0, 0);
        while (Position < _data.Length - 1 && (_data[Position] != 0xFF || _data[Position + 1] is 0 or 0xFF))
            Position++;
    }

    public void PassMarker() => Position += 2;

    private void Refill()
    {
        if (Position + 4 <= _data.Length)
        {
            var next = BinaryPrimitives.ReadUInt32BigEndian(_data[Position..]);
            var inverted = ~next;
            // No byte is 0xFF: no inverted byte is zero.
            if (((inverted - 0x01010101) & ~inverted & 0x80808080) == 0)
            {
                _bits |= (ulong)next << (32 - _count);
                _count += 32;
                Position += 4;
                return;
            }
        }

        while (_count <= 56)
        {
            var value = 0;
            if (Position < _data.Length && _data[Position] != 0xFF)
            {
                value = _data[Position++];
            }
            else if (Position + 1 < _data.Length && _data[Position + 1] == 0)
            {
                value = 0xFF;
                Position += 2;
            }
            else
            {
                _padding += 8;
            }

            _bits |= (ulong)value << (56 - _count);
            _count += 8;
        }
    }
}
