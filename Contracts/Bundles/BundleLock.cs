using Latent.Contracts.Files;

namespace Latent.Contracts.Bundles;

/// <summary>Is held by whoever writes a bundle, or trains what is to become one: one at a time.</summary>
/// <remarks>A hidden file .NAME.lock beside the bundle; between machines it holds where the file system passes locks to its server.</remarks>
public sealed class BundleLock : IDisposable
{
    private readonly FileLock _lock;

    private BundleLock(FileLock held, string bundle)
    {
        _lock = held;
        Bundle = bundle;
    }

    /// <summary>Full path of the bundle's folder, links resolved.</summary>
    internal string Bundle { get; }

    /// <summary>Takes the lock of a bundle.</summary>
    /// <param name="bundle">The bundle's folder, which need not exist.</param>
    /// <exception cref="LatentException">It is held, or the folder that the bundle is to lie in can't be written.</exception>
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

    /// <summary>Lets go of the lock.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Full path of a bundle's folder; where it is a link, of what that leads to.</summary>
    internal static string Resolve(string bundle)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle));
        return Directory.Exists(full) && Directory.ResolveLinkTarget(full, returnFinalTarget: true) is { } target
            ? Path.TrimEndingDirectorySeparator(target.FullName)
            : full;
    }
}
