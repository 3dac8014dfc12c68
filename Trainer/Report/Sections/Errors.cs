using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Report.Sections;

/// <summary>The reconstruction error of held-out rows, as a histogram.</summary>
internal static class Errors
{
    private const int Bins = 30;

    public static Section Build(ReportContext context)
    {
        var (low, high) = (context.Errors.Min(), context.Errors.Max());
        var wide = Math.Max((high - low) / Bins, 1e-12);
        var counts = new double[Bins];
        foreach (var error in context.Errors)
        {
            counts[Math.Min(Bins - 1, (int)((error - low) / wide))]++;
        }

        var plot = new Plot("Reconstruction error of held-out rows", "error", "rows", (low, high > low ? high : low + 1), (0, counts.Max() * 1.04));
        plot.Line("rows", Palette.Color(0), [.. counts.SelectMany((c, i) => new[] { (low + i * wide, c), (low + (i + 1) * wide, c) })]);
        var what = context.Manifest.Reconstruction;
        return new Section("errors", "Reconstruction error", ReportContext.Figure(plot, $"{what.Likelihood}, {what.Reduction} over the values of a row; a score to find rows unlike the training data by."));
    }
}
