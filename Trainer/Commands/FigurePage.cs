using System.Text;
using System.Text.RegularExpressions;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Trainer.Checkpoints;

namespace Latent.Trainer.Commands;

/// <summary>
/// A Markdown page with places for figures: what stands between the comments "figures NAME…" and "end" is the table of those bundles.
/// </summary>
internal static partial class FigurePage
{
    /// <summary>Writes every table anew that at least one of the bundles belongs to; other tables stay.</summary>
    /// <param name="path">The page.</param>
    /// <param name="manifests">Bundles, told apart by name.</param>
    /// <returns>Number of tables written.</returns>
    /// <exception cref="LatentException">The page can't be read or written, or has no place for these bundles.</exception>
    public static int Fill(string path, IReadOnlyList<BundleManifest> manifests)
    {
        try
        {
            var filled = 0;
            var text = Place().Replace(File.ReadAllText(path), match =>
            {
                var names = match.Groups["names"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var listed = names.SelectMany(name => manifests.Where(m => m.Name == name)).ToList();
                if (listed.Count == 0)
                    return match.Value;
                filled++;
                return $"<!-- figures {string.Join(' ', names)} -->\n{FigureTable.Of(listed)}<!-- end -->";
            });
            if (filled == 0)
                throw new LatentException($"{path} has no place for these bundles; put <!-- figures {manifests[0].Name} --> and <!-- end --> where their table goes.");
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));
            return filled;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"{path} can't be written: {e.Message}", e);
        }
    }

    [GeneratedRegex(@"<!-- figures (?<names>[a-z0-9 -]+?) -->.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Place();
}
