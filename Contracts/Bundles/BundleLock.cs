using Latent.Contracts.Files;

namespace Latent.Contracts.Bundles;

/// <summary>Keeps other processes from writing a bundle, or training a model for it, at the same time.</summary>
/// <remarks>
/// The lock is the hidden file .NAME.lock beside the bundle. It also works between machines if the file system passes locks to its server.
/// </remarks>
public sealed class BundleLock : IDisposable
{
    private readonly FileLock _lock;

    private BundleLock(FileLock held, string bundle)
    {
        _lock = held;
        Bundle = bundle;
    }

    /// <summary>Gets the full path of the bundle's folder, with links resolved.</summary>
    internal string Bundle { get; }

    /// <summary>Takes the lock of a bundle.</summary>
    /// <param name="bundle">The bundle's folder, which need not exist.</param>
    /// <exception cref="LatentException">
    /// The lock is held already, or the folder that is to contain the bundle can't be written.
    /// </exception>
    public static BundleLock Take(string bundle)
    {
        var full = Resolve(bundle);
        var (parent, name) = (Path.GetDirectoryName(full), Path.GetFileName(full));
        if (string.IsNullOrEmpty(parent) || name.Length == 0)
            throw new LatentException($"{bundle} cannot be a bundle's folder; it must be a folder with a name of its own.");
        try
        {
            Directory.CreateDirectory(parent);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite($"The bundle {bundle}", e);
        }

        try
        {
            return new BundleLock(FileLock.Take(full), full);
        }
        catch (UnauthorizedAccessException e)
        {
            throw FileError.CannotWrite($"The bundle {bundle}", e);
        }
        catch (IOException e)
        {
            throw new LatentException(
                $"Another run holds {bundle}, or {FileLock.PathFor(full)} can't be written ({FileError.Reason(e)}); wait for it or choose another --out.",
                e
            );
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Gets the full path of a bundle's folder or, if the folder is a link, of its target.</summary>
    internal static string Resolve(string bundle)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle));
        return Directory.Exists(full) && Directory.ResolveLinkTarget(full, returnFinalTarget: true) is { } target
            ? Path.TrimEndingDirectorySeparator(target.FullName)
            : full;
    }
}
