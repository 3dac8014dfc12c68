using Latent.Tests;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

public sealed class MLImageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("latent-imaging-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void Pixels_given_are_pixels_got(MLPixelFormat format)
    {
        byte[] pixels = [1, 2, 3, 255, 5, 6, 7, 255];
        using var image = MLImage.CreateFromPixels(2, 1, format, pixels);
        Assert.Equal((2, 1, 32, format), (image.Width, image.Height, image.BitsPerPixel, image.PixelFormat));
        Assert.Equal(pixels, image.Pixels.ToArray());
        byte[] bgr = format == MLPixelFormat.Bgra32 ? [1, 2, 3, 5, 6, 7] : [3, 2, 1, 7, 6, 5];
        Assert.Equal(bgr, image.GetBGRPixels);
    }

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void A_saved_png_loads_with_the_same_colours(MLPixelFormat format)
    {
        byte[] pixels = [10, 20, 30, 255, 50, 60, 70, 255, 1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 250, 251, 252, 255];
        using var image = MLImage.CreateFromPixels(2, 3, format, pixels);
        var path = Path.Combine(_folder, "a.png");
        image.Save(path);
        using var loaded = MLImage.CreateFromFile(path);
        Assert.Equal((2, 3), (loaded.Width, loaded.Height));
        Assert.Equal(image.GetBGRPixels, loaded.GetBGRPixels);
        using var stream = File.OpenRead(path);
        using var streamed = MLImage.CreateFromStream(stream);
        Assert.Equal(image.GetBGRPixels, streamed.GetBGRPixels);
    }

    [Fact]
    public void The_tag_is_kept()
    {
        using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [1, 2, 3, 255]);
        Assert.Null(image.Tag);
        image.Tag = "left";
        Assert.Equal("left", image.Tag);
    }

    [Fact]
    public void A_disposed_image_says_so()
    {
        var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [1, 2, 3, 255]);
        image.Dispose();
        image.Dispose();
        Assert.Throws<InvalidOperationException>(() => image.Width);
        Assert.Throws<InvalidOperationException>(() => image.Pixels.Length);
        Assert.Throws<InvalidOperationException>(() => image.PixelFormat);
        Assert.Throws<InvalidOperationException>(() => image.Tag);
        Assert.Throws<InvalidOperationException>(() => image.Save(Path.Combine(_folder, "b.png")));
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromPixels(1, 1, MLPixelFormat.Unknown, new byte[4]));
        Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromPixels(0, 1, MLPixelFormat.Bgra32, []));
        Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromPixels(1, -1, MLPixelFormat.Bgra32, []));
        Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, new byte[4]));
        Assert.Throws<ArgumentNullException>(() => MLImage.CreateFromFile(null!));
        Assert.Throws<ArgumentNullException>(() => MLImage.CreateFromStream(null!));
        using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [1, 2, 3, 255]);
        Assert.ThrowsAny<ArgumentException>(() => image.Save(Path.Combine(_folder, "c.txt")));
        Assert.False(File.Exists(Path.Combine(_folder, "c.txt")));
    }

    [Fact]
    public void What_is_no_picture_is_refused()
    {
        var path = Path.Combine(_folder, "text.png");
        File.WriteAllText(path, "Dear diary, today I was a picture.");
        Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromFile(path));
        using var empty = new MemoryStream();
        Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromStream(empty));
    }

    [Fact]
    public void An_error_names_the_file_and_what_is_wrong()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package's messages are its own.");
        var path = Path.Combine(_folder, "text.png");
        File.WriteAllText(path, "Dear diary");
        var error = Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromFile(path));
        const string reason = "The data begin with the bytes 4465617220646961, which is none of PNG, JPEG, BMP and PNM (P1 to P6).";
        Assert.Equal($"{path}: {reason}", error.Message);
    }
}
