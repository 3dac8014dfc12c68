using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Tables;
using Latent.Trainer.Data;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>Fits the anomaly score of a table.</summary>
internal static class ScoreFit
{
    private const int RowsAtOnce = 1024;

    // Prototypes are part of the graph, which should remain small.
    private const int MaxPrototypeValues = 2_000_000;

    /// <summary>Fits the score.</summary>
    /// <param name="model">The trained model, in eval mode and on the CPU.</param>
    /// <param name="data">
    /// The rows; prototypes are training rows, and what is usual is measured on the validation rows, or the training rows if there are none.
    /// </param>
    /// <param name="stop">Cancels it.</param>
    public static AnomalyScore Of(Autoencoder model, DataSplits data, CancellationToken stop)
    {
        var recipe = model.Recipe.Score;
        var columns = model.Table!.Columns;
        var usual = Pass(model, data.Validation ?? data.Train, stop).ToList();
        var (sums, counts) = (new double[columns], new double[columns]);
        foreach (var part in usual)
        {
            for (var i = 0; i < part.Errors.Length; i++)
            {
                sums[i % columns] += part.Errors[i];
                counts[i % columns] += part.Present[i];
            }
        }

        float[] typical =
        [
            .. sums.Zip(counts, (sum, count) => count == 0 ? 1 : Math.Max(AnomalyScore.MinTypicalError, (float)(sum / count))),
        ];
        var plain = new AnomalyScore(typical);
        var reconstruction = Factor(
            recipe.ReconstructionWeight,
            usual.SelectMany(part => plain.Of(part.Errors, part.Present, part.Units, part.Codes).Score)
        );
        if (recipe.Density == DensityKind.None)
            return plain with { ReconstructionFactor = reconstruction };
        var density = Density(model, data.Train, stop);
        return new AnomalyScore(
            typical,
            reconstruction,
            density,
            Factor(recipe.DensityWeight, usual.SelectMany(part => density.Of(part.Units, part.Codes)))
        );
    }

    private static DensityScore Density(Autoencoder model, DataSet train, CancellationToken stop)
    {
        var recipe = model.Recipe.Score;
        if (recipe.Density == DensityKind.NearestRows)
        {
            var width = model.Table!.Width;
            var most = Math.Max(1, Math.Min(recipe.Prototypes, MaxPrototypeValues / width));
            float[] rows = [.. Pass(model, Some(train, most, model.Recipe), stop).SelectMany(part => part.Units)];
            return new DensityScore(false, null, null, rows, width, Math.Min(recipe.Neighbors, rows.Length / width));
        }

        var d = model.Recipe.Latent.Dimension;
        float[] codes = [.. Pass(model, train, stop).SelectMany(part => part.Codes)];
        var x = Matrix<double>.Build.Dense(codes.Length / d, d, (row, column) => codes[(row * d) + column]);
        var mean = x.ColumnSums() / x.RowCount;
        for (var row = 0; row < x.RowCount; row++)
            x.SetRow(row, x.Row(row) - mean);
        var map =
            recipe.Density == DensityKind.Mahalanobis
                ? Whitening(x)
                : Matrix<double>.Build.DenseOfDiagonalVector(x.ColumnNorms(2).Map(norm => norm > 0 ? Math.Sqrt(x.RowCount) / norm : 0));
        var distance = new DensityScore(
            true,
            [.. mean.Select(value => (float)value)],
            [.. map.ToRowMajorArray().Select(value => (float)value)],
            null,
            d,
            1
        );
        if (recipe.Density == DensityKind.Mahalanobis)
            return distance;
        var chosen = Some(train, Math.Max(1, Math.Min(recipe.Prototypes, MaxPrototypeValues / d)), model.Recipe);
        float[] prototypes =
        [
            .. Pass(model, chosen, stop).SelectMany(part => part.Codes.Chunk(d)).SelectMany(code => distance.Mapped(code)),
        ];
        return distance with { Prototypes = prototypes, Neighbors = Math.Min(recipe.Neighbors, prototypes.Length / d) };
    }

    // From centred codes to uncorrelated ones of variance 1; a direction in which training rows hardly vary is no direction to be far in.
    private static Matrix<double> Whitening(Matrix<double> centred)
    {
        var evd = (centred.TransposeThisAndMultiply(centred) / Math.Max(1, centred.RowCount - 1)).Evd(Symmetricity.Symmetric);
        var variances = evd.EigenValues.Map(value => value.Real);
        var least = 1e-6 * variances.Maximum();
        var scales = variances.Map(variance => variance > least && variance > 0 ? 1 / Math.Sqrt(variance) : 0);
        return evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(scales);
    }

    private static DataSet Some(DataSet train, int most, Recipe recipe)
    {
        if (train.Count <= most)
            return train;
        var order = new SeededRandom(recipe.Training.Seed, SeededRandom.Purpose.Prototypes).Permutation(train.Count);
        return train.Select([.. order[..most].Select(row => (int)row).Order()]);
    }

    // The weight of a term divided by its median.
    private static float Factor(double weight, IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        var median = sorted[sorted.Length / 2];
        return (float)(weight / (median > 0 ? median : Math.Max(sorted.Average(), 1e-6)));
    }

    private static IEnumerable<Part> Pass(Autoencoder model, DataSet rows, CancellationToken stop)
    {
        for (var first = 0; first < rows.Count; first += RowsAtOnce)
        {
            stop.ThrowIfCancellationRequested();
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var count = Math.Min(RowsAtOnce, rows.Count - first);
            var cells = rows.Values[(first * rows.Features)..((first + count) * rows.Features)];
            var x = model.ToModelUnits(tensor(cells, [count, rows.Features]));
            var code = model.Encode(x).Mean;
            yield return new Part(
                Values(model.ColumnErrorsOf(model.Decode(code), x, withEntropy: false)),
                Values(x.narrow(1, model.Table!.Width, model.Table.Columns)),
                Values(x.narrow(1, 0, model.Table.Width)),
                Values(code)
            );
        }
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private sealed record Part(float[] Errors, float[] Present, float[] Units, float[] Codes);
}
