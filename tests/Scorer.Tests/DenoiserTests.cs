using Latent.Data.Images;

namespace Latent.Tests;

/// <summary>Folders of pictures through a denoiser, each in its own size.</summary>
public sealed class DenoiserTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("denoise")]
    [InlineData("reconstruct")]
    public void Pictures_of_mixed_sizes_keep_them_and_their_colours(string command)
    {
        _folder.Write("in/grey.pgm", Pnm("P2", 1, 30, 19));
        _folder.Write("in/deep/colour.ppm", Pnm("P3", 3, 9, 25));
        _folder.Write("in/deep/narrow.pgm", Pnm("P2", 1, 1, 7));
        var run = Run(TestBundles.SameDenoiser, command, _folder["in"], _folder["out"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith($"3 pictures to {_folder["out"]} in ", run.Output);
        foreach (var name in (string[])["grey.pgm", "deep/colour.ppm", "deep/narrow.pgm"])
        {
            var (given, denoised) = (Pixels(_folder[$"in/{name}"]), Pixels(_folder[$"out/{name}.png"]));
            Assert.Equal((given.Width, given.Height), (denoised.Width, denoised.Height));
            Assert.Equal(given.Pixels, denoised.Pixels);
        }

        Assert.Equal(3, Directory.GetFiles(_folder["out"], "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_grey_model_denoises_each_channel_of_a_colour_picture()
    {
        // A wide stretch of one colour stays, since its mean is the same.
        _folder.Write("in/flat.ppm", $"P3\n20 20\n255\n{string.Join(' ', Enumerable.Repeat("200 100 50", 400))}\n");
        Assert.Equal(0, Run(TestBundles.MeanDenoiser, "denoise", _folder["in"], _folder["out"]).Code);
        var (width, height, bytes) = Pixels(_folder["out/flat.ppm.png"]);
        Assert.Equal((20, 20), (width, height));
        Assert.Equal([200, 100, 50, 255], bytes[(4 * ((10 * 20) + 10))..][..4]);
        // At the corner four of nine pixels lie inside.
        Assert.Equal([89, 44, 22, 255], bytes[..4]);
    }

    [Fact]
    public void A_file_that_cannot_be_read_stops_the_run_or_is_listed()
    {
        _folder.Write("in/a.pgm", Pnm("P2", 1, 10, 10));
        _folder.Write("in/b.png", "no picture");
        var run = Run(TestBundles.SameDenoiser, "denoise", _folder["in"], _folder["out"]);
        Assert.Equal(1, run.Code);
        Assert.False(Directory.Exists(_folder["out"]));
        run = Run(TestBundles.SameDenoiser, "denoise", _folder["in"], _folder["out"], "--on-error", "skip");
        Assert.Equal(3, run.Code);
        Assert.True(File.Exists(_folder["out/a.pgm.png"]));
        Assert.Contains("b.png", File.ReadAllText(_folder["out.skipped.csv"]));
    }

    [Theory]
    [InlineData("encode")]
    [InlineData("score")]
    public void What_a_denoiser_does_not_compute_is_refused_in_one_sentence(string command)
    {
        _folder.Write("in/a.pgm", Pnm("P2", 1, 10, 10));
        var run = Run(TestBundles.SameDenoiser, command, _folder["in"], _folder["out.csv"]);
        Assert.Equal(1, run.Code);
        Assert.Contains(
            $"The bundle same-denoiser is a denoiser, which has neither codes nor scores; {command} needs an autoencoder, and denoise is for this bundle.",
            run.Error
        );
    }

    [Fact]
    public void A_table_is_no_output_for_pictures_of_any_size()
    {
        _folder.Write("in/a.pgm", Pnm("P2", 1, 10, 10));
        var run = Run(TestBundles.SameDenoiser, "denoise", _folder["in"], _folder["out.csv"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("it must be a folder for images", run.Error);
    }

    [Fact]
    public void Inspect_shows_a_denoiser()
    {
        var run = ScorerRun.Of("inspect", "--model", TestBundles.MeanDenoiser);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("denoiser of gaussian noise of 0.1", run.Output);
        Assert.Contains("the denoiser runs", run.Output);
        Assert.DoesNotContain("latent code", run.Output);
    }

    private static ScorerRun Run(string model, string command, string input, string output, params string[] more) =>
        ScorerRun.Of([command, "--model", model, "--input", input, "--output", output, .. more]);

    private static string Pnm(string type, int channels, int width, int height)
    {
        var random = new Random(5);
        var values = string.Join(' ', Enumerable.Range(0, channels * width * height).Select(_ => random.Next(256)));
        return $"{type}\n{width} {height}\n255\n{values}\n";
    }

    private static (int Width, int Height, byte[] Pixels) Pixels(string path)
    {
        var decoder = new ImageDecoder();
        var picture = decoder.Decode(path);
        return (picture.Width, picture.Height, picture.Pixels.ToArray());
    }
}
