using Latent.Contracts;
using Latent.Contracts.Bundles;

namespace Latent.Trainer.Commands;

/// <summary>Prints bundles' figures side by side as a Markdown table, from their manifests alone, or writes them into a page.</summary>
internal static class CompareCommand
{
    /// <summary>Prints, or fills a page in.</summary>
    /// <param name="bundles">Folders of bundles.</param>
    /// <param name="page">Markdown file whose tables and curves are written anew; null prints.</param>
    /// <param name="output">Where a table or what was done is said.</param>
    public static int Run(IReadOnlyList<string> bundles, string? page, TextWriter output)
    {
        var opened = bundles.Select(bundle => (Folder: bundle, BundleFolder.Open(bundle).Manifest)).ToList();
        if (page is null)
        {
            output.Write(Printable.Lines(MetricTable.Of([.. opened.Select(b => b.Manifest)])));
            return ExitCodes.Done;
        }

        var filled = MetricPage.Fill(page, opened);
        output.WriteLine(Printable.Of($"{page}: wrote {filled} {(filled == 1 ? "table" : "tables")} from {opened.Count} {(opened.Count == 1 ? "bundle" : "bundles")}."));
        return ExitCodes.Done;
    }
}
