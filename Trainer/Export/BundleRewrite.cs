using Latent.Contracts.Bundles;

namespace Latent.Trainer.Export;

/// <summary>Changes a bundle that exists, whole or not at all.</summary>
internal static class BundleRewrite
{
    /// <summary>Copies the bundle beside itself, without the files of some roles, lets <paramref name="change"/> work on the copy, and puts it in place.</summary>
    /// <param name="bundle">Folder of the bundle.</param>
    /// <param name="manifest">The manifest to write; its list of files is made anew.</param>
    /// <param name="without">Roles of files that are left out.</param>
    /// <param name="change">Is given the copy's folder.</param>
    public static void Do(string bundle, BundleManifest manifest, string[] without, Action<string> change)
    {
        using var writer = BundleWriter.Begin(bundle);
        foreach (var file in manifest.Files.Where(f => !without.Contains(f.Role)))
        {
            var copy = Path.Combine(writer.Folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(bundle, file.Path), copy);
        }

        change(writer.Folder);
        writer.Complete(manifest);
    }
}
