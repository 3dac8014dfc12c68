using Latent.Contracts.Bundles;
using Latent.Trainer.Evaluation;

namespace Latent.Tests.Metrics;

public class ImageQualityTests
{
    private static readonly ImageDescription Size = new(1, 16, 20);

    [Fact]
    public void Psnr_of_a_constant_error_of_one_level_is_48_13_decibels() =>
        Assert.Equal(48.1308, ImageQuality.Psnr([.. Ramp().Select(p => p + 1)], Ramp()), 1e-3);

    [Fact]
    public void An_image_is_like_itself() => Assert.Equal(1, ImageQuality.Ssim(Ramp(), Ramp(), Size), 1e-9);

    [Fact]
    public void Ssim_of_two_constant_images_is_its_luminance_term()
    {
        var (a, b) = (Enumerable.Repeat(100f, 320).ToArray(), Enumerable.Repeat(150f, 320).ToArray());
        const double c1 = 0.01 * 255 * 0.01 * 255;
        Assert.Equal((2 * 100 * 150 + c1) / (100 * 100 + 150 * 150 + c1), ImageQuality.Ssim(a, b, Size), 1e-9);
    }

    [Fact]
    public void Ssim_of_a_negative_is_negative() => Assert.True(ImageQuality.Ssim(Ramp(), [.. Ramp().Select(p => 255 - p)], Size) < 0);

    [Fact]
    public void An_image_smaller_than_the_window_has_no_Ssim() =>
        Assert.True(double.IsNaN(ImageQuality.Ssim(new float[100], new float[100], new ImageDescription(1, 10, 10))));

    private static float[] Ramp()
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, 320).Select(_ => (float)random.Next(255))];
    }
}
