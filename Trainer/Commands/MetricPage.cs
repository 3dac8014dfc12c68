using System.Text.RegularExpressions;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Commands;

/// <summary>
/// Updates the tables and curves of a Markdown page. Between the comments "figures NAME…" and "end" stands the table of those bundles;
/// between "curves NAME…" and "end" their test NLL against epochs, as a table and as an SVG image beside the page.
/// </summary>
internal static partial class MetricPage
{
    /// <summary>Replaces the content of each place that names at least one of the bundles; other places stay as they are.</summary>
    /// <param name="path">The page.</param>
    /// <param name="bundles">The bundles with their folders; bundles with the same name get one row each.</param>
    /// <returns>Number of tables written.</returns>
    /// <exception cref="LatentException">The page can't be read or written, or has no place for these bundles.</exception>
    public static int Fill(string path, IReadOnlyList<(string Folder, BundleManifest Manifest)> bundles)
    {
        try
        {
            var (filled, images) = (0, 0);
            var text = Place()
                .Replace(
                    File.ReadAllText(path),
                    match =>
                    {
                        var (kind, names) = (
                            match.Groups["kind"].Value,
                            match.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        );
                        var image = kind == "curves" ? $"{Path.ChangeExtension(path, null)}-{++images}.svg" : "";
                        var listed = names.SelectMany(name => bundles.Where(b => b.Manifest.Name == name)).ToList();
                        var content =
                            kind == "curves" ? Curves(listed, image)
                            : listed.Count > 0 ? MetricTable.Of([.. listed.Select(b => b.Manifest)])
                            : null;
                        if (content is null)
                            return match.Value;
                        filled++;
                        return $"<!-- {kind} {string.Join(' ', names)} -->\n{content}<!-- end -->";
                    }
                );
            if (filled == 0)
            {
                throw new LatentException(
                    $"{path} has no place for these bundles; put <!-- figures {bundles[0].Manifest.Name} --> and <!-- end --> where their table goes."
                );
            }

            AtomicFile.WriteText(path, text);
            return filled;
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw new LatentException($"{path} can't be written: {e.Message}", e);
        }
    }

    private static string? Curves(IEnumerable<(string Folder, BundleManifest Manifest)> bundles, string image)
    {
        var curves = bundles
            .Select(b => (Name: NameOf(b.Manifest), Points: LikelihoodCurve.Read(b.Folder)))
            .Where(curve => curve.Points.Count > 0)
            .ToList();
        if (curves.Count == 0)
            return null;
        AtomicFile.WriteText(image, LikelihoodPlot.Of(curves).ToSvgFile());
        return $"![Test NLL against epochs]({Path.GetFileName(image)})\n\n{CurveTable.Of(curves)}";
    }

    private static string NameOf(BundleManifest manifest)
    {
        var schedule = manifest.Recipe.Schedule switch
        {
            { Kind: not ScheduleKind.BurdaStages and var kind } => $", schedule.kind {RecipeNames.Of(kind)}",
            { Scale: not 1 and var scale } => FormattableString.Invariant($", schedule.scale {scale}"),
            _ => "",
        };
        return $"{manifest.Name}{(manifest.StartedFrom is { } start ? $" from {start.Name}" : "")}{schedule}";
    }

    [GeneratedRegex(@"<!-- (?<kind>figures|curves) (?<names>[a-z0-9 -]+?) -->.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Place();
}
