namespace Microsoft.ML.Tests.Imaging.Codecs;

/// <summary>Small files of the kinds that our encoders don't write.</summary>
internal static class Samples
{
    public static IEnumerable<byte[]> PortableMaps =>
    [
        "P1\n# bits\n8 4\n1 0 1 0 1 0 1 0\n10101010\n01010101\n1 1 1 1 0 0 0 0\n"u8.ToArray(),
        "P2\n5 3\n15\n0 1 2 3 4\n5 6 7 8 9\n10 11 12 13 15\n"u8.ToArray(),
        "P3 3 2 255\n1 2 3 4 5 6 7 8 9\n250 251 252 253 254 255 0 0 0\n"u8.ToArray(),
        [.. "P4 10 2\n"u8, 0x81, 0x40, 0xFF, 0xC0],
        [.. "P5 4 2 65535\n"u8, .. Enumerable.Range(0, 16).Select(i => (byte)(i * 17))],
        [.. "P6 2 2 4095\n"u8, .. Enumerable.Range(0, 24).Select(i => (byte)(i % 2 == 0 ? i / 2 : i * 9))],
    ];

    public static IEnumerable<byte[]> Bitmaps
    {
        get
        {
            byte[] palette = [0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0];
            yield return [.. Header(8, 3, 1, 0, 2, 62), .. palette[..8], .. new byte[] { 0xAA, 0, 0, 0, 0x55, 0, 0, 0, 0xF0, 0, 0, 0 }];
            yield return [.. Header(5, 2, 4, 0, 4, 70), .. palette, .. new byte[] { 0x01, 0x23, 0x10, 0, 0x32, 0x10, 0x30, 0 }];
            yield return [.. Header(4, 2, 8, 1, 4, 70), .. palette, .. new byte[] { 3, 2, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1 }];
            yield return [.. Header(8, 3, 8, 1, 4, 70), .. palette, .. new byte[] { 1, 3, 0, 2, 1, 1, 4, 2, 0, 0, 8, 1, 0, 1 }];
            yield return [.. Header(5, 2, 4, 2, 4, 70), .. palette, .. new byte[] { 5, 0x12, 0, 0, 0, 5, 0x12, 0x31, 0x20, 0, 0, 1 }];
            yield return [.. Header(2, 2, 16, 3, 0, 66), 0, 0xF8, 0, 0, 0xE0, 7, 0, 0, 0x1F, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
            byte[] os2 = [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 12, 0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0];
            yield return [.. os2, 9, 8, 7, 6, 5, 4, 64, 0, 0, 0];
        }
    }

    private static byte[] Header(byte width, byte height, byte bits, byte compression, byte colors, byte start) =>
    [
        .. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, start, 0, 0, 0, 40, 0, 0, 0, width, 0, 0, 0, height, 0, 0, 0, 1, 0, bits, 0,
        compression, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, colors, 0, 0, 0, 0, 0, 0, 0,
    ];
}
