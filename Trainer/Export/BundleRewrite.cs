using Latent.Contracts;
using Latent.Contracts.Bundles;

namespace Latent.Trainer.Export;

/// <summary>Changes an existing bundle completely or not at all.</summary>
internal static class BundleRewrite
{
    /// <summary>Replaces the metrics of a bundle.</summary>
    /// <param name="bundle">Folder of the bundle.</param>
    /// <param name="before">The bundle's manifest as it was read.</param>
    /// <param name="metrics">The new metrics, all of them.</param>
    /// <exception cref="LatentException">
    /// The bundle has been replaced since, is being written by another run, or can't be written.
    /// </exception>
    public static void Metrics(string bundle, BundleManifest before, IReadOnlyDictionary<string, double> metrics)
    {
        using var held = BundleLock.Take(bundle);
        RefuseReplaced(bundle, before);
        ManifestFile.Write(before with { Metrics = metrics }, bundle);
    }

    /// <summary>
    /// Copies the bundle beside itself, without the files of some roles, applies <paramref name="change"/> to the copy, and puts it in
    /// place.
    /// </summary>
    /// <param name="bundle">Folder of the bundle.</param>
    /// <param name="before">The bundle's manifest as it was read.</param>
    /// <param name="after">The manifest to write; its list of files is made anew.</param>
    /// <param name="without">Roles of files that are left out.</param>
    /// <param name="change">Receives the copy's folder.</param>
    /// <exception cref="LatentException">The bundle has been replaced since, or can't be written.</exception>
    public static void Files(string bundle, BundleManifest before, BundleManifest after, BundleRole[] without, Action<string> change)
    {
        using var writer = BundleWriter.Begin(bundle);
        RefuseReplaced(bundle, before);
        foreach (var file in before.Files.Where(file => !without.Contains(file.Role)))
        {
            var copy = Path.Combine(writer.Folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(bundle, file.Path), copy);
        }

        change(writer.Folder);
        writer.Complete(after);
    }

    private static void RefuseReplaced(string bundle, BundleManifest before)
    {
        if (!ManifestFile.Read(bundle).Files.SequenceEqual(before.Files))
        {
            throw new LatentException(
                $"The bundle {bundle} has been replaced in the meantime, and what was computed is the former one's; run the command again."
            );
        }
    }
}
