using System.Numerics.Tensors;
using Latent.Trainer.Data;

namespace Latent.Trainer.Evaluation;

/// <summary>Represents many rows by few, by Lloyd's algorithm (Lloyd 1982).</summary>
internal static class KMeans
{
    private const int Iterations = 6;
    private const int RowsPerCenter = 10;

    /// <summary>Finds centers of rows.</summary>
    /// <param name="rows">The rows, [n, dimension].</param>
    /// <param name="dimension">Values of a row.</param>
    /// <param name="count">Number of centers; where there are no more rows, the rows themselves are returned.</param>
    /// <param name="random">Chooses the rows that begin as centers, and those that are looked at, ten per center.</param>
    /// <param name="stop">Cancels it.</param>
    /// <returns>[count, dimension].</returns>
    public static float[] Centers(float[] rows, int dimension, int count, SeededRandom random, CancellationToken stop)
    {
        var n = rows.Length / dimension;
        if (n <= count)
            return rows;
        var order = random.Permutation(n);
        var seen = Math.Min(n, RowsPerCenter * count);
        var centers = new float[count * dimension];
        for (var i = 0; i < count; i++)
            Row((int)order[i]).CopyTo(centers.AsSpan(i * dimension));
        var nearest = new int[seen];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var halves = new float[count];
            for (var i = 0; i < count; i++)
                halves[i] = TensorPrimitives.SumOfSquares(Center(i)) / 2;
            Parallel.For(0, seen, new ParallelOptions { CancellationToken = stop }, i => nearest[i] = Nearest((int)order[i], halves));
            var (sums, counts) = (new double[centers.Length], new int[count]);
            for (var i = 0; i < seen; i++)
            {
                var center = nearest[i];
                var row = Row((int)order[i]);
                counts[center]++;
                for (var j = 0; j < dimension; j++)
                    sums[(center * dimension) + j] += row[j];
            }

            // A center without rows stays where it is.
            for (var i = 0; i < centers.Length; i++)
                centers[i] = counts[i / dimension] == 0 ? centers[i] : (float)(sums[i] / counts[i / dimension]);
        }

        return centers;

        ReadOnlySpan<float> Row(int i) => rows.AsSpan(i * dimension, dimension);

        ReadOnlySpan<float> Center(int i) => centers.AsSpan(i * dimension, dimension);

        // The largest x·c - |c|²/2 is the smallest |x - c|.
        int Nearest(int row, float[] halves)
        {
            var (best, most) = (0, float.NegativeInfinity);
            for (var i = 0; i < count; i++)
            {
                var nearness = TensorPrimitives.Dot(Row(row), Center(i)) - halves[i];
                if (nearness > most)
                    (best, most) = (i, nearness);
            }

            return best;
        }
    }
}
