using Latent.Contracts;
using Latent.Data.Images;
using SkiaSharp;

namespace Latent.Tests.Images;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly string _folder = TestBundles.TempFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 0)]
    [InlineData(SKEncodedImageFormat.Webp, 0)]
    [InlineData(SKEncodedImageFormat.Jpeg, 8)]
    [InlineData(SKEncodedImageFormat.Bmp, 0)]
    public void What_was_encoded_is_decoded(SKEncodedImageFormat format, int allowed)
    {
        foreach (var (width, height, grey) in ((int, int, bool)[])[(1, 1, false), (64, 48, false), (33, 20, true)])
        {
            var drawn = (width, height, Samples.Draw(width, height, seed: width, grey));
            var picture = Samples.Decode(Encode(drawn.Item3, width, height, format));
            Assert.InRange(Samples.Differences(drawn, picture).Average(), 0, allowed);
        }
    }

    [Fact]
    public void A_gif_gives_its_first_frame()
    {
        var (width, height, pixels) = Samples.Decode(Samples.Gif);
        Assert.Equal((10, 10), (width, height));
        // From its author's explanation of LZW: five red, five blue.
        byte[][] row = [.. Enumerable.Repeat<byte[]>([255, 0, 0, 255], 5), .. Enumerable.Repeat<byte[]>([0, 0, 255, 255], 5)];
        Assert.Equal(row, pixels.Chunk(4).Take(10));

        byte[] second = [0x2C, 0, 0, 0, 0, 10, 0, 10, 0, 0, 2, 2, 0x44, 1, 0];
        Assert.Equal(pixels, Samples.Decode([.. Samples.Gif[..^1], .. second, 0x3B]).Rgba);
    }

    [Fact]
    public void One_decoder_gives_of_each_file_what_a_new_one_gives()
    {
        // A frame smaller than its image: what lies around it is not left over from the file before.
        byte[] small = [.. Samples.Gif];
        (small[6], small[8]) = (30, 20);
        byte[][] files =
        [
            Samples.Encode(Samples.Draw(50, 40, 1), 50, 40, SKEncodedImageFormat.Png),
            small,
            "P2 2 1 9 4 5"u8.ToArray(),
            Samples.Encode(Samples.Draw(9, 200, 2, alpha: true), 9, 200, SKEncodedImageFormat.Webp),
            small,
            Samples.Bmp(Samples.Draw(5, 4, 3), 5, 4),
        ];
        var decoder = new ImageDecoder();
        foreach (var file in files)
        {
            var picture = decoder.Decode(file, "it");
            var (width, height, pixels) = Samples.Decode(file);
            Assert.Equal((width, height), (picture.Width, picture.Height));
            Assert.Equal(pixels, picture.Pixels.ToArray());
        }
    }

    [Fact]
    public void Transparent_images_are_laid_over_white()
    {
        var drawn = Samples.Draw(40, 30, 7, alpha: true);
        Assert.Contains<byte>(0, drawn.Where((_, i) => i % 4 == 3));
        Assert.Equal(Samples.OverWhite(drawn), Samples.Decode(Samples.Encode(drawn, 40, 30, SKEncodedImageFormat.Png)).Rgba);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, "PNG")]
    [InlineData(SKEncodedImageFormat.Jpeg, "JPEG")]
    [InlineData(SKEncodedImageFormat.Webp, "WebP")]
    [InlineData(SKEncodedImageFormat.Gif, "GIF")]
    [InlineData(SKEncodedImageFormat.Bmp, "BMP")]
    public void A_file_that_is_cut_short_is_refused(SKEncodedImageFormat format, string name)
    {
        var file = format == SKEncodedImageFormat.Gif ? Samples.Gif : Encode(Samples.Draw(64, 48, 3), 64, 48, format);
        // A PNG's last chunk and the checksums before it hold no pixels, nor does a GIF's last mark: a file without them is read.
        var last = format switch
        {
            SKEncodedImageFormat.Png => 20,
            SKEncodedImageFormat.Gif => 3,
            _ => 4,
        };
        for (var length = 16; length < file.Length - last; length += 1 + file.Length / 100)
        {
            var error = Assert.Throws<LatentException>(() => Samples.Decode(file[..length], "a file"));
            var reason = $"is a {name} that is cut short:|is a damaged {name}:|begins as an image does,";
            Assert.Matches($"^a file ({reason}) [^.]+\\.$", error.Message);
        }
    }

    [Fact]
    public void A_progressive_jpeg_that_is_cut_short_is_refused()
    {
        var file = File.ReadAllBytes(Samples.Stored("progressive.jpg"));
        for (var length = 1; length < file.Length; length++)
            Assert.Throws<LatentException>(() => Samples.Decode(file[..length]));
    }

    [Theory]
    [InlineData("Dear diary, today I was an image.")]
    [InlineData("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\n0")]
    [InlineData("P")]
    [InlineData("P5")]
    [InlineData("\0\0\u0008\u0008abcdefgh")]
    public void What_is_no_image_is_refused(string text)
    {
        var path = Path.Combine(_folder, "text.png");
        File.WriteAllText(path, text);
        var error = Assert.Throws<LatentException>(() => ImageFile.Load(path));
        Assert.Equal($"{path} is not an image that can be read: PNG, JPEG, WebP, GIF, BMP and PNM (PBM, PGM, PPM) are.", error.Message);
    }

    [Fact]
    public void Missing_empty_and_other_files_are_refused()
    {
        var path = Path.Combine(_folder, "a.png");
        Assert.Equal($"{path} does not exist.", Assert.Throws<LatentException>(() => ImageFile.Load(path)).Message);
        File.WriteAllText(path, "");
        Assert.Equal(
            $"{path} is empty, or no regular file; it must be a file with something in it.",
            Assert.Throws<LatentException>(() => ImageFile.Load(path)).Message
        );
        Assert.Equal(
            $"{_folder} is a folder, where a file is needed.",
            Assert.Throws<LatentException>(() => ImageFile.Load(_folder)).Message
        );
        Assert.Throws<ArgumentNullException>(() => ImageFile.Load(null!));
    }

    [Fact]
    public void A_header_that_declares_too_much_is_refused_before_anything_is_allocated()
    {
        var png = Samples.Encode(Samples.Draw(2, 2, 1), 2, 2, SKEncodedImageFormat.Png);
        (png[17], png[21]) = (1, 1);
        PngChunks.FixChecksums(png);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<LatentException>(() => Samples.Decode(png, "a.png"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal("a.png is 65538 x 65538 pixels; at most 100,000,000 pixels are read.", error.Message);

        var decoder = new ImageDecoder(maxPixels: 6);
        Assert.Equal(6, decoder.Decode("P1 3 2 101010"u8, "it").Width * 2);
        error = Assert.Throws<LatentException>(() => decoder.Decode("P1 7 1 1010101"u8, "it"));
        Assert.Equal("it is 7 x 1 pixels; at most 6 pixels are read.", error.Message);
    }

    [Fact]
    public void The_ending_tells_what_a_folder_offers_and_the_content_what_a_file_is()
    {
        Assert.All(ImageFile.Extensions, extension => Assert.True(ImageFile.IsImage("a/b" + extension)));
        Assert.All(ImageFile.Extensions, extension => Assert.True(ImageFile.IsImage("B" + extension.ToUpperInvariant())));
        Assert.False(ImageFile.IsImage("a.txt") || ImageFile.IsImage("png") || ImageFile.IsImage(""));
        var path = Path.Combine(_folder, "a.jpg");
        File.WriteAllText(path, "P2 2 1 255 4 5");
        using var image = ImageFile.Load(path);
        Assert.Equal((2, 1, path), (image.Width, image.Height, image.Tag));
    }

    private static byte[] Encode(byte[] rgba, int width, int height, SKEncodedImageFormat format) =>
        format == SKEncodedImageFormat.Bmp ? Samples.Bmp(rgba, width, height) : Samples.Encode(rgba, width, height, format);
}
