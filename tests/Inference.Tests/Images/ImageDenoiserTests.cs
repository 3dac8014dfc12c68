using Latent.Contracts;
using Latent.Contracts.Bundles;
using Microsoft.ML;

namespace Latent.Tests;

public sealed class ImageDenoiserTests
{
    // Smaller than a tile of 8 x 8, one pixel wide or high, one tile, one pixel more, many tiles.
    public static TheoryData<int, int> Sizes =>
        new()
        {
            { 1, 1 },
            { 1, 30 },
            { 30, 1 },
            { 3, 5 },
            { 8, 8 },
            { 9, 8 },
            { 5, 21 },
            { 27, 33 },
        };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_network_that_changes_nothing_gives_the_picture_whatever_its_size_and_channels(int height, int width)
    {
        using var bundle = LatentBundle.Load(TestBundles.SameDenoiser);
        using var denoiser = new ImageDenoiser(bundle, batchSize: 3);
        foreach (var channels in (int[])[1, 3])
        {
            var picture = Picture(channels, height, width);
            Assert.Equal(
                picture,
                denoiser.Denoise(picture, new ImageDescription(channels, height, width)),
                (a, b) => Math.Abs(a - b) < 1e-4
            );
        }
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(9, 8)]
    [InlineData(27, 33)]
    public void Tiles_give_what_the_network_gives_of_the_whole_picture(int height, int width)
    {
        using var bundle = LatentBundle.Load(TestBundles.MeanDenoiser);
        using var denoiser = new ImageDenoiser(bundle);
        var picture = Picture(3, height, width);
        var expected = Enumerable
            .Range(0, 3)
            .SelectMany(c => Mean(picture[(c * height * width)..((c + 1) * height * width)], height, width));
        Assert.Equal(expected, denoiser.Denoise(picture, new ImageDescription(3, height, width)), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void A_picture_smaller_than_a_tile_goes_on_as_in_a_mirror()
    {
        using var bundle = LatentBundle.Load(TestBundles.MeanDenoiser);
        using var denoiser = new ImageDenoiser(bundle);
        // Above and to the left are the zeros that the network knows; below and to the right the pixels again.
        var denoised = denoiser.Denoise([90, 180], new ImageDescription(1, 1, 2));
        Assert.Equal([60, 100], denoised, (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void A_picture_of_another_size_than_it_says_is_refused()
    {
        using var bundle = LatentBundle.Load(TestBundles.SameDenoiser);
        using var denoiser = new ImageDenoiser(bundle);
        var refusal = Assert.Throws<ArgumentException>(() => denoiser.Denoise(new float[10], new ImageDescription(1, 3, 3)));
        Assert.StartsWith("The picture has 10 values; its size is 1 x 3 x 3.", refusal.Message);
        Assert.Throws<ArgumentException>(() => denoiser.Denoise(new float[18], new ImageDescription(2, 3, 3)));
    }

    [Fact]
    public void A_bundle_with_codes_is_refused()
    {
        using var bundle = LatentBundle.Load(TestBundles.Colour);
        Assert.Equal(
            $"The bundle {TestBundles.Colour} is of kind autoencoder, whose images have a code and one size; pictures of any size need a denoiser.",
            Assert.Throws<LatentException>(() => new ImageDenoiser(bundle)).Message
        );
    }

    [Fact]
    public void Pipelines_denoise_and_refuse_codes_and_scores_in_one_sentence()
    {
        using var bundle = LatentBundle.Load(TestBundles.MeanDenoiser);
        var ml = new MLContext(1).Latent();
        Assert.NotNull(ml.Denoise(bundle));
        var refusal = $"The bundle {bundle.Name} is a denoiser, which has neither codes nor scores; it can Denoise.";
        Assert.Equal(refusal, Assert.Throws<LatentException>(() => ml.Encode(bundle)).Message);
        Assert.Equal(refusal, Assert.Throws<LatentException>(() => ml.Decode(bundle)).Message);
        Assert.Equal(refusal, Assert.Throws<LatentException>(() => ml.Score(bundle)).Message);
        Assert.Equal(
            $"The bundle {bundle.Name} is a denoiser, which has not a distribution to sample from; a variational autoencoder has.",
            Assert.Throws<LatentException>(() => ml.Sample(bundle)).Message
        );
        Assert.Equal(
            $"The bundle {bundle.Name} is a denoiser, which has no codes to draw; generating needs an autoencoder.",
            Assert.Throws<LatentException>(() => ml.Generate(bundle, 2)).Message
        );
    }

    private static float[] Picture(int channels, int height, int width)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, channels * height * width).Select(_ => 255 * random.NextSingle())];
    }

    private static float[] Mean(float[] plane, int height, int width) =>
        [
            .. Enumerable
                .Range(0, height * width)
                .Select(i =>
                {
                    var sum = 0f;
                    for (var y = Math.Max(0, (i / width) - 1); y <= Math.Min(height - 1, (i / width) + 1); y++)
                    {
                        for (var x = Math.Max(0, (i % width) - 1); x <= Math.Min(width - 1, (i % width) + 1); x++)
                            sum += plane[(y * width) + x];
                    }

                    return sum / 9;
                }),
        ];
}
