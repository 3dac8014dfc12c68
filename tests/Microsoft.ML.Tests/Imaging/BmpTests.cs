using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Latent.Tests;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

public sealed class BmpTests
{
    private static readonly uint[] _palette = [0x000000, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0x808080];

    [Theory]
    [InlineData("shira_bird8.bmp", 192, 144)]
    [InlineData("vgl_6434_0018a.bmp", 119, 96)]
    [InlineData("vgl_6548_0026a.bmp", 128, 95)]
    public void Libjpeg_turbos_bitmaps_decode_to_their_bytes(string name, int width, int height)
    {
        var path = World.SharedData($"libjpeg-turbo/testimages/{name}");
        using var image = MLImage.CreateFromFile(path);
        Assert.Equal((width, height), (image.Width, image.Height));
        var file = File.ReadAllBytes(path);
        var stride = ((3 * width) + 3) / 4 * 4;
        var expected = Enumerable.Range(0, height).SelectMany(y => file.AsSpan(54 + (stride * (height - 1 - y)), 3 * width).ToArray());
        Assert.Equal(expected, image.GetBGRPixels);
    }

    [Fact]
    public void Palettes_of_1_4_and_8_bits_decode()
    {
        Assert.Equal("100110 010001", Colors(Bmp(6, 2, 1, 0, [0b01000100, 0, 0, 0, 0b10011000, 0, 0, 0], _palette[..2])));
        Assert.Equal("123 450", Colors(Bmp(3, 2, 4, 0, [0x45, 0x00, 0, 0, 0x12, 0x30, 0, 0], _palette)));
        Assert.Equal("123 450", Colors(Bmp(3, 2, 8, 0, [4, 5, 0, 0, 1, 2, 3, 0], _palette)));
    }

    [Fact]
    public void A_negative_height_means_from_the_top()
    {
        Assert.Equal("450 123", Colors(Bmp(3, -2, 8, 0, [4, 5, 0, 0, 1, 2, 3, 0], _palette)));
    }

    [Fact]
    public void The_last_rows_padding_may_be_missing()
    {
        Assert.Equal("123 450", Colors(Bmp(3, 2, 8, 0, [4, 5, 0, 0, 1, 2, 3], _palette)));
    }

    [Fact]
    public void An_os2_bitmap_decodes()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "Whether the package reads these is its affair.");
        byte[] header = [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 12, 0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0];
        byte[] file = [.. header, 9, 8, 7, 6, 5, 4, 0b01000000, 0, 0, 0];
        using var image = Pictures.Decode(file);
        Assert.Equal<byte>([9, 8, 7, 6, 5, 4], image.GetBGRPixels);
    }

    [Fact]
    public void Run_lengths_decode()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "Whether the package reads these is its affair.");
        // 8 bits: a run of 3; end of line; a literal of 3 with padding; end of bitmap.
        Assert.Equal("1230 5550", Colors(Bmp(4, 2, 8, 1, [3, 5, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1], _palette)));
        // A delta of 1 column and 1 row, then a pixel.
        Assert.Equal("0200 4000", Colors(Bmp(4, 2, 8, 1, [1, 4, 0, 2, 0, 1, 1, 2, 0, 1], _palette)));
        // 4 bits: a run of 5 that alternates; end of line; a literal of 5 in three bytes with padding.
        Assert.Equal("12345 12121", Colors(Bmp(5, 2, 4, 2, [5, 0x12, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 0, 1], _palette)));
        // Without an end of bitmap, but whole.
        Assert.Equal("44 55", Colors(Bmp(2, 2, 8, 1, [2, 5, 0, 0, 2, 4], _palette)));
    }

    [Fact]
    public void Sixteen_bits_are_555_or_as_the_masks_say()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "Rounding is the package's affair.");
        // 31, 16 and 0 of 31 parts.
        using var plain = Pictures.Decode(Bmp(2, 1, 16, 0, [0x00, 0x7E, 0x1F, 0x00], []));
        Assert.Equal<byte>([0, 132, 255, 255, 0, 0], plain.GetBGRPixels);
        using var masked = Pictures.Decode(Bmp(1, 1, 16, 3, [0x20, 0xF8, 0, 0], [0xF800, 0x07E0, 0x001F]));
        Assert.Equal<byte>([0, 4, 255], masked.GetBGRPixels);
    }

    [Fact]
    public void Thirty_two_bits_are_opaque_or_as_the_masks_say()
    {
        using var plain = Pictures.Decode(Bmp(1, 1, 32, 0, [1, 2, 3, 77], []));
        Assert.Equal<byte>([1, 2, 3], plain.GetBGRPixels);
        Assert.Equal(255, plain.Pixels[3]);
        Assert.SkipWhen(World.ImagingIsPackage, "Whether the package reads these is its affair.");
        using var tenBits = Pictures.Decode(Bmp(1, 1, 32, 3, [0xFF, 0x03, 0x00, 0x20], [0x3FF, 0xFFC00, 0x3FF00000]));
        Assert.Equal<byte>([128, 0, 255], tenBits.GetBGRPixels);
    }

    [Fact]
    public void Saved_pictures_come_back()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package can't save bitmaps.");
        var path = Path.Combine(Path.GetTempPath(), $"latent-{Guid.NewGuid():N}.bmp");
        try
        {
            Prop.ForAll(Gen.Choose(1, 40).Two().ToArbitrary(), size =>
            {
                using var image = Pictures.DrawImage(size.Item1, size.Item2, seed: size.Item1, alpha: size.Item2 % 2 == 0);
                image.Save(path);
                using var back = MLImage.CreateFromFile(path);
                return image.Pixels.SequenceEqual(back.Pixels);
            }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(30));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Damage_is_refused_with_the_place()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package's messages are its own.");
        Refused("ends at offset 20, within its headers", Bmp(3, 2, 8, 0, new byte[8], _palette)[..20]);
        Refused("says that it has 41 bytes", With(Bmp(3, 2, 8, 0, new byte[8], _palette), 14, 41));
        Refused("3 bits a pixel", With(Bmp(3, 2, 8, 0, new byte[8], _palette), 28, 3));
        Refused("compression 4", With(Bmp(3, 2, 8, 0, new byte[8], _palette), 30, 4));
        Refused("declares 0 x 2 pixels", Bmp(0, 2, 8, 0, new byte[8], _palette));
        Refused("pixels of 8 bits, which take 256000000 bytes, but only 8 follow", Bmp(16000, 16000, 8, 0, new byte[8], _palette));
        Refused("declares 20000 x 20000 pixels; at most", Bmp(20000, 20000, 8, 0, new byte[8], _palette));
        Refused("uses colour 6 in row 1, but its palette has only 6", Bmp(3, 2, 8, 0, [6, 0, 0, 0, 0, 0, 0, 0], _palette));
        Refused("pixels begin at offset 20", With(Bmp(3, 2, 8, 0, new byte[8], _palette), 10, 20));
        Refused("draws up to column 5 of row 0, beyond the width of 4", Bmp(4, 2, 8, 1, [5, 1], _palette));
        Refused("ends in row 1 without an end-of-bitmap code", Bmp(4, 2, 8, 1, [4, 1, 0, 0], _palette));
        Refused("ends within literal pixels", Bmp(4, 2, 8, 1, [0, 4, 1, 2], _palette));
        Refused("moves to column 9, row 0, outside", Bmp(4, 2, 8, 1, [0, 2, 9, 0, 0, 1], _palette));
        Refused("more than its 2 bytes of RLE data can hold", Bmp(10000, 10000, 8, 1, [0, 1], _palette));
        Refused("bit field mask 1 is 00000505", Bmp(1, 1, 32, 3, new byte[4], [0xFF0000, 0x0505, 0xFF]));

        static void Refused(string reason, byte[] file) =>
            Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(() => Pictures.Decode(file)).Message);

        static byte[] With(byte[] file, int at, byte value)
        {
            file[at] = value;
            return file;
        }
    }

    // A file with a header of 40 bytes; the colours are the palette, or the masks.
    private static byte[] Bmp(int width, int height, int bits, int compression, byte[] body, uint[] colors)
    {
        var start = 54 + (4 * colors.Length);
        var file = new byte[start + body.Length];
        "BM"u8.CopyTo(file);
        int[] offsets = [2, 10, 14, 18, 22, 30, 46];
        int[] values = [file.Length, start, 40, width, height, compression, bits <= 8 ? colors.Length : 0];
        for (var i = 0; i < offsets.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(offsets[i]), values[i]);
        (file[26], file[28]) = (1, (byte)bits);
        for (var i = 0; i < colors.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(54 + (4 * i)), colors[i]);
        body.CopyTo(file, start);
        return file;
    }

    // The rows' places in the palette.
    private static string Colors(byte[] file)
    {
        using var image = Pictures.Decode(file);
        var bgr = image.GetBGRPixels;
        var rows = Enumerable.Range(0, image.Height).Select(y => string.Concat(Enumerable.Range(0, image.Width).Select(x =>
        {
            var at = 3 * ((y * image.Width) + x);
            return Array.IndexOf(_palette, bgr[at] | ((uint)bgr[at + 1] << 8) | ((uint)bgr[at + 2] << 16));
        })));
        return string.Join(' ', rows);
    }
}
