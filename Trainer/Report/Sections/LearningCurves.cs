using Latent.Contracts.Training;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Report.Sections;

/// <summary>Every loss term at every epoch, training and validation, from training.jsonl, and test NLL where it was recorded.</summary>
internal static class LearningCurves
{
    public static Section? Build(ReportContext context)
    {
        var epochs = context.Epochs;
        var terms = epochs.SelectMany(epoch => epoch.Train.Keys).Distinct().OrderByDescending(term => term == "loss").ToList();
        // A plain autoencoder's loss is its reconstruction error, unless there is a penalty too.
        if (terms is ["loss", "reconstruction"])
            terms = ["loss"];
        var html = string.Concat(terms.Select(term => ReportContext.Figure(Chart(term, epochs, context))));
        var likelihood = LikelihoodCurve.Points(epochs);
        if (likelihood.Count > 0)
            html += ReportContext.Figure(LikelihoodPlot.Of([(context.Manifest.Name, likelihood)]));
        return html.Length == 0 ? null : new Section("curves", "Learning curves", $"<div class='charts'>{html}</div>");
    }

    private static Plot Chart(string term, IReadOnlyList<EpochRecord> epochs, ReportContext context)
    {
        var (name, unit) = MetricNames.Term(term, context.Manifest.Recipe);
        List<(string Part, List<(double X, double Y)> Points)> curves =
        [
            ("training", Points(epoch => epoch.Train)),
            ("validation", Points(epoch => epoch.Validation)),
        ];
        // The first epochs of a long run would flatten all that follows; they lie above the frame.
        var shown = curves.SelectMany(curve => curve.Points.Skip(curve.Points.Count > 20 ? curve.Points.Count / 20 : 0)).Select(p => p.Y);
        var (first, last) = (epochs.Min(epoch => epoch.Epoch), epochs.Max(epoch => epoch.Epoch));
        var plot = new Plot(char.ToUpperInvariant(name[0]) + name[1..], "epoch", unit, (first, last), Plot.Range(shown), wholeX: true);
        foreach (var (part, points) in curves.Where(curve => curve.Points.Count > 0))
        {
            plot.Line(part, part == "training" ? 0 : 1, points, dashed: part != "training");
        }

        return plot;

        List<(double X, double Y)> Points(Func<EpochRecord, IReadOnlyDictionary<string, double>?> part) =>
            [
                .. epochs
                    .Select(e => ((double)e.Epoch, part(e)?.GetValueOrDefault(term, double.NaN) ?? double.NaN))
                    .Where(p => double.IsFinite(p.Item2)),
            ];
    }
}
