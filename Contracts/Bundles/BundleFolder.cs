using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;

namespace Latent.Contracts.Bundles;

/// <summary>Represents a bundle on disk whose files agree with its manifest.</summary>
public sealed class BundleFolder
{
    private BundleFolder(string folder, BundleManifest manifest)
    {
        Folder = folder;
        Manifest = manifest;
    }

    /// <summary>Gets the path of the bundle's folder.</summary>
    public string Folder { get; }

    /// <summary>Gets the bundle's manifest.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>Reads the manifest, and compares the length and SHA-256 of every file with it.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <exception cref="LatentException">There is no bundle, or a file is missing or has changed; the message says which.</exception>
    public static BundleFolder Open(string folder)
    {
        var manifest = ManifestFile.Read(folder);
        // The first of several wrong files is named, as if they were read one after the other.
        var problems = manifest.Files.AsParallel().AsOrdered().Select(file => Problem(folder, file)).ToArray();
        if (problems.FirstOrDefault(problem => problem is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
        return new BundleFolder(folder, manifest);
    }

    /// <summary>Gets the full path of the file of a role.</summary>
    /// <param name="role">A role that exactly one file has.</param>
    /// <exception cref="LatentException">The bundle has no such file.</exception>
    public string PathOf(BundleRole role) =>
        Manifest.Files.FirstOrDefault(f => f.Role == role) is { } file
            ? Path.GetFullPath(Path.Combine(Folder, file.Path))
            : throw new LatentException(
                $"The bundle {Folder} has no {RecipeNames.Of(role)}; it has {string.Join(", ", Manifest.Files.Select(f => RecipeNames.Of(f.Role)).Distinct())}."
            );

    /// <summary>Reads the file of a role, and compares its bytes with the manifest again, since the file may have been replaced.</summary>
    /// <param name="role">A role that exactly one file has.</param>
    /// <exception cref="LatentException">The bundle has no such file, or the file has changed.</exception>
    public byte[] Read(BundleRole role)
    {
        var path = PathOf(role);
        var file = Manifest.Files.First(f => f.Role == role);
        try
        {
            RefuseLength(Folder, file, SmallFile.Length(path));
            var bytes = file.Bytes == 0 ? [] : File.ReadAllBytes(path);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == file.Sha256 ? bytes : throw Differs(Folder, file);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }

    /// <summary>Lists the files under a folder except the manifest, as relative paths with forward slashes, in ordinal order.</summary>
    /// <param name="folder">The folder.</param>
    public static IReadOnlyList<string> Paths(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                .Where(path => path != ManifestFile.Name)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Describes a file under a folder: its role, length and hash.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">Path of the file relative to the folder, with forward slashes.</param>
    public static BundleFile Describe(string folder, string path)
    {
        var full = Path.Combine(folder, path);
        var length = SmallFile.Length(full);
        return new BundleFile(path, BundleFile.RoleOf(path), length, Sha256(full, length));
    }

    private static LatentException? Problem(string folder, BundleFile file)
    {
        try
        {
            Verify(folder, file);
            return null;
        }
        catch (LatentException e)
        {
            return e;
        }
    }

    private static void Verify(string folder, BundleFile file)
    {
        var path = Path.Combine(folder, file.Path);
        try
        {
            if (!File.Exists(path))
                throw new LatentException($"The bundle {folder} is not whole: {file.Path} is missing.");
            RefuseLength(folder, file, SmallFile.Length(path));
            if (Sha256(path, file.Bytes) != file.Sha256)
                throw Differs(folder, file);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }

    private static void RefuseLength(string folder, BundleFile file, long length)
    {
        if (length != file.Bytes)
        {
            throw new LatentException(
                $"The bundle {folder} is damaged: {file.Path} has {length} bytes, but the manifest says {file.Bytes}."
            );
        }
    }

    private static LatentException Differs(string folder, BundleFile file) =>
        new($"The bundle {folder} is damaged: {file.Path} is not the file that was exported (its SHA-256 differs from the manifest's).");

    private static string Sha256(string path, long length)
    {
        // A file without bytes may be a pipe, which must not be opened.
        if (length == 0)
            return Convert.ToHexStringLower(SHA256.HashData([]));
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
