using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Latent.Contracts.Files;

/// <summary>Keeps other processes from writing a file or folder at the same time.</summary>
/// <remarks>
/// The lock is the hidden file .NAME.lock beside the target, open for writing and not shared: .NET asks for that with flock on Linux and
/// macOS, and with the share mode on Windows. It is released however the process ends, and process numbers mean nothing to it, so that
/// containers which share a volume of one machine keep each other out. Between machines it holds where the file system passes locks to its
/// server: NFS 4, NFS 3 with its lock manager, SMB and most cluster file systems do. A mount with nolock or local_lock=flock, or a file
/// system without locks, keeps only the processes of one machine apart, or none.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private const int MaxAttempts = 100;
    private static readonly ConcurrentDictionary<string, FileLock> s_reserved = new(StringComparer.Ordinal);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Gets the path of a target's lock file.</summary>
    public static string PathFor(string target) => Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.lock");

    /// <summary>Takes the lock of a target in an existing folder.</summary>
    /// <param name="target">Full path of the file or folder that is to be written.</param>
    /// <exception cref="IOException">The lock is held, or its file can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public static FileLock Take(string target)
    {
        var path = PathFor(target);
        if (s_reserved.TryRemove(path, out var reserved))
            return reserved;
        for (var attempt = 1; ; attempt++)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (attempt < MaxAttempts && !File.Exists(path))
            {
                // The former holder has released and deleted it since.
                continue;
            }

            if (IsThere(file, path))
                return new FileLock(file);
            file.Dispose();
        }
    }

    /// <summary>Takes the lock of a target for the next <see cref="Take"/> of this process, which may be much later.</summary>
    /// <returns>What releases the lock if it was not taken over by then.</returns>
    /// <inheritdoc cref="Take" path="/param|/exception"/>
    public static IDisposable Reserve(string target)
    {
        var held = Take(target);
        s_reserved[held._file.Name] = held;
        return new Reservation(held);
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        // On other systems an open file can be deleted, and must be: once closed, the name may belong to the next lock.
        if (!OperatingSystem.IsWindows())
            TryDelete(_file.Name);
        _file.Dispose();
        if (OperatingSystem.IsWindows())
            TryDelete(_file.Name);
    }

    // The former holder may have deleted the file between our opening and locking it, and a third process have made another. A length drawn
    // at random tells whether the name is still this file's.
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
        catch (Exception e) when (FileError.Is(e))
        {
            // The next process takes over a file that is left behind.
        }
    }

    private sealed class Reservation(FileLock held) : IDisposable
    {
        public void Dispose()
        {
            if (s_reserved.TryRemove(KeyValuePair.Create(held._file.Name, held)))
                held.Dispose();
        }
    }
}
