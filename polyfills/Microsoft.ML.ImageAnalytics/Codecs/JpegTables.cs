using System.Buffers.Binary;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>The tables that segments define for the scans after them.</summary>
internal sealed class JpegTables
{
    private readonly short[]?[] _quantization = new short[4][];
    private readonly JpegHuffmanTable?[] _dc = new JpegHuffmanTable[4];
    private readonly JpegHuffmanTable?[] _ac = new JpegHuffmanTable[4];

    /// <summary>MCUs between restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    public short[] Quantization(int index, int scan) => _quantization[index] ?? throw Missing("quantization table", index, scan);

    public JpegHuffmanTable Dc(int index, int scan) => (index < 4 ? _dc[index] : null) ?? throw Missing("DC Huffman table", index, scan);

    public JpegHuffmanTable Ac(int index, int scan) => (index < 4 ? _ac[index] : null) ?? throw Missing("AC Huffman table", index, scan);

    public void ReadQuantization(ReadOnlySpan<byte> body, int offset)
    {
        while (body.Length > 0)
        {
            var (wide, index) = (body[0] >> 4, body[0] & 15);
            var bytes = 64 * (1 + wide);
            if (wide > 1 || index > 3 || body.Length < 1 + bytes)
            {
                throw new ImageFormatException(
                    $"The JPEG's DQT segment at offset {offset} has precision {wide}, index {index} and {body.Length - 1} bytes; " +
                    "it must be 0 or 1, 0 to 3, and 64 or 128.");
            }

            // In the order of coefficients as the transform wants them, modulo 2^16 as it multiplies.
            var table = new short[64];
            for (var k = 0; k < 64; k++)
            {
                var value = wide == 0 ? body[1 + k] : BinaryPrimitives.ReadUInt16BigEndian(body[(1 + (2 * k))..]);
                table[JpegScan.NaturalOrder(k)] = unchecked((short)value);
            }

            _quantization[index] = table;
            body = body[(1 + bytes)..];
        }
    }

    public void ReadHuffman(ReadOnlySpan<byte> body, int offset)
    {
        while (body.Length > 0)
        {
            var (kind, index) = (body[0] >> 4, body[0] & 15);
            var count = 0;
            if (body.Length >= 17)
            {
                foreach (var n in body.Slice(1, 16))
                    count += n;
            }

            if (kind > 1 || index > 3 || body.Length < 17 + count || count is < 1 or > 256)
            {
                throw new ImageFormatException(
                    $"The JPEG's DHT segment at offset {offset} has class {kind}, index {index} and {count} codes; it must be 0 " +
                    "or 1, 0 to 3, and 1 to 256 that lie in the segment.");
            }

            (kind == 0 ? _dc : _ac)[index] = new JpegHuffmanTable(body.Slice(1, 16), body.Slice(17, count), offset);
            body = body[(17 + count)..];
        }
    }

    public void ReadRestartInterval(ReadOnlySpan<byte> body, int offset)
    {
        if (body.Length != 2)
            throw new ImageFormatException($"The JPEG's DRI segment at offset {offset} has {body.Length} bytes; it must have 2.");
        RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(body);
    }

    private static ImageFormatException Missing(string what, int index, int scan) =>
        new($"The JPEG's scan at offset {scan} uses {what} {index}, which no segment before it defines.");
}
