using System.Buffers.Binary;
using System.Numerics;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>The segments and the entropy-coded data of a baseline JPEG, with the Huffman tables of ITU-T T.81, Annex K.3.</summary>
internal sealed class JpegWriter
{
    // By table: how many codes there are of 1 to 16 bits, then their symbols.
    private static readonly byte[][] _dcTables =
    [
        [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    ];

    private static readonly byte[][] _acTables =
    [
        [
            0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125,
            .. Convert.FromHexString(
                "01020300041105122131410613516107227114328191A1082342B1C11552D1F02433627282090A161718191A25262728292A34353637" +
                "38393A434445464748494A535455565758595A636465666768696A737475767778797A838485868788898A92939495969798999AA2A3" +
                "A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE1E2E3E4E5E6E7E8E9EAF1F2F3F4F5F6F7F8F9FA"),
        ],
        [
            0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119,
            .. Convert.FromHexString(
                "000102031104052131061241510761711322328108144291A1B1C109233352F0156272D10A162434E125F11718191A262728292A3536" +
                "3738393A434445464748494A535455565758595A636465666768696A737475767778797A82838485868788898A92939495969798999A" +
                "A2A3A4A5A6A7A8A9AAB2B3B4B5B6B7B8B9BAC2C3C4C5C6C7C8C9CAD2D3D4D5D6D7D8D9DAE2E3E4E5E6E7E8E9EAF2F3F4F5F6F7F8F9FA"),
        ],
    ];

    private static readonly (int Code, int Length)[][] _dcCodes = [.. _dcTables.Select(Codes)];
    private static readonly (int Code, int Length)[][] _acCodes = [.. _acTables.Select(Codes)];

    private readonly MemoryStream _file = new();
    private ulong _bits;
    private int _count;

    public void WriteHeaders(int width, int height, int components, byte[][] quant)
    {
        if (width > 65535 || height > 65535)
            throw new ImageFormatException($"A JPEG of {width} x {height} pixels can't be written; its sides may be 65535 at most.");
        _file.Write([0xFF, 0xD8]);
        WriteSegment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        var used = components == 1 ? 1 : 2;
        for (var i = 0; i < used; i++)
            WriteSegment(0xDB, [(byte)i, .. Enumerable.Range(0, 64).Select(k => quant[i][JpegScan.NaturalOrder(k)])]);
        byte[] frame = [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)components];
        byte[] perFrame = components == 1 ? [1, 0x11, 0] : [1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1];
        WriteSegment(0xC0, [.. frame, .. perFrame]);
        for (var i = 0; i < used; i++)
        {
            WriteSegment(0xC4, [(byte)i, .. _dcTables[i]]);
            WriteSegment(0xC4, [(byte)(0x10 | i), .. _acTables[i]]);
        }

        byte[] perScan = components == 1 ? [1, 0] : [1, 0, 2, 0x11, 3, 0x11];
        WriteSegment(0xDA, [(byte)components, .. perScan, 0, 63, 0]);
    }

    /// <summary>Writes a block of quantized coefficients in zigzag order.</summary>
    public void WriteBlock(int[] block, int table, ref int prediction)
    {
        WriteValue(_dcCodes[table], 0, block[0] - prediction);
        prediction = block[0];
        var run = 0;
        for (var k = 1; k < 64; k++)
        {
            if (block[k] == 0)
            {
                run++;
                continue;
            }

            for (; run >= 16; run -= 16)
                Write(_acCodes[table][0xF0]);
            WriteValue(_acCodes[table], run << 4, block[k]);
            run = 0;
        }

        if (run > 0)
            Write(_acCodes[table][0]);
    }

    public byte[] Finish()
    {
        // The last byte is filled with ones.
        Write((0x7F, 7));
        _file.Write([0xFF, 0xD9]);
        return _file.ToArray();
    }

    private static (int Code, int Length)[] Codes(byte[] table)
    {
        var codes = new (int, int)[256];
        var (code, at) = (0, 16);
        for (var length = 1; length <= 16; length++)
        {
            for (var i = 0; i < table[length - 1]; i++)
                codes[table[at++]] = (code++, length);
            code <<= 1;
        }

        return codes;
    }

    private void WriteValue((int Code, int Length)[] codes, int run, int value)
    {
        var size = 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));
        Write(codes[run | size]);
        if (size > 0)
            Write(((value < 0 ? value - 1 : value) & ((1 << size) - 1), size));
    }

    private void Write((int Code, int Length) bits)
    {
        _bits = (_bits << bits.Length) | (uint)bits.Code;
        for (_count += bits.Length; _count >= 8; _count -= 8)
        {
            var value = (byte)(_bits >> (_count - 8));
            _file.WriteByte(value);
            if (value == 0xFF)
                _file.WriteByte(0);
        }
    }

    private void WriteSegment(byte marker, byte[] body)
    {
        var header = new byte[4] { 0xFF, marker, 0, 0 };
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(body.Length + 2));
        _file.Write(header);
        _file.Write(body);
    }
}
