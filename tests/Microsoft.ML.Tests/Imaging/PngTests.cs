using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Latent.Tests;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

public sealed class PngTests
{
    [Fact]
    public void Saved_pictures_come_back()
    {
        var sizes =
            from width in Gen.Choose(1, 60)
            from height in Gen.Choose(1, 40)
            from kind in Gen.Choose(0, 2)
            select (width, height, kind);
        Prop.ForAll(sizes.ToArbitrary(), size =>
        {
            var alpha = size.kind == 2 && !World.ImagingIsPackage;
            using var image = Pictures.DrawImage(size.width, size.height, size.width, grey: size.kind == 0, alpha);
            using var back = Pictures.Decode(Save(image));
            return image.GetBGRPixels.SequenceEqual(back.GetBGRPixels) && image.Pixels.SequenceEqual(back.Pixels);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(60));
    }

    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(false, false, 2)]
    [InlineData(false, true, 6)]
    public void The_colour_type_is_the_least_that_holds_the_pixels(bool grey, bool alpha, int colorType)
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package has its own choice.");
        using var image = Pictures.DrawImage(20, 10, 3, grey, alpha);
        Assert.Equal(colorType, Save(image)[25]);
    }

    [Fact]
    public void A_smooth_picture_is_small()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package has its own encoder.");
        // 256 x 256 slopes: 192 KiB of samples, which the filters turn into runs.
        var pixels = new byte[4 * 256 * 256];
        for (var i = 0; i < 256 * 256; i++)
            new[] { (byte)i, (byte)(i >> 8), (byte)(i + (i >> 8)), (byte)255 }.CopyTo(pixels, 4 * i);
        using var image = MLImage.CreateFromPixels(256, 256, MLPixelFormat.Bgra32, pixels);
        Assert.InRange(Save(image).Length, 100, 2000);
    }

    [Fact]
    public void Libpng_reads_what_is_saved()
    {
        foreach (var grey in new[] { true, false })
        {
            using var image = Pictures.DrawImage(37, 21, 4, grey);
            using var back = Pictures.Decode(Pictures.Run("pngtopnm", "-", Save(image)));
            Assert.Equal(image.Pixels.ToArray(), back.Pixels.ToArray());
        }
    }

    [Fact]
    public void A_header_that_asks_for_more_than_the_data_can_hold_is_refused()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package's messages are its own.");
        using var image = Pictures.DrawImage(4, 4, 1);
        var file = Save(image);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 16000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 16000);
        PngChunks.FixChecksums(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.ThrowsAny<ArgumentException>(() => Pictures.Decode(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("declares 16000 x 16000 pixels of 24 bits, more than its", error.Message);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 100000);
        PngChunks.FixChecksums(file);
        error = Assert.ThrowsAny<ArgumentException>(() => Pictures.Decode(file));
        Assert.Contains("declares 100000 x 16000 pixels; at most 268435456 are allowed", error.Message);
    }

    [Fact]
    public void Damaged_image_data_are_refused_with_the_place()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package's messages are its own.");
        using var image = Pictures.DrawImage(30, 30, 1);
        var file = Save(image);
        // Chunks: IHDR at 8, IDAT at 33. Its checksum is put right, zlib's own is left wrong.
        var damaged = file.ToArray();
        damaged[^20] ^= 1;
        PngChunks.FixChecksums(damaged);
        Assert.Contains("IDAT chunks are no valid zlib stream after", Message(damaged));

        damaged = file.ToArray();
        damaged[100] ^= 1;
        Assert.Contains("IDAT chunk at offset 33 has the CRC", Message(damaged));

        Assert.Contains("IDAT chunk at offset 33 declares", Message(file[..^40]));
        Assert.Contains("without an IEND chunk; it is truncated", Message(file[..^12]));

        static string Message(byte[] file) => Assert.ThrowsAny<ArgumentException>(() => Pictures.Decode(file)).Message;
    }

    [Fact]
    public void A_header_of_more_bytes_a_row_than_an_array_has_is_refused()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package's messages are its own.");
        using var image = Pictures.DrawImage(4, 4, 1);
        var file = Save(image);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 1 << 28);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 1);
        (file[24], file[25]) = (16, 6);
        PngChunks.FixChecksums(file);

        Assert.Contains("more than its", Assert.ThrowsAny<ArgumentException>(() => Pictures.Decode(file)).Message);
    }

    private static byte[] Save(MLImage image)
    {
        var path = Path.Combine(Path.GetTempPath(), $"latent-{Guid.NewGuid():N}.png");
        image.Save(path);
        var file = File.ReadAllBytes(path);
        File.Delete(path);
        return file;
    }
}
