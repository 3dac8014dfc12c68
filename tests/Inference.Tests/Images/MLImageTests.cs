using Latent.Contracts.Bundles;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Latent.Tests.Images;

/// <summary>What is taken for granted of ML.NET's images, and that a column of them gives what their files give.</summary>
public sealed class MLImageTests : IDisposable
{
    private readonly string _folder = TestBundles.TempFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void Pixels_given_are_pixels_got(MLPixelFormat format)
    {
        byte[] pixels = [1, 2, 3, 255, 200, 100, 50, 128, 9, 8, 7, 0];
        using var image = MLImage.CreateFromPixels(3, 1, format, pixels);
        Assert.Equal((3, 1, 32, format), (image.Width, image.Height, image.BitsPerPixel, image.PixelFormat));
        Assert.Equal(pixels, image.Pixels.ToArray());
    }

    [Fact]
    public void A_loaded_image_has_four_bytes_a_pixel_and_colours_multiplied_by_alpha()
    {
        using var grey = MLImage.CreateFromFile(Save("a.png", Samples.Draw(9, 5, 1, grey: true), 9, 5));
        Assert.True(grey.PixelFormat is MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32);
        Assert.Equal(4 * 9 * 5, grey.Pixels.Length);

        using var half = MLImage.CreateFromFile(Save("b.png", [200, 100, 50, 128], 1, 1));
        byte[] expected = half.PixelFormat == MLPixelFormat.Rgba32 ? [100, 50, 25, 128] : [25, 50, 100, 128];
        Assert.Equal(expected, half.Pixels.ToArray());
    }

    [Fact]
    public void A_column_of_images_gives_the_rows_that_their_files_give()
    {
        foreach (var image in (ImageDescription[])[new(1, 30, 40), new(3, 30, 40)])
        {
            var path = Save("a.png", Samples.Draw(40, 30, 2), 40, 30);
            Assert.Equal(Row(image, path), Row(image, () => ImageFile.Load(path)));
            Assert.Equal(Row(image, path), Row(image, () => MLImage.CreateFromFile(path)));
        }
    }

    [Fact]
    public void Transparent_images_are_laid_over_white_whoever_loads_them()
    {
        var image = new ImageDescription(3, 30, 40);
        var drawn = Samples.Draw(40, 30, 2, alpha: true);
        var expected = Row(image, Save("opaque.png", Samples.OverWhite(drawn), 40, 30));
        var path = Save("a.png", drawn, 40, 30);
        Assert.Equal(expected, Row(image, path));
        Assert.Equal(expected, Row(image, () => ImageFile.Load(path)));

        // ML.NET's own loader multiplies by alpha and rounds.
        var loaded = Row(image, () => MLImage.CreateFromFile(path));
        Assert.All(loaded.Zip(expected), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1));
    }

    [Fact]
    public void Colours_end_at_255()
    {
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [0, 0, 0, 0, 200, 100, 50, 128]);
        Assert.Equal([255, 255, 255, 227, 255, 177], Row(new ImageDescription(3, 1, 2), () => image));
    }

    private static float[] Row(ImageDescription image, string path)
    {
        var row = new float[image.Channels * image.Height * image.Width];
        new ImageReader(image).Read(path, row);
        return row;
    }

    private static float[] Row(ImageDescription image, Func<MLImage> load)
    {
        using var picture = load();
        var row = new float[image.Channels * image.Height * image.Width];
        new ImageReader(image).Read(picture, row);
        return row;
    }

    private string Save(string name, byte[] rgba, int width, int height)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, Samples.Encode(rgba, width, height, SKEncodedImageFormat.Png));
        return path;
    }
}
