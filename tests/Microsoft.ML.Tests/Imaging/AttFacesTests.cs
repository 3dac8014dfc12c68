using System.Text;
using Latent.Tests;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

public sealed class AttFacesTests
{
    [Fact]
    public void All_400_faces_decode_to_their_bytes()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package has no PGM.");
        var files = Directory.GetFiles(World.SharedData("att_faces"), "*.pgm", SearchOption.AllDirectories);
        Assert.Equal(400, files.Length);
        foreach (var file in files)
        {
            using var image = MLImage.CreateFromFile(file);
            Assert.Equal((92, 112), (image.Width, image.Height));
            var bytes = File.ReadAllBytes(file);
            Assert.StartsWith("P5\n92 112\n255\n", Encoding.ASCII.GetString(bytes, 0, 20));
            var bgr = bytes.AsSpan(14).ToArray().SelectMany(b => new[] { b, b, b });
            Assert.Equal(bgr, image.GetBGRPixels);
        }
    }
}
