using Latent.Contracts.Bundles;
using Latent.Data.Images;

namespace Latent.Data.Tests.Images;

public sealed class ImageScalerTests
{
    [Fact]
    public void Shrinking_averages_and_growing_is_linear()
    {
        byte[] bgr = [.. new byte[] { 0, 100, 200, 100 }.SelectMany(v => new[] { v, v, v })];
        Assert.Equal([100], Scaled(bgr, 2, 2, new ImageDescription(1, 1, 1)));
        Assert.Equal([0, 25, 75, 100], Scaled(bgr[..6], 2, 1, new ImageDescription(1, 1, 4)));
    }

    [Fact]
    public void Colours_come_as_planes_of_red_green_and_blue_or_as_luma()
    {
        byte[] bgr = [10, 20, 30];
        Assert.Equal([30, 20, 10], Scaled(bgr, 1, 1, new ImageDescription(3, 1, 1)));
        Assert.Equal((0.299f * 30) + (0.587f * 20) + (0.114f * 10), Scaled(bgr, 1, 1, new ImageDescription(1, 1, 1))[0], 4);
    }

    [Fact]
    public void The_layout_of_the_pixels_changes_nothing()
    {
        var random = new Random(3);
        var bgr = new byte[7 * 5 * 3];
        random.NextBytes(bgr);
        byte[] rgba = [.. bgr.Chunk(3).SelectMany(p => new byte[] { p[2], p[1], p[0], 255 })];
        foreach (var image in (ImageDescription[])[new(1, 5, 7), new(3, 9, 2), new(1, 3, 30)])
        {
            var row = new float[image.Channels * image.Height * image.Width];
            new ImageScaler(image).Fill(rgba, red: 0, 7, 5, row);
            Assert.Equal(Scaled(bgr, 7, 5, image), row);
        }
    }

    private static float[] Scaled(byte[] bgr, int width, int height, ImageDescription image)
    {
        var row = new float[image.Channels * image.Height * image.Width];
        byte[] bgra = [.. bgr.Chunk(3).SelectMany(p => new byte[] { p[0], p[1], p[2], 0 })];
        new ImageScaler(image).Fill(bgra, red: 2, width, height, row);
        return row;
    }
}
