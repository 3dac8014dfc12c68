using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Microsoft.ML.Trainers;

/// <summary>Leading eigenvectors of the covariance by a random range finder (Halko, Martinsson and Tropp 2011, algorithm 5.3).</summary>
internal static class RandomizedPca
{
    public static PcaModelParameters Train(List<(float[] Features, float Weight)> rows, int rank, int oversampling, bool center, int seed)
    {
        var dimension = rows[0].Features.Length;
        if (rank > dimension)
            throw new InvalidOperationException($"Rank ({rank}) cannot be larger than the original dimension ({dimension}).");
        var columns = Math.Min(rank + oversampling, dimension);
        var mean = center ? Mean(rows, dimension) : Vector<double>.Build.Dense(dimension);
        var random = Matrix<double>.Build.Random(dimension, columns, new Normal(0, 1, new Random(seed)));
        var range = Covariance(rows, mean, random).QR().Q;
        var projected = Covariance(rows, mean, range);
        var eigen = projected.TransposeThisAndMultiply(projected).Evd(Symmetricity.Symmetric);
        var vectors = new float[rank][];
        for (var i = 0; i < rank; i++)
        {
            // MathNet gives eigenvalues in ascending order. A direction without variance stays zero.
            var vector = projected * eigen.EigenVectors.Column(columns - 1 - i);
            var norm = vector.L2Norm();
            vectors[i] = [.. vector.Select(value => norm > 1e-12 ? (float)(value / norm) : 0)];
        }

        return new(vectors, [.. mean.Select(value => (float)value)]);
    }

    private static Vector<double> Mean(List<(float[] Features, float Weight)> rows, int dimension)
    {
        var mean = Vector<double>.Build.Dense(dimension);
        foreach (var (features, weight) in rows)
        {
            for (var d = 0; d < dimension; d++)
                mean[d] += weight * features[d];
        }

        return mean / rows.Sum(row => (double)row.Weight);
    }

    // The covariance times a matrix, a block of rows at a time, so that the covariance itself is never held.
    private static Matrix<double> Covariance(List<(float[] Features, float Weight)> rows, Vector<double> mean, Matrix<double> matrix)
    {
        const int BlockRows = 256;
        var product = Matrix<double>.Build.Dense(matrix.RowCount, matrix.ColumnCount);
        foreach (var block in rows.Chunk(BlockRows))
        {
            var centered = Matrix<double>.Build
                .Dense(block.Length, matrix.RowCount, (i, d) => Math.Sqrt(block[i].Weight) * (block[i].Features[d] - mean[d]));
            product += centered.TransposeThisAndMultiply(centered * matrix);
        }

        return product / rows.Sum(row => (double)row.Weight);
    }
}
