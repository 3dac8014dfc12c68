using System.Net;
using Latent.Contracts.Files;
using Latent.Trainer.Report;
using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Sweeps;

/// <summary>Writes sweep.html: the learning curves of a sweep's runs, and their ranking.</summary>
internal static class SweepPage
{
    /// <summary>The name of the page in the sweep's folder.</summary>
    public const string Name = "sweep.html";

    /// <summary>Writes the page into the sweep's folder.</summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="Contracts.LatentException">It can't be written.</exception>
    public static string Write(SweepRanking ranking, string folder)
    {
        var (shown, count) = (ranking.Runs.Where(run => run.State.Epochs.Count > 0).Take(Palette.Count).ToList(), ranking.Runs.Count);
        var title = $"Sweep of {Path.GetFileNameWithoutExtension(ranking.Plan.Recipe)}";
        var summary = $"{count} runs, ranked by validation loss; the curves are those of the first {shown.Count}.";
        var path = Path.Combine(folder, Name);
        AtomicFile.WriteText(path, ReportWriter.Page(title, summary, $"{Charts(shown)}{Table(ranking)}"));
        return path;
    }

    private static string Charts(IReadOnlyList<(SweepState State, double Loss)> shown)
    {
        if (shown.Count == 0)
            return "";
        var charts = new[] { "Validation loss", "Training loss" }.Select(title =>
        {
            var curves = shown.Select(run => Points(run.State, title == "Validation loss")).ToList();
            // The first epochs would flatten all that follows; they lie above the frame.
            var values = curves.SelectMany(curve => curve.Skip(curve.Count > 20 ? curve.Count / 20 : 0)).Select(point => point.Y);
            var last = shown.Max(run => run.State.Epoch);
            var plot = new Plot(title, "epoch", "loss", (1, Math.Max(2, last)), Plot.Range(values), wholeX: true);
            foreach (var (i, curve) in curves.Index())
                plot.Line(shown[i].State.Run.Name, i, curve, dashed: shown[i].State.Manifest is null);
            return $"<figure>{plot.ToSvg()}</figure>";
        });
        return $"<section id='curves'><h2>Learning curves</h2><div class='charts'>{string.Concat(charts)}</div></section>\n";
    }

    private static List<(double X, double Y)> Points(SweepState state, bool isValidation) =>
        [
            .. state
                .Epochs.Select(epoch => ((double)epoch.Epoch, (isValidation ? epoch.Validation : epoch.Train)?["loss"] ?? double.NaN))
                .Where(point => double.IsFinite(point.Item2)),
        ];

    private static string Table(SweepRanking ranking)
    {
        var lines = ranking.ToMarkdown().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = lines
            .Where((_, i) => i != 1)
            .Select((line, i) => $"<tr>{string.Concat(line.Trim('|').Split(" | ").Select(cell => Cell(cell, i == 0)))}</tr>");
        return $"<section id='ranking'><h2>Ranking</h2><table>{string.Concat(rows)}</table></section>\n";

        static string Cell(string text, bool isHead) =>
            isHead ? $"<th>{WebUtility.HtmlEncode(text.Trim())}</th>" : $"<td>{WebUtility.HtmlEncode(text.Trim())}</td>";
    }
}
