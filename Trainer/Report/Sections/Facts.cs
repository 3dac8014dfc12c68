using System.Globalization;
using System.Net;
using Latent.CommandLine;
using Latent.Contracts.Recipes;
using Latent.Trainer.Progress;

namespace Latent.Trainer.Report.Sections;

/// <summary>Every metric, the recipe as it was run, and the machine.</summary>
internal static class Facts
{
    // Figures of rows never trained on first, those of the run itself last.
    private static readonly string[] s_order = ["test.", "evaluate.", "codes.", "validation.", "train."];

    public static Section Metrics(ReportContext context)
    {
        var rows = context
            .Manifest.Metrics.OrderBy(m => Place(m.Key))
            .ThenBy(m => m.Key, StringComparer.Ordinal)
            .Select(m =>
            {
                var (name, unit) = MetricNames.Of(m.Key, context.Manifest);
                return $"<tr title='{Text(m.Key)}'><th scope='row'>{Text(name)}</th>"
                    + $"<td class='number'>{MetricFormat.Value(m.Value)}</td><td>{Text(unit)}</td></tr>";
            });
        return new("metrics", "Metrics", $"<div class='scroll'><table class='metrics'>{string.Concat(rows)}</table></div>");
    }

    private static int Place(string key) =>
        Array.FindIndex(s_order, part => key.StartsWith(part, StringComparison.Ordinal)) is >= 0 and var place ? place : s_order.Length;

    public static Section Provenance(ReportContext context)
    {
        var manifest = context.Manifest;
        return new(
            "provenance",
            "Where it came from",
            Table([
                ("engine", manifest.Engine),
                ("seed", manifest.Seed.ToString(CultureInfo.InvariantCulture)),
                .. manifest.StartedFrom is { } start ? [("started from", start.ToString())] : Array.Empty<(string, string)>(),
                ("data (SHA-256)", manifest.DataFingerprint),
                ("training time", ProgressText.Time(TimeSpan.FromSeconds(manifest.Metrics.GetValueOrDefault("seconds")))),
                ("exported", manifest.Created.ToString("u", CultureInfo.InvariantCulture)),
                ("machine", manifest.Machine ?? "not recorded"),
                .. manifest.Recipe.About.Published is { } published
                    ? [("published NLL", FormattableString.Invariant($"{published.Nll:0.00} ({published.Source})"))]
                    : Array.Empty<(string, string)>(),
            ])
                + "<details open='open'><summary>The recipe as it was run</summary>"
                + $"<pre>{Text(RecipeFile.ToJson(manifest.Recipe))}</pre></details>"
        );
    }

    private static string Table(IEnumerable<(string Name, string Value)> rows) =>
        "<table class='provenance'>"
        + string.Concat(rows.Select(r => $"<tr><th scope='row'>{Text(r.Name)}</th><td>{Text(r.Value)}</td></tr>"))
        + "</table>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
