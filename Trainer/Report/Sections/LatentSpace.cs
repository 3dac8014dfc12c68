using Latent.Trainer.Report.Charts;
using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Report.Sections;

/// <summary>Of two-dimensional codes the manifold, the scatter and the posterior clouds; of others the two dimensions used most.</summary>
internal static class LatentSpace
{
    private const int Side = 15;
    private const double Reach = 4;

    public static Section? Build(ReportContext context)
    {
        if (context.Latent < 2)
        {
            return null;
        }

        var (a, b) = context.Latent == 2 ? (0, 1) : LatentUsage.MaxUsed(context);
        var html = $"<div class='charts two'>{Scatter(context, a, b)}{(context.Variational ? Clouds(context, a, b) : "")}</div>";

        // With labels there is a map for each.
        if (context.Latent == 2 && context.Image is { } image && context.Manifest.Recipe.Condition is null)
        {
            var codes = new float[Side * Side * 2];
            for (var i = 0; i < Side * Side; i++)
            {
                codes[2 * i] = (float)(-Reach + 2 * Reach * (i % Side) / (Side - 1));
                codes[2 * i + 1] = (float)(Reach - 2 * Reach * (i / Side) / (Side - 1));
            }

            html += context.Figure(
                ImageGrid.Draw(context.Graphs.Decode(codes), image, Side),
                "manifold",
                $"The manifold: decoded at {Side}×{Side} codes over [-4, 4], z[0] to the right and z[1] upwards."
            );
        }

        return new Section("space", "Latent space", html);
    }

    private static string Scatter(ReportContext context, int a, int b)
    {
        var z = context.Latent;
        (double, double)[] points =
        [
            .. Enumerable.Range(0, context.Count).Select(i => ((double)context.Codes[i * z + a], (double)context.Codes[i * z + b])),
        ];
        var plot = Plot.Around($"Codes of {context.Kind} rows", $"z[{a}]", $"z[{b}]", points, 400);
        Labelled(plot, points, context.Labels);
        return ReportContext.Figure(plot, context.Latent == 2 ? null : "The two dimensions used most.");
    }

    /// <summary>Points colored by label where there are at most ten labels.</summary>
    public static void Labelled(Plot plot, IReadOnlyList<(double X, double Y)> points, IReadOnlyList<string>? labels)
    {
        var names = labels?.Take(points.Count).Distinct().OrderBy(l => l.Length).ThenBy(l => l, StringComparer.Ordinal).ToList();
        if (names is null || names.Count > 10)
        {
            plot.Points(null, 0, points);
            return;
        }

        for (var i = 0; i < names.Count; i++)
        {
            plot.Points($"label {names[i]}", i, points.Where((_, row) => labels![row] == names[i]));
        }
    }

    private static string Clouds(ReportContext context, int a, int b)
    {
        var random = context.Random("clouds");
        var clouds = new List<(double X, double Y)[]>();
        foreach (var i in context.Spread(25))
        {
            double Draw(int d)
            {
                var at = i * context.Latent + d;
                return context.Codes[at] + Math.Exp(context.LogVariances[at] / 2) * Predictive.Gaussian(random);
            }

            clouds.Add([.. Enumerable.Range(0, 25).Select(_ => (Draw(a), Draw(b)))]);
        }

        var plot = Plot.Around("25 draws of q(z|x) for each of 25 inputs", $"z[{a}]", $"z[{b}]", [.. clouds.SelectMany(c => c)], 400);
        for (var i = 0; i < clouds.Count; i++)
        {
            plot.Points($"input {i}", i, clouds[i], inLegend: false);
        }

        return ReportContext.Figure(plot, "A color for each input; ten colors repeat.");
    }
}
