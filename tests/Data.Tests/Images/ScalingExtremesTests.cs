using Latent.Contracts.Bundles;
using Latent.Data.Images;

namespace Latent.Data.Tests.Images;

public sealed class ScalingExtremesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 200)]
    [InlineData(200, 1)]
    [InlineData(1, 65535)]
    [InlineData(65535, 1)]
    [InlineData(2, 3)]
    public void A_flat_image_of_any_aspect_stays_flat(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Repeat(new byte[] { 50, 100, 150, 255 }, width * height).SelectMany(p => p)];
        foreach (var image in (ImageDescription[])[new(3, 28, 28), new(1, 1, 1), new(3, 5, 2)])
        {
            var row = new float[image.Channels * image.Height * image.Width];
            new ImageScaler(image).Fill(pixels, red: 0, width, height, row);
            var expected = image.Channels == 1 ? [(299 * 50 + 587 * 100 + 114 * 150) / 1000f] : new float[] { 50, 100, 150 };
            for (var i = 0; i < row.Length; i++)
                Assert.Equal(expected[i * image.Channels / row.Length], row[i], 0.01f);
        }
    }

    [Fact]
    public void Fitting_keeps_the_whole_and_cropping_fills()
    {
        // Black, white and black, each four pixels wide and four high.
        byte[] pixels = [.. Enumerable.Range(0, 48).SelectMany(i => Enumerable.Repeat((byte)(i % 12 / 4 == 1 ? 255 : 0), 4))];
        var image = new ImageDescription(1, 12, 12) { Resize = ResizeKind.Fit, Background = BackgroundKind.Black };
        var row = Fill(image);
        for (var i = 0; i < 144; i++)
            Assert.Equal(i / 12 is >= 4 and < 8 && i % 12 is >= 4 and < 8 ? 255 : 0, row[i]);
        Assert.Equal(255, Fill(image with { Background = BackgroundKind.White })[0]);
        Assert.All(Fill(image with { Height = 4, Width = 4, Resize = ResizeKind.Crop }), value => Assert.Equal(255, value));
        Assert.Equal(0, Fill(image with { Height = 4, Width = 12, Resize = ResizeKind.Crop })[0]);

        float[] Fill(ImageDescription wanted)
        {
            var values = new float[wanted.Height * wanted.Width];
            new ImageScaler(wanted).Fill(pixels, red: 0, 12, 4, values);
            return values;
        }
    }

    [Fact]
    public void A_long_strip_takes_little_memory()
    {
        var scaler = new ImageScaler(new ImageDescription(1, 28, 28));
        var (pixels, row) = (new byte[4 * 2_000_000], new float[784]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        scaler.Fill(pixels, red: 0, 1, 2_000_000, row);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 80 << 20);
    }
}
