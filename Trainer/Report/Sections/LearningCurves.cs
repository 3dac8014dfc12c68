using System.Text.Json;
using Latent.Contracts.Bundles;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Report.Sections;

/// <summary>Every loss term by epoch, training and validation, from training.jsonl, and test NLL where it was recorded.</summary>
internal static class LearningCurves
{
    public static Section? Build(ReportContext context)
    {
        var path = Path.Combine(context.Folder, BundleFile.NameOf(BundleRole.Log));
        if (!File.Exists(path))
        {
            return null;
        }

        var curves = new Dictionary<(string Term, string Part), List<(double X, double Y)>>();
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 0))
        {
            using var json = JsonDocument.Parse(line);
            if (!json.RootElement.TryGetProperty("epoch", out var epoch))
            {
                continue;
            }

            foreach (var part in (string[])["train", "validation"])
            {
                if (json.RootElement.TryGetProperty(part, out var values) && values.ValueKind == JsonValueKind.Object)
                {
                    foreach (var term in values.EnumerateObject().Where(t => t.Value.ValueKind == JsonValueKind.Number))
                    {
                        var key = (term.Name, part);
                        curves.TryAdd(key, []);
                        curves[key].Add((epoch.GetDouble(), term.Value.GetDouble()));
                    }
                }
            }
        }

        var terms = curves.Keys.Select(k => k.Term).Distinct().ToList();
        if (terms is ["loss", "reconstruction"])
            terms = ["loss"];
        var html = string.Concat(terms.Select(term => ReportContext.Figure(Chart(term, curves, context))));
        if (LikelihoodCurve.Read(context.Folder) is { Count: > 0 } likelihood)
            html += ReportContext.Figure(LikelihoodPlot.Of([(context.Manifest.Name, likelihood)]));
        return html.Length == 0 ? null : new Section("curves", "Learning curves", $"<div class='row'>{html}</div>");
    }

    private static Plot Chart(string term, Dictionary<(string Term, string Part), List<(double X, double Y)>> curves, ReportContext context)
    {
        var points = curves.Where(c => c.Key.Term == term).ToList();
        // The first epoch of a long run would flatten all that follows.
        var shown = points.SelectMany(c => c.Value.Count > 20 ? c.Value.Skip(c.Value.Count / 20) : c.Value).Select(p => p.Y).ToList();
        var range = Plot.Range(shown);
        var plot = new Plot(Title(term), "epoch", term == "kl" ? "nats per row" : context.ErrorUnit, Plot.Range(points.SelectMany(c => c.Value).Select(p => p.X), 0), range);
        foreach (var (key, values) in points)
        {
            plot.Line(key.Part, Palette.Color(key.Part == "train" ? 0 : 1), [.. values.Where(p => p.Y >= range.Low && p.Y <= range.High)], dashed: key.Part != "train");
        }

        return plot;
    }

    private static string Title(string term) => term switch
    {
        "loss" => "Loss, mean over rows",
        "reconstruction" => "Reconstruction term",
        "kl" => "KL(q(z|x) ‖ p(z))",
        "l2" => "L2 penalty on weights",
        "bound" => "Bound on the log-likelihood",
        _ => term,
    };
}
