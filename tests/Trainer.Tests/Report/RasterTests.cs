using Latent.Contracts;
using Latent.Trainer.Report.Images;
using Latent.Trainer.Tests.Helpers;
using Microsoft.ML.Data;

namespace Latent.Trainer.Tests.Report;

public sealed class RasterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_drawn_is_saved_in_its_colors()
    {
        var picture = new Raster(3, 2);
        picture.Fill(1, 0, 1, 1, 200, 100, 50);
        picture.SavePng(_folder.File("a.png"));
        using var image = ImageFile.Load(_folder.File("a.png"));
        Assert.Equal((3, 2, MLPixelFormat.Rgba32), (image.Width, image.Height, image.PixelFormat));
        byte[] white = [255, 255, 255, 255];
        Assert.Equal([.. white, 200, 100, 50, 255, .. white, .. white, .. white, .. white], image.Pixels.ToArray());
        var missing = Path.Combine(_folder.Path, "none", "a.png");
        Assert.StartsWith($"{missing} cannot be written: ", Assert.Throws<LatentException>(() => picture.SavePng(missing)).Message);
    }

    [Fact]
    public void A_file_is_enlarged_and_the_bytes_of_a_page_are_not_and_grey_images_are_grey_files()
    {
        var picture = new Raster(2, 1, zoom: 3);
        picture.Fill(0, 0, 1, 1, 7, 7, 7);
        picture.SavePng(_folder.File("a.png"));
        using var image = ImageFile.Load(_folder.File("a.png"));
        Assert.Equal((6, 3), (image.Width, image.Height));
        Assert.Equal([7, 7, 7, 255, 255, 255], Enumerable.Range(0, 6).Select(x => image.Pixels[x * 4]));
        // Width, height, bits and the type of color, of which 0 is grey and 2 red, green and blue.
        Assert.Equal([0, 0, 0, 2, 0, 0, 0, 1, 8, 0], picture.ToPng()[16..26]);
        picture.Fill(0, 0, 1, 1, 7, 8, 7);
        Assert.Equal([8, 2], picture.ToPng()[24..26]);
    }
}
