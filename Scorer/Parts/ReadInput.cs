using System.Security.Cryptography;
using System.Text;
using Latent.Contracts.Files;
using Latent.Data.Files;

namespace Latent.Scorer.Parts;

/// <summary>Represents the whole input of which a part was read.</summary>
/// <param name="Paths">The files, folders and patterns, as they were given.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Bytes">Number of bytes of all files.</param>
/// <param name="Sha256">
/// SHA-256 of all files' paths and lengths and, of up to 1,000 files, of their first and last 65,536 bytes; in lower-case hexadecimal.
/// </param>
internal sealed record ReadInput(IReadOnlyList<string> Paths, int Files, long Bytes, string Sha256)
{
    private const int MostOpened = 1000;
    private const int Edge = 1 << 16;

    /// <summary>Describes an input, of which only the beginnings and ends of files are read.</summary>
    /// <exception cref="Contracts.LatentException">A file or folder can't be read.</exception>
    public static ReadInput Of(IReadOnlyList<string> inputs)
    {
        string[] files = [.. inputs.Where(input => input != "-").SelectMany(Find)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (total, edge) = (0L, new byte[Edge]);
        foreach (var path in files)
        {
            try
            {
                var bytes = new FileInfo(path).Length;
                total += bytes;
                hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{bytes}\0"));
                if (files.Length > MostOpened)
                    continue;
                using var stream = InputFile.Open(path);
                Append(stream);
                stream.Position = Math.Max(stream.Position, bytes - Edge);
                Append(stream);
            }
            catch (Exception e) when (FileError.Is(e))
            {
                throw FileError.CannotRead(path, e);
            }
        }

        return new ReadInput(inputs, files.Length, total, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Append(Stream stream) => hash.AppendData(edge, 0, stream.ReadAtLeast(edge, Edge, throwOnEndOfStream: false));
    }

    private static IEnumerable<string> Find(string input)
    {
        if (!Directory.Exists(input) && !InputFolder.IsPattern(input))
            return [input];
        var folder = InputFolder.Find(input, _ => null);
        return folder.Files.Select(file => Path.Combine(folder.Path, file));
    }
}
