using System.Runtime.CompilerServices;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>A Huffman table of JPEG (ITU-T T.81, Annex C), decoded by look-up of nine bits; longer codes by comparison.</summary>
internal sealed class JpegHuffmanTable
{
    private const int LookupBits = 9;

    // Length in the upper byte, symbol in the lower; 0 where the code is longer.
    private readonly ushort[] _lookup = new ushort[1 << LookupBits];

    // By length: one more than the last code, left-aligned to 16 bits, and what takes a code to its symbol's place.
    private readonly int[] _limit = new int[18];
    private readonly int[] _shift = new int[17];
    private readonly byte[] _symbols;

    /// <param name="counts">How many codes there are of 1 to 16 bits.</param>
    /// <param name="symbols">Their symbols, in the order of the codes.</param>
    /// <param name="offset">Where the table lies in the file, for the error.</param>
    public JpegHuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols, int offset)
    {
        _symbols = symbols.ToArray();
        var code = 0;
        var place = 0;
        for (var length = 1; length <= 16; length++)
        {
            _shift[length] = place - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, place++)
            {
                if (code >= 1 << length)
                {
                    throw new ImageFormatException(
                        $"The JPEG's Huffman table at offset {offset} has more codes of {length} bits than there can be.");
                }

                var free = LookupBits - length;
                if (free >= 0)
                    _lookup.AsSpan(code << free, 1 << free).Fill((ushort)((length << 8) | _symbols[place]));
            }

            _limit[length] = code << (16 - length);
            code <<= 1;
        }

        _limit[17] = int.MaxValue;
    }

    /// <summary>The next symbol, or -1 for bits that are no code; the reader has been filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Decode(ref JpegBitReader reader)
    {
        var entry = _lookup[reader.Peek(LookupBits)];
        if (entry == 0)
            return DecodeLong(ref reader);
        reader.Skip(entry >> 8);
        return entry & 255;
    }

    private int DecodeLong(ref JpegBitReader reader)
    {
        var bits = reader.Peek(16);
        var length = LookupBits + 1;
        while (bits >= _limit[length])
            length++;
        if (length > 16)
            return -1;
        reader.Skip(length);
        return _symbols[(bits >> (16 - length)) + _shift[length]];
    }
}
