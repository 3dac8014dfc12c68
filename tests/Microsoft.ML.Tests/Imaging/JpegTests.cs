using Latent.Tests;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

/// <summary>JPEG against libjpeg-turbo: its test pictures, and its djpeg on what its cjpeg makes of drawn ones.</summary>
public sealed class JpegTests
{
    // The promise is two levels; the arithmetic is libjpeg's own, so that there is no difference at all.
    private const int Allowed = 0;

    [Theory]
    [InlineData("testorig.jpg")]
    [InlineData("testimgint.jpg")]
    public void Libjpeg_turbos_pictures_decode_as_djpeg_decodes_them(string name)
    {
        var file = File.ReadAllBytes(World.SharedData($"libjpeg-turbo/testimages/{name}"));
        using var image = Pictures.Decode(file);
        using var expected = Pictures.Decode(Pictures.Run("djpeg", "-ppm", file));
        Assert.Equal((227, 149), (image.Width, image.Height));
        Assert.InRange(Pictures.Difference(expected, image), 0, Allowed);
    }

    [Theory]
    [InlineData("testimgari.jpg", "is arithmetic-coded (marker FFC9")]
    [InlineData("monkey12.jpg", "has 12 bits a sample (SOF1")]
    public void What_cannot_be_read_is_refused_with_the_reason(string name, string reason)
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package's messages are its own.");
        var path = World.SharedData($"libjpeg-turbo/testimages/{name}");
        var error = Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromFile(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("baseline")]
    [InlineData("progressive")]
    [InlineData("grey")]
    [InlineData("cmyk")]
    [InlineData("ycck")]
    public void Stored_pictures_decode_to_their_stored_values(string name)
    {
        // The .ppm are libjpeg-turbo 2.1.5's decodes.
        using var image = Stored($"{name}.jpg");
        using var expected = Stored($"{name}.ppm");
        Assert.InRange(Pictures.Difference(expected, image), 0, Allowed);
    }

    [Fact]
    public void A_picture_is_turned_upright_as_exif_says()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package leaves it as stored.");
        // The same data as baseline.jpg, and orientation 6: the first row is the right side.
        using var image = Stored("turned.jpg");
        using var stored = Stored("baseline.jpg");
        Assert.Equal((stored.Height, stored.Width), (image.Width, image.Height));
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
                Assert.Equal(Pixel(stored, y, stored.Height - 1 - x), Pixel(image, x, y));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_orientation_is_applied(int orientation)
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package leaves it as stored.");
        var file = File.ReadAllBytes(PathOf("turned.jpg"));
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x12, 0x01, 0x03, 0x00]);
        file[at + 8] = (byte)orientation;
        using var image = Pictures.Decode(file);
        using var stored = Stored("baseline.jpg");
        var (w, h) = (stored.Width, stored.Height);
        Assert.Equal(orientation < 5 ? (w, h) : (h, w), (image.Width, image.Height));
        // EXIF 2.3, table 6: where row 0 and column 0 are seen.
        var (topLeft, topRight) = orientation switch
        {
            2 => ((w - 1, 0), (0, 0)),
            3 => ((w - 1, h - 1), (0, h - 1)),
            4 => ((0, h - 1), (w - 1, h - 1)),
            5 => ((0, 0), (0, h - 1)),
            7 => ((w - 1, h - 1), (w - 1, 0)),
            _ => ((w - 1, 0), (w - 1, h - 1)),
        };
        Assert.Equal(Pixel(stored, topLeft.Item1, topLeft.Item2), Pixel(image, 0, 0));
        Assert.Equal(Pixel(stored, topRight.Item1, topRight.Item2), Pixel(image, image.Width - 1, 0));
    }

    [Theory]
    [InlineData(64, 48, false)]
    [InlineData(7, 5, false)]
    [InlineData(1, 1, false)]
    [InlineData(33, 20, true)]
    public void What_is_saved_djpeg_decodes_as_we_do_and_near_the_picture(int width, int height, bool grey)
    {
        var path = Path.Combine(Path.GetTempPath(), $"latent-{Guid.NewGuid():N}.jpg");
        using var image = Pictures.DrawImage(width, height, seed: width, grey);
        image.Save(path);
        var file = File.ReadAllBytes(path);
        File.Delete(path);
        using var decoded = Pictures.Decode(file);
        Assert.InRange(Pictures.Difference(image, decoded), 0, 4);
        using var expected = Pictures.Decode(Pictures.Run("djpeg", "-ppm", file));
        Assert.InRange(Pictures.Difference(expected, decoded), 0, Allowed);
    }

    [Fact]
    public void A_file_of_endless_scans_is_refused()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package's messages are its own.");
        var file = File.ReadAllBytes(PathOf("progressive.jpg"));
        var scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        var next = scan + 2 + file.AsSpan(scan + 2).IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC4]);
        byte[] endless = [.. file[..scan], .. Enumerable.Repeat(file[scan..next], 65).SelectMany(s => s), 0xFF, 0xD9];
        var error = Assert.ThrowsAny<ArgumentException>(() => Pictures.Decode(endless));
        Assert.Contains("more than 64 scans", error.Message);
    }

    [Theory]
    [InlineData("baseline.jpg", 300, "truncated")]
    [InlineData("baseline.jpg", 760, "truncated")]
    [InlineData("baseline.jpg", 776, "without an end-of-image marker")]
    [InlineData("progressive.jpg", 400, "truncated")]
    [InlineData("progressive.jpg", 700, "truncated")]
    public void A_truncated_file_is_an_error(string name, int length, string reason)
    {
        var file = File.ReadAllBytes(PathOf(name))[..length];
        var error = Assert.ThrowsAny<ArgumentException>(() => Pictures.Decode(file));
        if (!World.ImagingIsPackage)
            Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("-sample 1x1")]
    [InlineData("-sample 2x1")]
    [InlineData("-sample 1x2")]
    [InlineData("-sample 2x2")]
    [InlineData("-sample 4x1")]
    [InlineData("-sample 4x2")]
    [InlineData("-sample 2x4")]
    [InlineData("-sample 3x1")]
    [InlineData("-sample 2x2,2x1,1x2")]
    [InlineData("-sample 1x1,2x2,2x2")]
    [InlineData("-sample 2x1,1x1,2x1")]
    [InlineData("-sample 2x2,1x2,1x2")]
    [InlineData("-quality 100 -sample 2x2")]
    [InlineData("-quality 100 -sample 1x1")]
    [InlineData("-quality 3")]
    [InlineData("-quality 50 -optimize")]
    [InlineData("-grayscale")]
    [InlineData("-grayscale -sample 2x2")]
    [InlineData("-grayscale -progressive")]
    [InlineData("-rgb")]
    [InlineData("-rgb -progressive")]
    [InlineData("-progressive")]
    [InlineData("-progressive -sample 1x1 -quality 95")]
    [InlineData("-progressive -sample 2x1 -quality 20 -restart 1")]
    [InlineData("-restart 1")]
    [InlineData("-restart 3B")]
    [InlineData("-restart 3B -sample 1x1 -progressive")]
    [InlineData("-quality 1 -qslots 0,1,1")]
    public void What_cjpeg_makes_decodes_as_djpeg_decodes_it(string options)
    {
        (int, int)[] sizes = [(1, 1), (2, 3), (5, 4), (8, 8), (17, 9), (33, 50), (131, 70)];
        foreach (var (width, height) in sizes)
        {
            var file = Pictures.Run("cjpeg", options, Pictures.Ppm(width, height, Pictures.Draw(width, height, seed: width)));
            using var image = Pictures.Decode(file);
            using var expected = Pictures.Decode(Pictures.Run("djpeg", "-ppm", file));
            Assert.InRange(Pictures.Difference(expected, image), 0, Allowed);
        }
    }

    [Fact]
    public void Sampling_factors_that_do_not_divide_are_read_too()
    {
        // Neither cjpeg nor djpeg knows these. A picture of one block a component and a scan each has the same data with any factors.
        var scans = Path.GetTempFileName();
        File.WriteAllText(scans, "0; 1; 2;");
        var file = Pictures.Run("cjpeg", $"-quality 95 -sample 1x1 -scans {scans}", Pictures.Ppm(8, 8, Pictures.Draw(8, 8, seed: 1)));
        File.Delete(scans);
        using var full = Pictures.Decode(file);
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (file[frame + 11], file[frame + 14], file[frame + 17]) = (0x31, 0x21, 0x21);
        using var image = Pictures.Decode(file);
        // Column 0 takes its chroma from column 0 still, column 7 from 7 * 2 / 3 = 4.
        Assert.Equal(full.Pixels[..4].ToArray(), image.Pixels[..4].ToArray());
        var luma = Enumerable.Range(0, 64).Select(i => Luma(image, i) - Luma(full, i));
        Assert.All(luma, d => Assert.InRange(d, -45, 45));
        Assert.NotEqual(full.Pixels.ToArray(), image.Pixels.ToArray());

        static double Luma(MLImage image, int i) =>
            (0.114 * image.Pixels[4 * i]) + (0.587 * image.Pixels[(4 * i) + 1]) + (0.299 * image.Pixels[(4 * i) + 2]);
    }

    private static string PathOf(string name) => Path.Combine(World.Root, "tests", "Microsoft.ML.Tests", "Imaging", "Data", name);

    private static MLImage Stored(string name) => MLImage.CreateFromFile(PathOf(name));

    private static uint Pixel(MLImage image, int x, int y) => BitConverter.ToUInt32(image.Pixels[(4 * ((y * image.Width) + x))..]);
}
