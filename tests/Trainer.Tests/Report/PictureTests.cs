using Latent.Contracts;
using Latent.Trainer.Report.Pictures;
using Latent.Trainer.Tests.Helpers;
using Microsoft.ML.Data;

namespace Latent.Trainer.Tests.Report;

public sealed class PictureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_drawn_is_saved_in_its_colours()
    {
        var picture = new Picture(3, 2);
        picture.Fill(1, 0, 1, 1, 200, 100, 50);
        picture.SavePng(_folder.File("a.png"));
        using var image = PictureFile.Load(_folder.File("a.png"));
        Assert.Equal((3, 2, MLPixelFormat.Rgba32), (image.Width, image.Height, image.PixelFormat));
        byte[] white = [255, 255, 255, 255];
        Assert.Equal([.. white, 200, 100, 50, 255, .. white, .. white, .. white, .. white], image.Pixels.ToArray());
        var missing = Path.Combine(_folder.Path, "none", "a.png");
        Assert.StartsWith($"{missing} cannot be written: ", Assert.Throws<LatentException>(() => picture.SavePng(missing)).Message);
    }
}
