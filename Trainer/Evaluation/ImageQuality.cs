using Latent.Contracts.Bundles;

namespace Latent.Trainer.Evaluation;

/// <summary>Measures how near images are to their clean originals, on pixels 0–255.</summary>
public static class ImageQuality
{
    private const int Window = 11;
    private const double Sigma = 1.5;
    private const double C1 = 0.01 * 255 * (0.01 * 255);
    private const double C2 = 0.03 * 255 * (0.03 * 255);

    /// <summary>
    /// Computes the peak signal-to-noise ratio in decibels, 10 log10(255² / mean squared error); infinite for equal images.
    /// </summary>
    /// <param name="a">Values 0–255.</param>
    /// <param name="b">As many values 0–255.</param>
    public static double Psnr(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        }

        return 10 * Math.Log10(255.0 * 255.0 * a.Length / sum);
    }

    /// <summary>Computes the structural similarity, at most 1 (Wang et al. 2004, eq. 13): 11×11 Gaussian window of σ = 1.5, K1 = 0.01, K2 =
    /// 0.03, the mean over
    /// every place where the window lies inside the image, and over channels. Images smaller than the window have none: NaN.</summary>
    /// <param name="a">An image, [channels, height, width], 0–255.</param>
    /// <param name="b">Another of the same size.</param>
    /// <param name="image">Their size.</param>
    public static double Ssim(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ImageDescription image)
    {
        var plane = image.Height * image.Width;
        var weights = Enumerable
            .Range(0, Window)
            .Select(i => Math.Exp(-(i - Window / 2) * (i - Window / 2) / (2 * Sigma * Sigma)))
            .ToArray();
        var total = weights.Sum();
        weights = [.. weights.Select(w => w / total)];
        var (sum, places) = (0.0, 0);
        for (var c = 0; c < image.Channels; c++)
        {
            var (x, y) = (a.Slice(c * plane, plane).ToArray(), b.Slice(c * plane, plane).ToArray());
            var ones = Enumerable.Repeat(1f, plane).ToArray();
            var (mx, my) = (Blur(x, ones), Blur(y, ones));
            var (xx, yy, xy) = (Blur(x, x), Blur(y, y), Blur(x, y));
            for (var i = 0; i < mx.Length; i++)
            {
                var (vx, vy, cov) = (xx[i] - mx[i] * mx[i], yy[i] - my[i] * my[i], xy[i] - mx[i] * my[i]);
                sum += (2 * mx[i] * my[i] + C1) * (2 * cov + C2) / ((mx[i] * mx[i] + my[i] * my[i] + C1) * (vx + vy + C2));
                places++;
            }
        }

        return places == 0 ? double.NaN : sum / places;

        // The window is separable: rows first, then columns, over the products of two images.
        double[] Blur(float[] p, float[] q)
        {
            var (high, wide) = (image.Height - Window + 1, image.Width - Window + 1);
            if (high <= 0 || wide <= 0)
            {
                return [];
            }

            var rows = new double[image.Height * wide];
            for (var i = 0; i < rows.Length; i++)
            {
                var at = i / wide * image.Width + i % wide;
                for (var k = 0; k < Window; k++)
                {
                    rows[i] += weights[k] * p[at + k] * q[at + k];
                }
            }

            var result = new double[high * wide];
            for (var i = 0; i < result.Length; i++)
            {
                for (var k = 0; k < Window; k++)
                {
                    result[i] += weights[k] * rows[i + k * wide];
                }
            }

            return result;
        }
    }
}
