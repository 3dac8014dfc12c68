using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Charts;
using Latent.Trainer.Report.Projections;

namespace Latent.Trainer.Report.Sections;

/// <summary>Inputs and codes in the plane, by PCA and by t-SNE.</summary>
internal static class Embeddings
{
    private const int InputComponents = 30;

    public static Section? Build(ReportContext context)
    {
        if (context.Count < 10 || context.Latent < 2)
        {
            return null;
        }

        var pca = Pca.Fit(context.Rows, context.Graphs.Features, InputComponents);
        var input = pca.Transform(context.Rows);
        var code = Pca.Fit(context.Codes, context.Latent, 2).Transform(context.Codes);
        (double, double)[] inputs = [], codes = [];
        Parallel.Invoke(
            new ParallelOptions { CancellationToken = context.Stop },
            () => inputs = TSne.Fit(input, stop: context.Stop),
            () => codes = TSne.Fit(Matrix(context.Codes, context.Latent), stop: context.Stop));
        var html = Chart("PCA of the inputs", "component", Plane(input), context)
            + Chart("PCA of the codes", "component", Plane(code), context)
            + Chart("t-SNE of the inputs", "t-SNE axis", inputs, context)
            + Chart("t-SNE of the codes", "t-SNE axis", codes, context);
        return new Section("embeddings", "Inputs and codes in the plane", $"<div class='row four'>{html}</div><p>{context.Count} {context.Kind} rows; t-SNE with perplexity {TSne.PerplexityFor(context.Count):0}, of the inputs' first {pca.Variances.Length} principal components.</p>");
    }

    private static string Chart(string title, string axis, (double X, double Y)[] points, ReportContext context)
    {
        var plot = new Plot(title, axis + " 1", axis + " 2", Plot.Range(points.Select(p => p.X)), Plot.Range(points.Select(p => p.Y)), 440, 380);
        LatentSpace.Labelled(plot, points, context.Data.Labels);
        return ReportContext.Figure(plot);
    }

    private static (double, double)[] Plane(double[,] points) => [.. Enumerable.Range(0, points.GetLength(0)).Select(i => (points[i, 0], points.GetLength(1) > 1 ? points[i, 1] : 0))];

    private static double[,] Matrix(float[] values, int columns)
    {
        var matrix = new double[values.Length / columns, columns];
        for (var i = 0; i < values.Length; i++)
        {
            matrix[i / columns, i % columns] = values[i];
        }

        return matrix;
    }
}
