using System.Text;
using Latent.Contracts;
using Latent.Data.Images;
using SkiaSharp;

namespace Latent.Tests.Images;

/// <summary>
/// Mutated files end in an image or in an exception of ours, soon and in little memory; each is made from its number, so that a failure
/// can be repeated. SkiaSharp's part runs in native code, where a fault would end the test process.
/// </summary>
public sealed class DecoderFuzzTests
{
    private static readonly int s_count = Fuzz.Count(usual: 1500);

    private static readonly (int Width, int Height, byte[] Rgba)[] s_drawn =
    [
        (5, 4, Samples.Draw(5, 4, 5)),
        (16, 16, Samples.Draw(16, 16, 16, alpha: true)),
        (33, 20, Samples.Draw(33, 20, 33, grey: true)),
        (40, 30, Samples.Draw(40, 30, 40)),
    ];

    [Fact]
    public void Png() => Run("PNG", [.. Drawn(SKEncodedImageFormat.Png)], fix: PngChunks.FixChecksums);

    [Fact]
    public void Jpeg()
    {
        string[] stored = ["baseline", "progressive", "grey", "cmyk", "ycck"];
        Run("JPEG", [.. Drawn(SKEncodedImageFormat.Jpeg, 80), .. stored.Select(name => File.ReadAllBytes(Samples.Stored($"{name}.jpg")))]);
    }

    [Fact]
    public void Webp() => Run("WebP", [.. Drawn(SKEncodedImageFormat.Webp, 80), .. Drawn(SKEncodedImageFormat.Webp)]);

    [Fact]
    public void Gif() => Run("GIF", [Samples.Gif]);

    [Fact]
    public void Bmp() => Run("BMP", [.. s_drawn.Select(d => Samples.Bmp(d.Rgba, d.Width, d.Height)), .. Bitmaps()]);

    [Fact]
    public void Pnm() =>
        Run(
            "PNM",
            [
                "P1\n# bits\n8 4\n1 0 1 0 1 0 1 0\n10101010\n01010101\n1 1 1 1 0 0 0 0\n"u8.ToArray(),
                "P2\n5 3\n15\n0 1 2 3 4\n5 6 7 8 9\n10 11 12 13 15\n"u8.ToArray(),
                "P3 3 2 255\n1 2 3 4 5 6 7 8 9\n250 251 252 253 254 255 0 0 0\n"u8.ToArray(),
                [.. "P4 10 2\n"u8, 0x81, 0x40, 0xFF, 0xC0],
                [.. "P5 4 2 65535\n"u8, .. Enumerable.Range(0, 16).Select(i => (byte)(i * 17))],
                [.. "P6 2 2 4095\n"u8, .. Enumerable.Range(0, 24).Select(i => (byte)(i % 2 == 0 ? i / 2 : i * 9))],
                .. s_drawn.Select(d => (byte[])[.. Encoding.ASCII.GetBytes($"P6 {d.Width} {d.Height} 255\n"), .. Samples.Colours(d.Rgba)]),
            ]
        );

    private static void Run(string format, byte[][] corpus, Action<byte[]>? fix = null)
    {
        // A header that declares much makes no image of a hundred million pixels here.
        var decoder = new ImageDecoder(maxPixels: 1 << 20);
        var read = 0;
        for (var i = 0; i < s_count; i++)
        {
            var random = new Random(i);
            var input = Mutator.Mutate(random, corpus);
            if (random.Next(8) != 0)
                fix?.Invoke(input);
            if (Fuzz.Ends<LatentException>($"{format} {i} ({input.Length} bytes)", () => decoder.Decode(input, "it")))
                read++;
        }

        Assert.InRange(read, 1, s_count - 1);
    }

    private static IEnumerable<byte[]> Drawn(SKEncodedImageFormat format, int quality = 100) =>
        s_drawn.Select(d => Samples.Encode(d.Rgba, d.Width, d.Height, format, quality));

    // Of 1, 4, 8 and 16 bits, plain and run-length encoded, and OS/2's.
    private static IEnumerable<byte[]> Bitmaps()
    {
        byte[] palette = [0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0];
        yield return [.. BmpHeader(8, 3, 1, 0, 2, 62), .. palette[..8], 0xAA, 0, 0, 0, 0x55, 0, 0, 0, 0xF0, 0, 0, 0];
        yield return [.. BmpHeader(5, 2, 4, 0, 4, 70), .. palette, 0x01, 0x23, 0x10, 0, 0x32, 0x10, 0x30, 0];
        yield return [.. BmpHeader(4, 2, 8, 1, 4, 70), .. palette, 3, 2, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1];
        yield return [.. BmpHeader(8, 3, 8, 1, 4, 70), .. palette, 1, 3, 0, 2, 1, 1, 4, 2, 0, 0, 8, 1, 0, 1];
        yield return [.. BmpHeader(5, 2, 4, 2, 4, 70), .. palette, 5, 0x12, 0, 0, 0, 5, 0x12, 0x31, 0x20, 0, 0, 1];
        yield return [.. BmpHeader(2, 2, 16, 3, 0, 66), 0, 0xF8, 0, 0, 0xE0, 7, 0, 0, 0x1F, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        yield return [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 12, 0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0, 9, 8, 7, 6, 5, 4, 64, 0, 0, 0];
    }

    private static byte[] BmpHeader(byte width, byte height, byte bits, byte compression, byte colours, byte start) =>
        [
            .. "BM"u8,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            start,
            0,
            0,
            0,
            40,
            0,
            0,
            0,
            width,
            0,
            0,
            0,
            height,
            0,
            0,
            0,
            1,
            0,
            bits,
            0,
            compression,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            colours,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
}
