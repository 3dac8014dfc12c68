using System.Globalization;
using System.Net;
using Latent.CommandLine;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Report.Sections;

/// <summary>Every metric, the recipe as it was run, and the machine.</summary>
internal static class Facts
{
    public static Section Metrics(ReportContext context) =>
        new("metrics", "Metrics", Table(context.Manifest.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, m.Value.ToString("G6", CultureInfo.InvariantCulture)))));

    public static Section Provenance(ReportContext context)
    {
        var manifest = context.Manifest;
        return new("provenance", "Where it came from", Table(
        [
            ("engine", manifest.Engine),
            ("seed", manifest.Seed.ToString(CultureInfo.InvariantCulture)),
            .. manifest.StartedFrom is { } start ? [("started from", start.ToString())] : Array.Empty<(string, string)>(),
            ("data (SHA-256)", manifest.DataFingerprint),
            ("training time", ProgressText.Time(TimeSpan.FromSeconds(manifest.Metrics.GetValueOrDefault("seconds")))),
            ("exported", manifest.Created.ToString("u", CultureInfo.InvariantCulture)),
            ("machine", manifest.Machine ?? "not recorded"),
            .. manifest.Recipe.About.Published is { } published ? [("published NLL", FormattableString.Invariant($"{published.Nll:0.00} ({published.Source})"))] : Array.Empty<(string, string)>(),
        ]) + $"<details open><summary>The recipe as it was run</summary><pre>{WebUtility.HtmlEncode(RecipeFile.ToJson(manifest.Recipe))}</pre></details>");
    }

    private static string Table(IEnumerable<(string Name, string Value)> rows) =>
        $"<table>{string.Concat(rows.Select(r => $"<tr><th scope='row'>{WebUtility.HtmlEncode(r.Name)}</th><td>{WebUtility.HtmlEncode(r.Value)}</td></tr>"))}</table>";
}
