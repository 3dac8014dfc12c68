using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Trainer.Sweeps;

namespace Latent.Trainer.Commands;

/// <summary>Prints the metrics of bundles side by side as a Markdown table, or updates the tables and curves of a page.</summary>
internal static class CompareCommand
{
    /// <summary>Prints a table or updates a page; it reads only the manifests and, for curves, the training logs.</summary>
    /// <param name="bundles">Folders of bundles, or the folder of a sweep, whose runs are ranked by validation loss.</param>
    /// <param name="page">Markdown file whose tables and curves are updated; null prints a table.</param>
    /// <param name="output">The writer of the table or of what was updated.</param>
    public static int Run(IReadOnlyList<string> bundles, string? page, TextWriter output)
    {
        if (page is null && bundles is [var folder] && File.Exists(Path.Combine(folder, SweepPlan.Name)))
            return SweepCommand.Show(SweepRanking.Of(SweepPlan.Read(folder), folder), folder, output);
        var opened = bundles.Select(bundle => (Folder: bundle, BundleFolder.Open(bundle).Manifest)).ToList();
        if (page is null)
        {
            output.Write(Printable.Lines(MetricTable.Of([.. opened.Select(b => b.Manifest)])));
            return ExitCodes.Done;
        }

        var filled = MetricPage.Fill(page, opened);
        output.WriteLine(
            Printable.Of(
                $"{page}: wrote {filled} {(filled == 1 ? "table" : "tables")} from {opened.Count} {(opened.Count == 1 ? "bundle" : "bundles")}."
            )
        );
        return ExitCodes.Done;
    }
}
