using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Trainer.Augmentation;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>Computes figures beyond the loss that show the quality of a model, on rows its weights were not fitted to.</summary>
internal static class HeldOutMetrics
{
    /// <summary>The metric of squared-error models: the standard deviation of what reconstructions miss, in the data's units.</summary>
    public const string Residual = "test.residual";

    private const int RowsAtOnce = 256;

    // PCA by dense eigenvectors: above this many values it would take longer than the training.
    private const long MaxPcaValues = 16_000_000;

    // As many of 784 values as 5,102 rows have, which takes seconds.
    private const int MaxPcaValuesOfSome = 4_000_000;

    /// <summary>
    /// Computes, for models of noisy images, PSNR and SSIM before and after, and for denoisers the PSNR of a median and of a PCA; for
    /// models with codes and squared errors, the error and that of a PCA with as many components.
    /// </summary>
    public static IEnumerable<(string Name, double Value)> Of(Autoencoder model, DataSplits data, CancellationToken stop = default)
    {
        if (data.Test is not { } test || model.Table is not null)
            return [];
        // The PSNR of an image that noise left alone is infinite, and small images have no SSIM: such figures are left out.
        return Denoising(model, test, stop)
            .Concat(model.IsDenoiser ? DenoisingBaselines.Of(model, data.Train, test, stop) : [])
            .Concat(HasSquaredError(model.Recipe) && !model.IsDenoiser ? PcaFloor(model, data.Train, test, isOfSome: false, stop) : [])
            .Where(figure => double.IsFinite(figure.Value));
    }

    /// <summary>
    /// Computes the squared error of reconstructions of the test rows and that of a PCA with as many components as the code has values,
    /// whatever the model's likelihood and the number of training rows: of many, some are learned from, evenly spread. It takes seconds.
    /// </summary>
    public static IEnumerable<(string Name, double Value)> BesidePca(
        Autoencoder model,
        DataSplits data,
        CancellationToken stop = default
    ) =>
        data.Test is not { } test || model.Table is not null || model.Members.Count > 1 || model.IsDenoiser
            ? []
            : PcaFloor(model, data.Train, test, isOfSome: true, stop).Where(figure => double.IsFinite(figure.Value));

    private static bool HasSquaredError(Recipe recipe) =>
        recipe.Objective.Reconstruction
            is ReconstructionKind.MeanSquaredError
                or ReconstructionKind.Gaussian
                or ReconstructionKind.Laplace
                or ReconstructionKind.DiscretizedLogistic;

    private static IEnumerable<(string Name, double Value)> Denoising(Autoencoder model, DataSet test, CancellationToken stop)
    {
        if (model.Recipe.Noise.Kind == NoiseKind.None || test.Input.Image is not { } image)
            yield break;
        var noisy = NoisyRows.Of(model, test);
        foreach (var (name, values) in new[] { ("noisy", noisy), ("denoised", Reconstruct(model, test, noisy, stop)) })
        {
            stop.ThrowIfCancellationRequested();
            yield return ($"test.{name}.psnr", Mean((a, b) => ImageQuality.Psnr(a, b)));
            yield return ($"test.{name}.ssim", Mean((a, b) => ImageQuality.Ssim(a, b, image)));

            double Mean(Func<float[], float[], double> measure) =>
                Enumerable
                    .Range(0, test.Count)
                    .Average(i => measure(test.Row(i).ToArray(), values[(i * test.Features)..((i + 1) * test.Features)]));
        }
    }

    // The floor has what the model has: mirrored images to learn from, and noisy ones to clean.
    private static IEnumerable<(string Name, double Value)> PcaFloor(
        Autoencoder model,
        DataSet train,
        DataSet test,
        bool isOfSome,
        CancellationToken stop
    )
    {
        var recipe = model.Recipe;
        var input = recipe.Noise.Kind == NoiseKind.None ? test.Values : NoisyRows.Of(model, test);
        var (given, wanted) = (ModelUnits(model, test, input, stop), ModelUnits(model, test, test.Values, stop));
        var output = Reconstruct(model, test, input, stop);
        yield return ("test.mse", SquaredError(wanted, ModelUnits(model, test, output, stop)));
        yield return (Residual, Math.Sqrt(SquaredError(test.Values, output)));
        if (isOfSome)
            train = train.EvenlySpread(Math.Max(2, MaxPcaValuesOfSome / train.Features / (recipe.Data.Mirror ? 2 : 1)));
        var count = train.Count * (recipe.Data.Mirror ? 2L : 1);
        if (
            count * train.Features > MaxPcaValues
            || recipe.Latent.Dimension > Math.Min(count, train.Features)
            || recipe.Latent.Codebook is not null
        )
        {
            yield break;
        }

        var rows = ModelUnits(model, train, train.Values, stop);
        if (recipe.Data.Mirror)
            rows = [.. rows, .. Map(train, train.Values, x => Mirror.LeftToRight(model.ToModelUnits(x), train.Input.Image!), stop)];
        var pca = Interruptible.Run(() => Pca.Fit(rows, train.Features, recipe.Latent.Dimension), stop);
        var coordinates = pca.Transform(given);
        var projected = Enumerable
            .Range(0, test.Count)
            .SelectMany(i => pca.Inverse([.. Enumerable.Range(0, coordinates.GetLength(1)).Select(c => coordinates[i, c])]));
        yield return ("test.pca_mse", SquaredError(wanted, [.. projected]));
    }

    // Output at the mean code, in the data's units.
    private static float[] Reconstruct(Autoencoder model, DataSet like, float[] rows, CancellationToken stop) =>
        Map(
            like,
            rows,
            x =>
            {
                var units = model.ToModelUnits(x);
                return model.IsDenoiser
                    ? model.ToDataUnits(model.Denoise(units))
                    : model.Reconstruct(model.Decode(model.Encode(units).Code, units));
            },
            stop
        );

    private static float[] ModelUnits(Autoencoder model, DataSet like, float[] rows, CancellationToken stop) =>
        Map(like, rows, x => model.ValuesOf(model.ToModelUnits(x)), stop);

    private static float[] Map(DataSet like, float[] rows, Func<Tensor, Tensor> function, CancellationToken stop)
    {
        using var _ = no_grad();
        var result = new float[rows.Length];
        var (count, cells) = (rows.Length / like.Features, like.Cells(rows));
        for (var first = 0; first < count; first += RowsAtOnce)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var n = Math.Min(RowsAtOnce, count - first);
            var portion = tensor(cells[(first * like.CellCount)..((first + n) * like.CellCount)], like.CellShape(n));
            function(portion).contiguous().data<float>().CopyTo(result, first * like.Features);
        }

        return result;
    }

    private static double SquaredError(float[] a, float[] b) => a.Zip(b, (p, q) => ((double)p - q) * ((double)p - q)).Average();
}
