using Latent.Contracts;

namespace Latent.Tests.Images;

/// <summary>Willem van Schaik's PngSuite, every file against its reference bitmap.</summary>
public sealed class PngSuiteTests
{
    [Fact]
    public void Every_good_file_decodes_to_its_reference()
    {
        var names = Directory
            .GetFiles(World.SharedData("pngsuite/png"), "*.png")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(name => !name.StartsWith('x'))
            .Order()
            .ToArray();
        Assert.Equal(161, names.Length);
        var wrong = new List<string>();
        foreach (var name in names)
        {
            var reference = ReadReference(World.SharedData($"pngsuite/bmp/{name}.bmp"));
            var image = Samples.Decode(File.ReadAllBytes(World.SharedData($"pngsuite/png/{name}.png")));
            var bitmap = Samples.Decode(File.ReadAllBytes(World.SharedData($"pngsuite/bmp/{name}.bmp")));
            Assert.Equal((reference.Width, reference.Height), (bitmap.Width, bitmap.Height));
            Assert.Equal(reference.Rgba, bitmap.Rgba);
            // Whoever made the references took grey of 16 bits through linear light.
            var allowed = name.EndsWith("0g16") ? 1 : 0;
            if (
                (image.Width, image.Height) != (reference.Width, reference.Height)
                || Enumerable.Range(0, reference.Rgba.Length).Any(i => Math.Abs(reference.Rgba[i] - image.Rgba[i]) > allowed)
            )
            {
                wrong.Add(name);
            }
        }

        Assert.Equal("", string.Join(" ", wrong));
    }

    [Theory]
    [InlineData("xc1n0g08", Header)]
    [InlineData("xc9n2c08", Header)]
    [InlineData("xcrn0g04", Signature)]
    [InlineData("xcsn0g01", "is a damaged PNG: its data are wrong or end before its pixels do.")]
    [InlineData("xd0n2c08", Header)]
    [InlineData("xd3n2c08", Header)]
    [InlineData("xd9n2c08", Header)]
    [InlineData("xdtn0g01", Header)]
    [InlineData("xhdn0g08", Header)]
    [InlineData("xlfn0g04", Signature)]
    [InlineData("xs1n0g01", Signature)]
    [InlineData("xs2n0g01", Signature)]
    [InlineData("xs4n0g01", Signature)]
    [InlineData("xs7n0g01", Signature)]
    public void A_broken_file_is_refused_with_the_reason(string name, string reason)
    {
        var path = World.SharedData($"pngsuite/png/{name}.png");
        var error = Assert.Throws<LatentException>(() => ImageFile.Load(path));
        Assert.Equal($"{path} {reason}", error.Message);
    }

    private const string Header = "begins as an image does, but its header is damaged, cut short or of a kind that can't be read.";

    private const string Signature = "is not an image that can be read: PNG, JPEG, WebP, GIF, BMP and PNM (PBM, PGM, PPM) are.";

    // All the references are of 32 bits, blue first, from the bottom up.
    private static (int Width, int Height, byte[] Rgba) ReadReference(string path)
    {
        var file = File.ReadAllBytes(path);
        var (start, width, height) = (BitConverter.ToInt32(file, 10), BitConverter.ToInt32(file, 18), BitConverter.ToInt32(file, 22));
        Assert.Equal(32, file[28]);
        var rows = Enumerable.Range(0, height).SelectMany(y => file.AsSpan(start + 4 * width * (height - 1 - y), 4 * width).ToArray());
        return (width, height, Samples.OverWhite([.. rows.Chunk(4).SelectMany(p => new[] { p[2], p[1], p[0], p[3] })]));
    }
}
