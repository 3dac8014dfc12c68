using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.Tests.Imaging;

internal static class PngChunks
{
    /// <summary>Makes every chunk's CRC right again, as far as the chunks can be followed.</summary>
    public static void FixChecksums(byte[] file)
    {
        for (var at = 8L; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (length > file.Length - at - 12)
                return;
            var crc = uint.MaxValue;
            foreach (var b in file.AsSpan((int)at + 4, (int)length + 4))
            {
                crc ^= b;
                for (var bit = 0; bit < 8; bit++)
                    crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }

            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)(at + 8 + length)), ~crc);
            at += 12 + length;
        }
    }

    /// <summary>The file with its rows, still filtered, edited and compressed again; where they can't be had, the file as it is.</summary>
    public static byte[] EditRows(byte[] file, Func<byte[], byte[]> edit)
    {
        var data = new MemoryStream();
        List<byte> result = [.. file.AsSpan(0, 8)];
        var placed = false;
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var isData = file.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8);
            if (length < 0 || length > file.Length - at - 12)
                return file;
            if (isData)
            {
                data.Write(file, at + 8, length);
            }
            else
            {
                if (data.Length > 0 && !placed)
                {
                    var packed = Compress(edit(Expand(data)));
                    var chunk = new byte[12 + packed.Length];
                    BinaryPrimitives.WriteInt32BigEndian(chunk, packed.Length);
                    "IDAT"u8.CopyTo(chunk.AsSpan(4));
                    packed.CopyTo(chunk, 8);
                    result.AddRange(chunk);
                    placed = true;
                }

                result.AddRange(file.AsSpan(at, 12 + length));
            }

            at += 12 + length;
        }

        var whole = result.ToArray();
        FixChecksums(whole);
        return whole;
    }

    private static byte[] Expand(MemoryStream data)
    {
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress, leaveOpen: true);
        var rows = new MemoryStream();
        zlib.CopyTo(rows);
        return rows.ToArray();
    }

    private static byte[] Compress(byte[] rows)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(rows);
        return packed.ToArray();
    }
}
