using System.Net;
using Latent.Contracts.Bundles;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Charts;
using Latent.Trainer.Report.Sections;

namespace Latent.Trainer.Report;

/// <summary>Writes report.html, one file that needs no other, and its images as PNG in pictures/ beside it, enlarged.</summary>
public static class ReportWriter
{
    private static readonly Func<ReportContext, Section?>[] s_sections =
    [
        UnusualRows.Build,
        Reconstructions.Build,
        LearningCurves.Build,
        Detection.Build,
        Errors.Build,
        ColumnErrors.Build,
        TableColumns.Build,
        Predictives.Build,
        LatentSpace.Build,
        LatentUsage.Build,
        LatentTraversals.Build,
        Generation.Build,
        Embeddings.Build,
        WeightImages.Build,
        Facts.Metrics,
        Facts.Provenance,
    ];

    private static readonly Func<ReportContext, Section?>[] s_withoutCodes =
    [
        Reconstructions.Build,
        LearningCurves.Build,
        WeightImages.Build,
        Facts.Metrics,
        Facts.Provenance,
    ];

    /// <summary>Draws the report of the bundle whose graphs and training.jsonl lie in <paramref name="folder"/>.</summary>
    /// <param name="folder">The bundle's folder, or the temporary one it is being built in.</param>
    /// <param name="manifest">The bundle's manifest; its list of files is not read.</param>
    /// <param name="data">Rows to draw from: all are scored, and at most 500 are shown.</param>
    /// <param name="stop">When cancelled, no report is written.</param>
    /// <returns>Path of report.html.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static string Write(string folder, BundleManifest manifest, ReportData data, CancellationToken stop = default)
    {
        using var graphs = new BundleGraphs(folder, manifest, stop);
        var context = new ReportContext(folder, manifest, graphs, data) { Stop = stop };
        var all = graphs.HasCodes ? s_sections : s_withoutCodes;
        var verdict = Summary.Html(context);
        var sections = new List<Section>();
        foreach (var build in all)
        {
            stop.ThrowIfCancellationRequested();
            if (build(context) is { } section)
                sections.Add(section);
        }

        var path = Path.Combine(folder, BundleFile.NameOf(BundleRole.Report));
        File.WriteAllText(path, Page(manifest, verdict, sections));
        return path;
    }

    /// <summary>Makes a page in the style of the reports, whose plots show the values under the pointer.</summary>
    /// <param name="title">The title, as text.</param>
    /// <param name="description">What stands below the title, as text.</param>
    /// <param name="main">The content, as HTML.</param>
    internal static string Page(string title, string description, string main) =>
        $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>{WebUtility.HtmlEncode(title)}: what was learned</title>
            <style>
            {Palette.Css()}
            {Resource("report.css")}</style>
            </head>
            <body>
            <header><h1>{WebUtility.HtmlEncode(title)}</h1><p>{WebUtility.HtmlEncode(description)}</p></header>
            <main>
            {main}</main>
            <div id="tip" role="status" hidden="hidden"></div>
            <script>//<![CDATA[
            {Resource("plot.js")}//]]></script>
            </body>
            </html>

            """;

    private static string Page(BundleManifest manifest, string verdict, List<Section> sections)
    {
        var links = string.Concat(sections.Select(s => $"<a href='#{s.Id}'>{WebUtility.HtmlEncode(s.Title)}</a> "));
        var body = string.Concat(
            sections.Select(s => $"<section id='{s.Id}'><h2>{WebUtility.HtmlEncode(s.Title)}</h2>{s.Html}</section>\n")
        );
        return Page(manifest.Name, manifest.Description, $"{verdict}\n<nav>{links}</nav>\n{body}");
    }

    private static string Resource(string name)
    {
        using var stream = typeof(ReportWriter).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
