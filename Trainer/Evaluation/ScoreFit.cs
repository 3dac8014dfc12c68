using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Tables;
using Latent.Trainer.Data;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Latent.Trainer.Evaluation;

/// <summary>Fits the anomaly score of a table.</summary>
internal static class ScoreFit
{
    private const int RowsAtOnce = 1024;

    // Prototypes are part of the graph, which should remain small.
    private const int MaxPrototypeValues = 2_000_000;

    // Words make rows wide, and what is wide takes long to compare.
    private const int MaxPrototypeValuesOfWords = 100_000;

    // A column that is reconstructed much better than the others would rule the score.
    private const double MinOfMeanError = 0.05;
    private const double MaxRelativeRadius = 1.5;

    /// <summary>Fits the score.</summary>
    /// <param name="model">The trained model, in eval mode and on the CPU.</param>
    /// <param name="data">
    /// The rows; points stand for the training rows, and what is usual is measured on the validation rows, or the training rows if there
    /// are none.
    /// </param>
    /// <param name="stop">Cancels it.</param>
    public static AnomalyScore Of(Autoencoder model, DataSplits data, CancellationToken stop)
    {
        var recipe = model.Recipe.Score;
        var columns = model.Table!.Columns;
        var usual = Pass(model, data.Validation ?? data.Train, stop).ToList();
        var typical = TypicalErrors(usual, columns);
        var plain = new AnomalyScore(typical);
        var reconstruction = Factor(
            recipe.ReconstructionWeight,
            usual.SelectMany(part => plain.Of(part.Errors, part.Present, part.Units, part.Codes).Score)
        );
        if (recipe.Density == DensityKind.None)
            return plain with { ReconstructionFactor = reconstruction };
        var density = Density(model, data.Train, stop);
        var self = data.Validation is null ? Self(density, data.Train) : null;
        var distances = usual.SelectMany((part, i) => density.Of(part.Units, part.Codes, self + (i * RowsAtOnce)));
        // Rows that occur more than once are at no distance from themselves.
        return new AnomalyScore(
            typical,
            reconstruction,
            density,
            Factor(recipe.DensityWeight, distances.Where(distance => distance > DensityScore.Blur))
        );
    }

    /// <summary>Computes the scores of rows.</summary>
    /// <param name="model">The trained model, in eval mode and on the CPU.</param>
    /// <param name="score">The score.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="areLearned">Whether they are the training rows, each of which is compared with the others only.</param>
    /// <param name="stop">Cancels it.</param>
    public static float[] Scores(Autoencoder model, AnomalyScore score, DataSet rows, bool areLearned, CancellationToken stop)
    {
        var self = areLearned ? Self(score.Density, rows) : null;
        return
        [
            .. Pass(model, rows, stop)
                .SelectMany((part, i) => score.Of(part.Errors, part.Present, part.Units, part.Codes, self + (i * RowsAtOnce)).Score),
        ];
    }

    /// <summary>Computes the codes of rows, or their means.</summary>
    /// <param name="model">The trained model, in eval mode and on the CPU.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="stop">Cancels it.</param>
    /// <returns>[rows, z].</returns>
    public static float[] Codes(Autoencoder model, DataSet rows, CancellationToken stop) =>
        [.. Pass(model, rows, stop).SelectMany(part => part.Codes)];

    // The point that the first training row is, where each is a point of its own.
    private static int? Self(DensityScore? density, DataSet train) => density?.Radii?.Length == train.Count ? 0 : null;

    private static float[] TypicalErrors(List<Part> usual, int columns)
    {
        var (sums, counts) = (new double[columns], new double[columns]);
        foreach (var part in usual)
        {
            for (var i = 0; i < part.Errors.Length; i++)
            {
                sums[i % columns] += part.Errors[i];
                counts[i % columns] += part.Present[i];
            }
        }

        double[] means = [.. sums.Zip(counts, (sum, count) => count == 0 ? 1 : sum / count)];
        var least = Math.Max(1e-6, MinOfMeanError * means.Average());
        return [.. means.Select(mean => (float)Math.Max(least, mean))];
    }

    private static DensityScore Density(Autoencoder model, DataSet train, CancellationToken stop)
    {
        var recipe = model.Recipe.Score;
        if (recipe.Density == DensityKind.NearestRows)
        {
            float[] rows = [.. Pass(model, train, stop).SelectMany(part => part.Units)];
            return WithPrototypes(new DensityScore(false, null, null, null, null, model.Table!.Width, 1), rows, model, stop);
        }

        var d = model.Recipe.CodeLength();
        var codes = Codes(model, train, stop);
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
            null,
            d,
            1
        );
        return recipe.Density == DensityKind.Mahalanobis
            ? distance
            : WithPrototypes(distance, [.. codes.Chunk(d).SelectMany(code => distance.Mapped(code))], model, stop);
    }

    private static DensityScore WithPrototypes(DensityScore distance, float[] rows, Autoencoder model, CancellationToken stop)
    {
        var (d, recipe) = (distance.Dimension, model.Recipe);
        var most = model.Table!.Categories.Length > 0 ? MaxPrototypeValuesOfWords : MaxPrototypeValues;
        var count = Math.Clamp(most / d, 1, recipe.Score.Prototypes);
        var random = new SeededRandom(recipe.Training.Seed, SeededRandom.Purpose.Prototypes);
        var prototypes = KMeans.Centers(rows, d, count, random, stop);
        count = prototypes.Length / d;
        var neighbors = Math.Min(recipe.Score.Neighbors, count);
        return distance with { Prototypes = prototypes, Radii = Radii(prototypes, count, d, neighbors, stop), Neighbors = neighbors };
    }

    // Prototypes that lie further apart stand for more of the space.
    private static float[] Radii(float[] prototypes, int count, int d, int neighbors, CancellationToken stop)
    {
        var apart = new float[count];
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = stop },
            i =>
            {
                var distances = new float[count];
                for (var j = 0; j < count; j++)
                    distances[j] = j == i ? float.PositiveInfinity : Distance(i, j);
                Array.Sort(distances);
                apart[i] = count > neighbors ? distances.Take(neighbors).Average() : 1;
            }
        );
        var median = apart.Order().ElementAt(count / 2);
        return Array.ConvertAll(apart, r => 1 + (float)(median > 0 ? Math.Min(r / median, MaxRelativeRadius) : 0));

        float Distance(int i, int j) => TensorPrimitives.Distance(prototypes.AsSpan(i * d, d), prototypes.AsSpan(j * d, d));
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

    // The weight of a term divided by its median.
    private static float Factor(double weight, IEnumerable<float> values)
    {
        float[] sorted = [.. values.Where(value => value > 0).Order()];
        return sorted.Length == 0 ? (float)weight : (float)(weight / sorted[sorted.Length / 2]);
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
