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

        // Columns of a table are in units of their own: only standardized ones can be compared.
        var table = context.Image is null;
        var (rows, width) =
            context.Cells is { } cells ? cells.Numbers(context.Rows)
            : table ? (Standardized(context.Rows, context.Graphs.Features), context.Graphs.Features)
            : (context.Rows, context.Graphs.Features);
        var pca = Pca.Fit(rows, width, InputComponents);
        var input = pca.Transform(rows);
        var code = Pca.Fit(context.Codes, context.Latent, 2).Transform(context.Codes);
        (double, double)[] inputs = [],
            codes = [];
        Parallel.Invoke(
            new ParallelOptions { CancellationToken = context.Stop },
            () => inputs = TSne.Fit(input, stop: context.Stop),
            () => codes = TSne.Fit(Matrix(context.Codes, context.Latent), stop: context.Stop)
        );
        var inputsAre = table ? "standardized inputs" : "inputs";
        var html =
            Chart($"PCA of the {inputsAre}", "component", Plane(input), context)
            + Chart("PCA of the codes", "component", Plane(code), context)
            + Chart($"t-SNE of the {inputsAre}", "t-SNE axis", inputs, context)
            + Chart("t-SNE of the codes", "t-SNE axis", codes, context);
        var note =
            $"{context.Count} {context.Kind} rows; t-SNE with perplexity {TSne.PerplexityFor(context.Count):0},"
            + $" of the {inputsAre}' first {pca.Variances.Length} principal components."
            + (
                context.Cells is null
                    ? ""
                    : $" Each of the {Cells.MaxLevels} most frequent words of a column is an input of its own, 1 or 0; missing numbers are"
                        + " at the column's mean."
            );
        return new Section(
            "embeddings",
            "Inputs and codes in the plane",
            $"<div class='charts two'>{html}</div><p class='note'>{note}</p>"
        );
    }

    private static string Chart(string title, string axis, (double X, double Y)[] points, ReportContext context)
    {
        var plot = Plot.Around(title, axis + " 1", axis + " 2", points, 380);
        LatentSpace.Labelled(plot, points, context.Labels);
        return ReportContext.Figure(plot);
    }

    /// <summary>Each column less its mean and divided by its standard deviation; one that never changes is 0.</summary>
    internal static float[] Standardized(float[] rows, int columns)
    {
        var count = rows.Length / columns;
        var result = new float[rows.Length];
        for (var c = 0; c < columns; c++)
        {
            var values = Enumerable.Range(0, count).Select(i => (double)rows[(i * columns) + c]).ToList();
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            for (var i = 0; i < count; i++)
            {
                result[(i * columns) + c] = deviation > 0 ? (float)((values[i] - mean) / deviation) : 0;
            }
        }

        return result;
    }

    private static (double, double)[] Plane(double[,] points) =>
        [.. Enumerable.Range(0, points.GetLength(0)).Select(i => (points[i, 0], points.GetLength(1) > 1 ? points[i, 1] : 0))];

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
