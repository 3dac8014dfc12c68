using System.Security.Cryptography;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;

namespace Latent.Scorer.Parts;

/// <summary>Identifies the bundle that made a part.</summary>
/// <param name="Name">Name of the bundle.</param>
/// <param name="Sha256">SHA-256 of its manifest, which names all its files by theirs; in lower-case hexadecimal.</param>
internal sealed record UsedModel(string Name, string Sha256)
{
    /// <summary>Identifies a bundle.</summary>
    /// <exception cref="Contracts.LatentException">There is no bundle, or its manifest can't be read.</exception>
    public static UsedModel Of(string folder)
    {
        var name = ManifestFile.Read(folder).Name;
        var path = Path.Combine(folder, ManifestFile.Name);
        try
        {
            return new UsedModel(name, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }

    /// <summary>Formats the model for people, with the beginning of the hash only.</summary>
    public override string ToString() => $"{Name}, SHA-256 {Sha256[..Math.Min(12, Sha256.Length)]}…";
}
