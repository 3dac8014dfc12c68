using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Projections;

namespace Latent.Tests.Report;

public class ProjectionTests
{
    [Theory]
    [InlineData(50, 6)]
    [InlineData(5, 40)]
    public void All_components_of_a_Pca_give_the_rows_back(int rows, int dimension)
    {
        var random = new Random(1);
        var x = Enumerable.Range(0, rows * dimension).Select(_ => (float)random.NextDouble()).ToArray();
        var pca = Pca.Fit(x, dimension, Math.Min(rows, dimension));
        var coordinates = pca.Transform(x);
        for (var i = 0; i < rows; i++)
        {
            var back = pca.Inverse([.. Enumerable.Range(0, coordinates.GetLength(1)).Select(c => coordinates[i, c])]);
            for (var d = 0; d < dimension; d++)
            {
                Assert.Equal(x[i * dimension + d], back[d], 1e-4f);
            }
        }

        Assert.Equal(pca.Variances.OrderDescending(), pca.Variances);
    }

    [Fact]
    public void The_first_component_lies_along_the_greatest_variance()
    {
        var random = new Random(2);
        var x = Enumerable
            .Range(0, 400)
            .SelectMany(_ =>
            {
                var t = random.NextDouble() - 0.5;
                return new[] { (float)(3 * t), (float)(4 * t), (float)(0.01 * random.NextDouble()) };
            })
            .ToArray();
        var direction = Pca.Fit(x, 3, 1).Inverse([1]).Zip(Pca.Fit(x, 3, 1).Inverse([0]), (a, b) => Math.Abs(a - b)).ToArray();
        Assert.Equal(0.6, direction[0], 2e-3);
        Assert.Equal(0.8, direction[1], 2e-3);
    }

    [Fact]
    public void Tsne_keeps_three_distant_clusters_apart()
    {
        var random = new Random(3);
        var points = new double[90, 5];
        for (var i = 0; i < 90; i++)
        {
            for (var d = 0; d < 5; d++)
            {
                points[i, d] = random.NextDouble() + (d == i % 3 ? 20 : 0);
            }
        }

        var y = TSne.Fit(points, stop: TestContext.Current.CancellationToken);
        var nearest = Enumerable
            .Range(0, 90)
            .Select(i =>
                Enumerable.Range(0, 90).Where(j => j != i).MinBy(j => Math.Pow(y[i].X - y[j].X, 2) + Math.Pow(y[i].Y - y[j].Y, 2))
            );
        Assert.All(nearest.Select((j, i) => (i, j)), pair => Assert.Equal(pair.i % 3, pair.j % 3));
        Assert.Equal(y, TSne.Fit(points, stop: TestContext.Current.CancellationToken));
    }
}
