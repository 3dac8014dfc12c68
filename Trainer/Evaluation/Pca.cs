using MathNet.Numerics.LinearAlgebra;

namespace Latent.Trainer.Evaluation;

/// <summary>Represents the principal components of rows, largest variance first.</summary>
internal sealed class Pca
{
    private readonly Vector<double> _mean;
    private readonly Matrix<double> _components;

    private Pca(Vector<double> mean, Matrix<double> components, double[] variances)
    {
        _mean = mean;
        _components = components;
        Variances = variances;
    }

    /// <summary>Gets the variance along each component.</summary>
    public double[] Variances { get; }

    /// <summary>Finds up to <paramref name="count"/> components of <paramref name="rows"/>, [n, dimension].</summary>
    public static Pca Fit(ReadOnlySpan<float> rows, int dimension, int count)
    {
        var x = ToMatrix(rows, dimension);
        var mean = x.ColumnSums() / x.RowCount;
        for (var i = 0; i < x.RowCount; i++)
        {
            x.SetRow(i, x.Row(i) - mean);
        }

        count = Math.Min(count, Math.Min(dimension, x.RowCount));
        // The smaller of covariance (d by d) and Gram matrix (n by n) has the same spectrum.
        var gram = dimension > x.RowCount;
        var evd = (gram ? x.TransposeAndMultiply(x) : x.TransposeThisAndMultiply(x)).Evd(Symmetricity.Symmetric);
        var size = evd.EigenValues.Count;
        var components = Matrix<double>.Build.Dense(dimension, count);
        var variances = new double[count];
        for (var c = 0; c < count; c++)
        {
            var vector = evd.EigenVectors.Column(size - 1 - c);
            var direction = gram ? x.TransposeThisAndMultiply(vector) : vector;
            var variance = evd.EigenValues[size - 1 - c].Real / Math.Max(1, x.RowCount - 1);
            // Beyond the data's rank a direction is rounding error.
            if (variance > variances[0] * 1e-12 && variance > 0)
            {
                components.SetColumn(c, direction / direction.L2Norm());
                variances[c] = variance;
            }
        }

        return new Pca(mean, components, variances);
    }

    /// <summary>Computes the coordinates of rows, [n, components].</summary>
    public double[,] Transform(ReadOnlySpan<float> rows)
    {
        var x = ToMatrix(rows, _mean.Count);
        var origin = Matrix<double>.Build.Dense(x.RowCount, Variances.Length, (_, c) => _mean * _components.Column(c));
        return (x * _components - origin).ToArray();
    }

    /// <summary>Computes the row at given coordinates.</summary>
    public float[] Inverse(double[] coordinates) =>
        [.. (_mean + _components * Vector<double>.Build.DenseOfArray(coordinates)).Select(v => (float)v)];

    private static Matrix<double> ToMatrix(ReadOnlySpan<float> rows, int dimension)
    {
        var x = Matrix<double>.Build.Dense(rows.Length / dimension, dimension);
        for (var i = 0; i < rows.Length; i++)
        {
            x[i / dimension, i % dimension] = rows[i];
        }

        return x;
    }
}
