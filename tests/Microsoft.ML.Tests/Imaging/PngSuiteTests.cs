using Latent.Tests;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Imaging;

/// <summary>Willem van Schaik's PngSuite, every file against its reference bitmap.</summary>
public sealed class PngSuiteTests
{
    [Fact]
    public void Every_good_file_decodes_to_its_reference()
    {
        Assert.SkipWhen(World.ImagingIsPackage, "The package premultiplies alpha.");
        var names = Directory.GetFiles(World.SharedData("pngsuite/png"), "*.png").Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => !n.StartsWith('x')).Order().ToArray();
        Assert.Equal(161, names.Length);
        var wrong = new List<string>();
        foreach (var name in names)
        {
            var (width, height, pixels) = ReadReference(World.SharedData($"pngsuite/bmp/{name}.bmp"));
            using var image = MLImage.CreateFromFile(World.SharedData($"pngsuite/png/{name}.png"));
            using var bitmap = MLImage.CreateFromFile(World.SharedData($"pngsuite/bmp/{name}.bmp"));
            if ((image.Width, image.Height) != (width, height) || !image.Pixels.SequenceEqual(pixels))
                wrong.Add(name);
            Assert.Equal(pixels, bitmap.Pixels.ToArray());
        }

        Assert.Equal("", string.Join(" ", wrong));
    }

    [Theory]
    [InlineData("xc1n0g08", "colour type 1;")]
    [InlineData("xc9n2c08", "colour type 9;")]
    [InlineData("xcrn0g04", "signature at offset 0")]
    [InlineData("xcsn0g01", "IDAT chunk at offset 49 has the CRC")]
    [InlineData("xd0n2c08", "bit depth 0;")]
    [InlineData("xd3n2c08", "bit depth 3;")]
    [InlineData("xd9n2c08", "bit depth 99;")]
    [InlineData("xdtn0g01", "no IDAT chunk")]
    [InlineData("xhdn0g08", "IHDR chunk at offset 8 has the CRC")]
    [InlineData("xlfn0g04", "signature at offset 0")]
    [InlineData("xs1n0g01", "signature at offset 0")]
    [InlineData("xs2n0g01", "signature at offset 0")]
    [InlineData("xs4n0g01", "signature at offset 0")]
    [InlineData("xs7n0g01", "signature at offset 0")]
    public void A_broken_file_is_refused_with_the_place(string name, string reason)
    {
        var path = World.SharedData($"pngsuite/png/{name}.png");
        var error = Assert.ThrowsAny<ArgumentException>(() => MLImage.CreateFromFile(path));
        if (!World.ImagingIsPackage)
            Assert.Contains(reason, error.Message);
    }

    // All the references are of 32 bits, blue first, from the bottom up.
    private static (int Width, int Height, byte[] Pixels) ReadReference(string path)
    {
        var file = File.ReadAllBytes(path);
        var (start, width, height) = (BitConverter.ToInt32(file, 10), BitConverter.ToInt32(file, 18), BitConverter.ToInt32(file, 22));
        Assert.Equal(32, file[28]);
        var pixels = new byte[4 * width * height];
        for (var y = 0; y < height; y++)
            file.AsSpan(start + (4 * width * (height - 1 - y)), 4 * width).CopyTo(pixels.AsSpan(4 * width * y));
        return (width, height, pixels);
    }
}
