using Latent.Trainer.Data;

namespace Latent.Trainer.Report.Projections;

/// <summary>Exact t-SNE in two dimensions (van der Maaten and Hinton 2008), for up to a thousand or so points.</summary>
internal static class TSne
{
    private const int Iterations = 500;
    private const int ExaggeratedIterations = 120;
    private const double Exaggeration = 12;

    /// <summary>Places each of n points, given as [n, dimension], in the plane.</summary>
    /// <param name="points">Coordinates.</param>
    /// <param name="seed">Decides the start.</param>
    /// <param name="stop">Ends the search for places.</param>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static (double X, double Y)[] Fit(double[,] points, int seed = 1, CancellationToken stop = default)
    {
        var n = points.GetLength(0);
        if (n < 4)
        {
            return [.. Enumerable.Range(0, n).Select(i => ((double)i, 0.0))];
        }

        var p = JointProbabilities(SquaredDistances(points), PerplexityFor(n));
        var random = new Random(seed);
        var y = new double[2 * n];
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = 1e-4 * SeededRandom.Normal(random.NextDouble(), random.NextDouble());
        }

        var (gains, velocity, gradient) = (new double[2 * n], new double[2 * n], new double[2 * n]);
        Array.Fill(gains, 1);
        var rate = Math.Max(50, n / Exaggeration / 4);
        var kernel = new double[n * n];
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            stop.ThrowIfCancellationRequested();
            Gradient(p, y, kernel, gradient, iteration < ExaggeratedIterations ? Exaggeration : 1);
            var momentum = iteration < ExaggeratedIterations ? 0.5 : 0.8;
            for (var i = 0; i < y.Length; i++)
            {
                gains[i] = Math.Max(0.01, Math.Sign(gradient[i]) == Math.Sign(velocity[i]) ? gains[i] * 0.8 : gains[i] + 0.2);
                velocity[i] = momentum * velocity[i] - rate * gains[i] * gradient[i];
                y[i] += velocity[i];
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => (y[2 * i], y[2 * i + 1]))];
    }

    /// <summary>Effective number of neighbours: 30, or a third of a smaller number of points.</summary>
    public static double PerplexityFor(int points) => Math.Min(30, (points - 1) / 3.0);

    private static double[] SquaredDistances(double[,] points)
    {
        var (n, dimension) = (points.GetLength(0), points.GetLength(1));
        var distances = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < dimension; k++)
                {
                    var difference = points[i, k] - points[j, k];
                    sum += difference * difference;
                }

                distances[i * n + j] = distances[j * n + i] = sum;
            }
        }

        return distances;
    }

    // Each point's Gaussian is as wide as gives it the perplexity; then symmetrized (eq. 1 and section 3.1).
    private static double[] JointProbabilities(double[] distances, double perplexity)
    {
        var n = (int)Math.Sqrt(distances.Length);
        var p = new double[n * n];
        var target = Math.Log(perplexity);
        for (var i = 0; i < n; i++)
        {
            var row = distances.AsSpan(i * n, n);
            var nearest = double.MaxValue;
            for (var j = 0; j < n; j++)
            {
                nearest = j == i ? nearest : Math.Min(nearest, row[j]);
            }

            var (beta, low, high) = (1.0, 0.0, double.PositiveInfinity);
            for (var attempt = 0; attempt < 100; attempt++)
            {
                var (sum, weighted) = (0.0, 0.0);
                for (var j = 0; j < n; j++)
                {
                    var value = j == i ? 0 : Math.Exp(-beta * (row[j] - nearest));
                    p[i * n + j] = value;
                    sum += value;
                    weighted += value * (row[j] - nearest);
                }

                var entropy = Math.Log(sum) + beta * weighted / sum;
                for (var j = 0; j < n; j++)
                {
                    p[i * n + j] /= sum;
                }

                if (Math.Abs(entropy - target) < 1e-5)
                {
                    break;
                }

                (low, high) = entropy > target ? (beta, high) : (low, beta);
                beta = double.IsPositiveInfinity(high) ? beta * 2 : (low + high) / 2;
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                p[i * n + j] = p[j * n + i] = Math.Max((p[i * n + j] + p[j * n + i]) / (2 * n), 1e-12);
            }
        }

        return p;
    }

    // Equation 5: 4 Σ (p - q)(y_i - y_j)(1 + |y_i - y_j|²)^-1.
    private static void Gradient(double[] p, double[] y, double[] kernel, double[] gradient, double exaggeration)
    {
        var n = y.Length / 2;
        var total = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (dx, dy) = (y[2 * i] - y[2 * j], y[2 * i + 1] - y[2 * j + 1]);
                var value = 1 / (1 + dx * dx + dy * dy);
                kernel[i * n + j] = value;
                total += 2 * value;
            }
        }

        Array.Clear(gradient);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var value = kernel[i * n + j];
                var force = 4 * (exaggeration * p[i * n + j] - value / total) * value;
                var (fx, fy) = (force * (y[2 * i] - y[2 * j]), force * (y[2 * i + 1] - y[2 * j + 1]));
                gradient[2 * i] += fx;
                gradient[2 * i + 1] += fy;
                gradient[2 * j] -= fx;
                gradient[2 * j + 1] -= fy;
            }
        }
    }
}
