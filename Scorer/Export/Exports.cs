using System.Reflection;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;

namespace Latent.Scorer.Export;

/// <summary>Writes a bundle in forms that other engines read.</summary>
internal static class Exports
{
    /// <summary>The engines.</summary>
    public static readonly string[] Targets = ["triton", "python", "spark"];

    /// <summary>Gets the program that writes, with its version.</summary>
    public static string Program { get; } =
        $"Latent {typeof(Exports).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";

    /// <summary>Writes a bundle for an engine into a new folder.</summary>
    /// <param name="target">One of <see cref="Targets"/>.</param>
    /// <param name="model">The bundle's folder.</param>
    /// <param name="folder">The folder to write, which is new or empty, and appears only when it is complete.</param>
    /// <returns>What to do with it, in one line.</returns>
    /// <exception cref="LatentException">The bundle can't be read, or the folder can't be written.</exception>
    public static string Write(string target, string model, string folder)
    {
        using var bundle = LatentBundle.Load(model);
        if (target != "triton" && bundle.Manifest.Input.Classes is not null)
        {
            throw new LatentException(
                $"The rows of {bundle.Name} are conditioned on labels, which --to {target} does not write; --to triton does."
            );
        }

        if (bundle.Manifest.Kind == ModelKind.Denoiser && target != "triton")
        {
            throw new LatentException(
                $"The bundle {bundle.Name} is a denoiser, which has no scores, but --to {target} writes a program that scores rows; --to triton serves its graph."
            );
        }

        using var whole = new AtomicFile(folder, isFolder: true);
        try
        {
            var next = target switch
            {
                "triton" => TritonExport.Write(bundle, whole.TemporaryPath),
                "python" => PythonExport.Write(bundle, whole.TemporaryPath),
                _ => SparkExport.Write(bundle, whole.TemporaryPath),
            };
            whole.Complete();
            return next.Replace("FOLDER", folder, StringComparison.Ordinal);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(folder, e);
        }
    }

    /// <summary>
    /// Gets a bundle's name with letters, digits, hyphens, dots and underscores only: it becomes part of paths and programs.
    /// </summary>
    public static string NameOf(LatentBundle bundle) =>
        string.Concat(bundle.Manifest.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).TrimStart('.');

    /// <summary>Gets the graph that scores.</summary>
    public static ExportedGraph Autoencoder(LatentBundle bundle)
    {
        var name = Path.GetFileNameWithoutExtension(BundleFile.NameOf(BundleRole.Autoencoder));
        return ExportedGraph.Of(bundle).Single(graph => graph.Name == name);
    }
}
