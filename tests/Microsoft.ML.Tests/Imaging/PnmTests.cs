using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Latent.Tests;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

public sealed class PnmTests
{
    private const string NotInPackage = "The package has no PNM.";

    [Theory]
    [InlineData("P1\n3 2\n1 0 1\n0 1 0\n", "0 255 0 255 0 255")]
    [InlineData("P1 3 2 101010", "0 255 0 255 0 255")]
    [InlineData("P1\n# a comment\n3 # and another\n2\n1 0 # between\n1 0 1 0", "0 255 0 255 0 255")]
    [InlineData("P2\n3 2\n255\n0 1 2\n253 254 255\n", "0 1 2 253 254 255")]
    [InlineData("P2 3 2 15 0 1 7 8 14 15", "0 17 119 136 238 255")]
    [InlineData("P2 3 2 65535 0 257 128 129 65534 65535", "0 1 0 1 255 255")]
    [InlineData("P2#\r3 2#\r1#\r0 1 0 1 0 1", "0 255 0 255 0 255")]
    public void Grey_text_decodes(string text, string expected)
    {
        Assert.SkipWhen(World.ImagingIsPackage, NotInPackage);
        using var image = Pictures.Decode(Encoding.ASCII.GetBytes(text));
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal(expected.Split(' ').SelectMany(v => Enumerable.Repeat(byte.Parse(v), 3)), image.GetBGRPixels);
        Assert.Equal(255, image.Pixels[3]);
    }

    [Fact]
    public void Colour_text_decodes()
    {
        Assert.SkipWhen(World.ImagingIsPackage, NotInPackage);
        using var image = Pictures.Decode("P3 2 1 255  1 2 3  250 251 252"u8.ToArray());
        Assert.Equal<byte>([3, 2, 1, 252, 251, 250], image.GetBGRPixels);
    }

    [Fact]
    public void Binary_bits_decode()
    {
        Assert.SkipWhen(World.ImagingIsPackage, NotInPackage);
        using var image = Pictures.Decode([.. "P4 10 2\n"u8, 0b10000001, 0b01000000, 0b11111111, 0b11000000]);
        var expected = "0111111010" + "0000000000";
        Assert.Equal(expected.SelectMany(c => Enumerable.Repeat((byte)(c == '1' ? 255 : 0), 3)), image.GetBGRPixels);
    }

    [Fact]
    public void Binary_samples_of_8_and_16_bits_decode()
    {
        Assert.SkipWhen(World.ImagingIsPackage, NotInPackage);
        using var narrow = Pictures.Decode([.. "P6 1 2 100\n"u8, 0, 50, 100, 1, 2, 3]);
        Assert.Equal<byte>([255, 128, 0, 8, 5, 3], narrow.GetBGRPixels);
        using var wide = Pictures.Decode([.. "P5 2 1 65535\n"u8, 0x01, 0x01, 0xFF, 0xFF]);
        Assert.Equal<byte>([1, 1, 1, 255, 255, 255], wide.GetBGRPixels);
        using var mid = Pictures.Decode([.. "P6 1 1 1000\n"u8, 0x00, 0x00, 0x01, 0xF4, 0x03, 0xE8]);
        Assert.Equal<byte>([255, 128, 0], mid.GetBGRPixels);
    }

    [Theory]
    [InlineData("P5\n", "ends at offset 3, where a width was expected")]
    [InlineData("P5 x", "the byte 78 at offset 3, where a width was expected")]
    [InlineData("P5 3 0 255\n", "declares 3 x 0 pixels")]
    [InlineData("P5 3 2 0\n", "maxval, before offset 8, is 0")]
    [InlineData("P5 3 2 65536\n", "is 65536; it must be 1 to 65535")]
    [InlineData("P5 3 2 255\nabc", "which take 6 bytes or more, but only 3 follow offset 11")]
    [InlineData("P5 99999999999 2 255\nabc", "width at offset 3 is too great")]
    [InlineData("P5 200000 200000 255\nabc", "declares 200000 x 200000 pixels; at most 268435456")]
    [InlineData("P5 3 2 255", "one white space at offset 10")]
    [InlineData("P2 3 2 15 0 1 7 8 14 16", "sample at offset 20 is 16; it must be at most the maxval, 15")]
    [InlineData("P2 3 2 15 0 1 7 8 14      ", "ends at offset 26, where a sample was expected")]
    [InlineData("P1 3 2 101012", "the byte 32 at offset 12")]
    [InlineData("P1 3 2 10101  ", "after 5 of 6 pixels")]
    public void Damage_is_refused_with_the_place(string text, string reason)
    {
        Assert.SkipWhen(World.ImagingIsPackage, NotInPackage);
        var error = Assert.ThrowsAny<ArgumentException>(() => Pictures.Decode(Encoding.ASCII.GetBytes(text)));
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Saved_pictures_come_back()
    {
        Assert.SkipWhen(World.ImagingIsPackage, NotInPackage);
        var path = Path.Combine(Path.GetTempPath(), $"latent-{Guid.NewGuid():N}");
        try
        {
            Prop.ForAll(Gen.Choose(1, 40).Two().ToArbitrary(), size =>
            {
                var (width, height) = size;
                using var color = Pictures.DrawImage(width, height, seed: width);
                color.Save(path + ".ppm");
                using var colorBack = MLImage.CreateFromFile(path + ".ppm");
                using var grey = Pictures.DrawImage(width, height, seed: height, grey: true);
                grey.Save(path + ".pgm");
                using var greyBack = MLImage.CreateFromFile(path + ".pgm");
                return color.Pixels.SequenceEqual(colorBack.Pixels) && grey.Pixels.SequenceEqual(greyBack.Pixels);
            }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(30));
        }
        finally
        {
            File.Delete(path + ".ppm");
            File.Delete(path + ".pgm");
        }
    }
}
