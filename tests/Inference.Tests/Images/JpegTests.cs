using Latent.Contracts;

namespace Latent.Tests.Images;

/// <summary>JPEG against libjpeg-turbo.</summary>
public sealed class JpegTests
{
    [Theory]
    [InlineData("baseline")]
    [InlineData("progressive")]
    [InlineData("grey")]
    [InlineData("cmyk")]
    [InlineData("ycck")]
    public void Stored_images_decode_to_their_stored_values(string name)
    {
        // The .ppm are the decodes of libjpeg-turbo 2.1.5's djpeg.
        var image = Samples.Decode(File.ReadAllBytes(Samples.Stored($"{name}.jpg")));
        var expected = Samples.Decode(File.ReadAllBytes(Samples.Stored($"{name}.ppm")));
        Assert.InRange(Samples.Differences(expected, image).Max(), 0, 2);
    }

    [Theory]
    [InlineData("testorig.jpg", 3)]
    [InlineData("testimgint.jpg", 17)]
    public void Libjpeg_turbos_images_decode_to_their_source(string name, int most)
    {
        // testorig.ppm is a decode of testorig.jpg with another cosine transform, and testimgint.jpg was compressed from it.
        var image = Samples.Decode(File.ReadAllBytes(World.SharedData($"libjpeg-turbo/testimages/{name}")));
        var source = Samples.Decode(File.ReadAllBytes(World.SharedData("libjpeg-turbo/testimages/testorig.ppm")));
        Assert.Equal((227, 149), (image.Width, image.Height));
        var differences = Samples.Differences(source, image);
        Assert.InRange(differences.Max(), 0, most);
        Assert.InRange(differences.Average(), 0, 0.5);
    }

    [Fact]
    public void Twelve_bits_a_sample_are_refused()
    {
        var path = World.SharedData("libjpeg-turbo/testimages/monkey12.jpg");
        var error = Assert.Throws<LatentException>(() => ImageFile.Load(path));
        Assert.StartsWith($"{path} begins as an image does, but its header is ", error.Message);
    }
}
