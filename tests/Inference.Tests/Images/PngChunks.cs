using System.Buffers.Binary;

namespace Latent.Tests.Images;

internal static class PngChunks
{
    /// <summary>Makes every chunk's CRC right again, as far as the chunks can be followed, so that damage gets beyond it.</summary>
    public static void FixChecksums(byte[] file)
    {
        for (var at = 8L; at + 12 <= file.Length; )
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
}
