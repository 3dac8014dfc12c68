using System.Security.Cryptography;
using Latent.Contracts.Files;

namespace Latent.Scorer.Parts;

/// <summary>Represents a file that is complete, as a part's record remembers it.</summary>
/// <param name="Name">Name of the file, without its folder.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
internal sealed record WholeFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Describes a file.</summary>
    public static WholeFile Of(string path)
    {
        using var stream = File.OpenRead(path);
        return new WholeFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <summary>Tells what is wrong with the file in a folder.</summary>
    /// <returns>The end of a sentence that begins with the file's name; null if it is the file that was described.</returns>
    public string? Problem(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? "is missing"
                : file.Length != Bytes ? $"has {file.Length} bytes instead of {Bytes}"
                : Of(path) != this ? "is not the file that was completed (its SHA-256 differs)"
                : null;
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }
}
