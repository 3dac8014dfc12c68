using System.Security.Cryptography;

namespace Latent.Contracts.Bundles;

/// <summary>Is held by whoever writes a bundle, or trains what is to become one: one at a time.</summary>
/// <remarks>
/// The hidden file .NAME.lock beside the bundle, open for writing and shared with none: .NET asks for that with flock on Linux and macOS, and
/// with the share mode on Windows. It is let go of however the process ends, and process numbers mean nothing to it, so that containers which
/// share a volume of one machine keep each other out. Between machines it holds where the file system passes locks to its server: NFS 4, NFS 3
/// with its lock manager, SMB and most cluster file systems do. A mount with nolock or local_lock=flock, or a file system without locks, keeps
/// only the processes of one machine apart, or none.
/// </remarks>
public sealed class BundleLock : IDisposable
{
    private readonly FileStream _file;

    private BundleLock(FileStream file, string bundle)
    {
        _file = file;
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
        var path = Path.Combine(parent, $".{name}.lock");
        try
        {
            Directory.CreateDirectory(parent);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"The bundle {bundle} cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
        while (true)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new LatentException($"The bundle {bundle} cannot be written: {e.Message.TrimEnd('.')}.", e);
            }
            catch (IOException e)
            {
                throw new LatentException(
                    $"Another run holds {bundle}, or {path} can't be written ({e.Message.TrimEnd('.')}); wait for it or choose another --out.", e);
            }
            if (IsThere(file, path))
                return new BundleLock(file, full);
            file.Dispose();
        }
    }

    /// <summary>Lets go of the lock.</summary>
    public void Dispose()
    {
        // Elsewhere an open file can be deleted, and must be: once closed, the name may be that of the next one's lock.
        if (!OperatingSystem.IsWindows())
            TryDelete(_file.Name);
        _file.Dispose();
        if (OperatingSystem.IsWindows())
            TryDelete(_file.Name);
    }

    /// <summary>Full path of a bundle's folder; where it is a link, of what that leads to.</summary>
    internal static string Resolve(string bundle)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle));
        return Directory.Exists(full) && Directory.ResolveLinkTarget(full, returnFinalTarget: true) is { } target
            ? Path.TrimEndingDirectorySeparator(target.FullName)
            : full;
    }

    // The one before may have deleted the file between our opening and our locking it: then a third has made another of that name. A length
    // drawn at random tells whether the name is still this file's.
    private static bool IsThere(FileStream file, string path)
    {
        var length = RandomNumberGenerator.GetInt32(1, 1 << 16);
        file.SetLength(length);
        return new FileInfo(path) is { Exists: true } found && found.Length == length;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that is left is taken by the next one.
        }
    }
}
