using Latent.Contracts.Bundles;
using Latent.Models;
using Latent.Trainer.Augmentation;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>Computes what a denoiser is to be better than: a median of nine pixels, and a PCA of the training images.</summary>
internal static class DenoisingBaselines
{
    // A PCA by dense eigenvectors takes seconds for as many values.
    private const int MaxPcaValues = 4_000_000;

    /// <summary>Computes the PSNR of both for the test images with the recipe's noise.</summary>
    /// <param name="model">The denoiser, on the CPU.</param>
    /// <param name="train">Training images, which the PCA learns from; of many, some that are evenly spread.</param>
    /// <param name="test">Test images.</param>
    /// <param name="stop">Cancels it.</param>
    public static IEnumerable<(string Name, double Value)> Of(Autoencoder model, DataSet train, DataSet test, CancellationToken stop)
    {
        if (test.Input.Image is not { } image)
            yield break;
        var noisy = NoisyRows.Of(model, test);
        yield return ("test.median.psnr", Psnr(test, Median(noisy, image)));
        if (train.Count < 2)
            yield break;
        var some = train.EvenlySpread(Math.Max(2, MaxPcaValues / train.Features / (model.Recipe.Data.Mirror ? 2 : 1)));
        var rows = model.Recipe.Data.Mirror ? [.. some.Values, .. Mirrored(some)] : some.Values;
        yield return ("test.pca.psnr", Psnr(test, Interruptible.Run(() => ByPca(rows, noisy, test), stop)));
    }

    /// <summary>
    /// Computes the median of the nine pixels around each, channel by channel; beyond the edge, pixels are as those at the edge.
    /// </summary>
    /// <param name="rows">Images, [n, channels, height, width].</param>
    /// <param name="image">Their size.</param>
    public static float[] Median(float[] rows, ImageDescription image)
    {
        var (height, width) = (image.Height, image.Width);
        var result = new float[rows.Length];
        Parallel.For(
            0,
            rows.Length / (height * width),
            plane =>
            {
                Span<float> window = stackalloc float[9];
                var from = plane * height * width;
                for (var i = 0; i < height * width; i++)
                {
                    var (y, x, n) = (i / width, i % width, 0);
                    for (var dy = -1; dy <= 1; dy++)
                    {
                        for (var dx = -1; dx <= 1; dx++)
                            window[n++] = rows[from + (Math.Clamp(y + dy, 0, height - 1) * width) + Math.Clamp(x + dx, 0, width - 1)];
                    }

                    window.Sort();
                    result[from + i] = window[4];
                }
            }
        );
        return result;
    }

    /// <summary>Computes the mean PSNR of images.</summary>
    public static double Psnr(DataSet clean, float[] values) =>
        Enumerable.Range(0, clean.Count).Average(i => ImageQuality.Psnr(clean.Row(i), values.AsSpan(i * clean.Features, clean.Features)));

    // Each coordinate is shrunk by the share of its variance that is not noise, which is the linear filter of the least squared error
    // (Wiener 1949).
    private static float[] ByPca(float[] rows, float[] noisy, DataSet test)
    {
        var noise = noisy.Zip(test.Values, (a, b) => ((double)a - b) * ((double)a - b)).Average();
        var pca = Pca.Fit(rows, test.Features, rows.Length / test.Features);
        var coordinates = pca.Transform(noisy);
        var result = new float[noisy.Length];
        for (var i = 0; i < test.Count; i++)
        {
            double[] shrunk = [.. pca.Variances.Select((variance, c) => coordinates[i, c] * variance / (variance + noise))];
            pca.Inverse(shrunk).CopyTo(result, i * test.Features);
        }

        return result;
    }

    private static float[] Mirrored(DataSet set)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var rows = tensor(set.Values, [set.Count, .. set.Input.Shape]);
        return Mirror.LeftToRight(rows, set.Input.Image!).contiguous().data<float>().ToArray();
    }
}
