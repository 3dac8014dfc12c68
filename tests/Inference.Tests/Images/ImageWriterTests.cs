using Latent.Contracts;
using Latent.Contracts.Bundles;
using Microsoft.ML.Data;

namespace Latent.Tests.Images;

public sealed class ImageWriterTests : IDisposable
{
    private readonly string _folder = TestBundles.TempFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    public void A_saved_row_is_read_back_rounded_and_clipped(int channels, int colourType)
    {
        var image = new ImageDescription(channels, 5, 7);
        var random = new Random(channels);
        var row = Enumerable.Range(0, channels * 35).Select(_ => random.NextSingle() * 300 - 20).ToArray();
        float[] expected = [.. row.Select(v => Math.Clamp(MathF.Round(v), 0, 255))];
        var path = Path.Combine(_folder, "a.png");
        ImageWriter.SavePng(row, image, path);
        var back = new float[row.Length];
        new ImageReader(image).Read(path, back);
        Assert.Equal(expected, back);
        // Of the header: 8 bits a sample, and grey or colour without alpha.
        Assert.Equal([8, (byte)colourType], File.ReadAllBytes(path)[24..26]);

        using var picture = ImageWriter.ToImage(row, image);
        Assert.Equal((7, 5, MLPixelFormat.Rgba32), (picture.Width, picture.Height, picture.PixelFormat));
        new ImageReader(image).Read(picture, back);
        Assert.Equal(expected, back);
    }

    [Fact]
    public void Rows_and_paths_that_do_not_do_are_refused()
    {
        var image = new ImageDescription(1, 2, 2);
        var path = Path.Combine(_folder, "none", "a.png");
        Assert.Throws<ArgumentException>(() => ImageWriter.SavePng(new float[3], image, path));
        Assert.Throws<ArgumentException>(() => ImageWriter.ToImage(new float[12], image));
        var error = Assert.Throws<LatentException>(() => ImageWriter.SavePng(new float[4], image, path));
        Assert.StartsWith($"{path} cannot be written: ", error.Message);
    }
}
