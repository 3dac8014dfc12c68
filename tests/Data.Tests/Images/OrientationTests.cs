using System.Buffers.Binary;
using Latent.Data.Images;
using SkiaSharp;

namespace Latent.Data.Tests.Images;

public sealed class OrientationTests
{
    // An image of two by three blocks, grey by grey from the top left, as it is to be seen.
    private static readonly byte[] s_seen = [0, 50, 100, 150, 200, 250];

    [Theory]
    [InlineData(1, false, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(2, false, new[] { 1, 0, 3, 2, 5, 4 })]
    [InlineData(3, false, new[] { 5, 4, 3, 2, 1, 0 })]
    [InlineData(4, false, new[] { 4, 5, 2, 3, 0, 1 })]
    [InlineData(5, true, new[] { 0, 2, 4, 1, 3, 5 })]
    [InlineData(6, true, new[] { 1, 3, 5, 0, 2, 4 })]
    [InlineData(7, true, new[] { 5, 3, 1, 4, 2, 0 })]
    [InlineData(8, true, new[] { 4, 2, 0, 5, 3, 1 })]
    public void A_jpeg_is_turned_as_it_says(ushort orientation, bool across, int[] stored)
    {
        var (columns, rows) = across ? (3, 2) : (2, 3);
        using var bitmap = new SKBitmap(16 * columns, 16 * rows, SKColorType.Gray8, SKAlphaType.Opaque);
        var pixels = bitmap.GetPixelSpan();
        var bytes = new byte[pixels.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = s_seen[stored[i / (16 * columns) / 16 * columns + i % (16 * columns) / 16]];
        System.Runtime.InteropServices.Marshal.Copy(bytes, 0, bitmap.GetPixels(), bytes.Length);
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(exif.Length + 2));
        byte[] file = [0xFF, 0xD8, 0xFF, 0xE1, .. length, .. exif, .. jpeg.ToArray().AsSpan(2)];

        var image = new ImageDecoder().Decode(file, "it");
        Assert.Equal((32, 48), (image.Width, image.Height));
        for (var block = 0; block < 6; block++)
            Assert.InRange(image.Pixels[4 * ((block / 2 * 16 + 8) * 32 + block % 2 * 16 + 8)], s_seen[block] - 3, s_seen[block] + 3);
    }
}
