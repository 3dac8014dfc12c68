using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Report.Sections;

/// <summary>The reconstruction error of rows, as a histogram.</summary>
internal static class Errors
{
    private const int MostBins = 30;

    public static Section Build(ReportContext context)
    {
        var bins = Math.Clamp(context.Count / 4, 5, MostBins);
        var (low, high) = (context.Errors.Min(), context.Errors.Max());
        var wide = Math.Max((high - low) / bins, 1e-12);
        var counts = new double[bins];
        foreach (var error in context.Errors)
        {
            counts[Math.Min(bins - 1, (int)((error - low) / wide))]++;
        }

        var plot = new Plot($"Reconstruction error of {context.Kind} rows", context.ErrorUnit, "rows", (low, high > low ? high : low + 1), (0, counts.Max() * 1.04));
        plot.Line(null, Palette.Color(0), [.. counts.SelectMany((c, i) => new[] { (low + i * wide, c), (low + (i + 1) * wide, c) })]);
        return new Section("errors", "Reconstruction error", ReportContext.Figure(plot, "A score to find rows by that are unlike the training data."));
    }
}
