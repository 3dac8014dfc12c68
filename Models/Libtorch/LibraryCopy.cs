using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Latent.Contracts.Files;

namespace Latent.Models;

/// <summary>Loads a native library that was made in memory, from a file that holds exactly its bytes.</summary>
internal static class LibraryCopy
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Gets the folder for copies, in the user's cache; null for a user without one.</summary>
    public static string? CacheFolder
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (!Path.IsPathRooted(cache))
                cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.IsPathRooted(cache) ? Path.Combine(cache, "latent", "libtorch") : null;
        }
    }

    /// <summary>Loads the library from the cache or, where that cannot be written, from a temporary folder that is deleted then.</summary>
    /// <param name="library">The library.</param>
    /// <param name="name">The name of its file.</param>
    /// <param name="cache">The folder for copies; null for none.</param>
    /// <returns>The library, and the path it was loaded from.</returns>
    /// <exception cref="DllNotFoundException">The library does not load.</exception>
    /// <exception cref="IOException">No folder can be written.</exception>
    [SupportedOSPlatform("linux")]
    public static (nint Handle, string Path) Load(byte[] library, string name, string? cache)
    {
        if (cache is not null && TryWrite(library, cache, name) is { } kept && NativeLibrary.TryLoad(kept, out var handle))
            return (handle, kept);
        var temporary = Directory.CreateTempSubdirectory("latent-libtorch-").FullName;
        try
        {
            var path = Path.Combine(temporary, name);
            Write(library, path);
            return (NativeLibrary.Load(path), path);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Writes the library into a folder of its own in the cache, unless it is there already.</summary>
    /// <returns>The file, which holds exactly the library; null where the cache can't be written, or others can write there too.</returns>
    [SupportedOSPlatform("linux")]
    public static string? TryWrite(byte[] library, string cache, string name)
    {
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(library))[..16]), Private);
            if ((folder.UnixFileMode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
                return null;
            var path = Path.Combine(folder.FullName, name);
            if (!Holds(path, library))
            {
                var temporary = Path.Combine(folder.FullName, Path.GetRandomFileName());
                try
                {
                    Write(library, temporary);
                    File.Move(temporary, path, overwrite: true);
                }
                finally
                {
                    File.Delete(temporary);
                }
            }

            return path;
        }
        catch (Exception e) when (FileError.Is(e))
        {
            return null;
        }
    }

    private static bool Holds(string path, byte[] library) =>
        new FileInfo(path) is { Exists: true } file
        && file.Length == library.Length
        && File.ReadAllBytes(path).AsSpan().SequenceEqual(library);

    [SupportedOSPlatform("linux")]
    private static void Write(byte[] library, string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Private,
        };
        using var stream = new FileStream(path, options);
        stream.Write(library);
    }
}
