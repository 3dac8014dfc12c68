using System.Security.Cryptography;
using System.Text;

namespace Latent.Contracts.Files;

/// <summary>
/// Writes a file or folder that appears under its name only when it is complete: it is written beside it under another name, then renamed.
/// Only one process at a time can write it; what killed processes left behind is removed.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly bool _isFolder;
    private readonly FileLock _lock;
    private bool _complete;

    /// <summary>Takes the target's lock and chooses the temporary name; makes the folder if the target is one.</summary>
    /// <exception cref="LatentException">
    /// The target exists already and is of the other kind, is being written, or cannot be written.
    /// </exception>
    public AtomicFile(string path, bool isFolder = false)
    {
        _isFolder = isFolder;
        (_path, var parent) = Place(path, isFolder);
        if (!isFolder && Directory.Exists(_path))
            throw new LatentException($"{path} is a folder; the output must be a file.");
        if (isFolder && (File.Exists(_path) || (Directory.Exists(_path) && Directory.EnumerateFileSystemEntries(_path).Any())))
            throw new LatentException($"{path} is there already and not an empty folder; choose another name, or empty it.");
        // Process numbers recur, in containers immediately, and what a killed run left must not end in this output.
        TemporaryPath = Path.Combine(parent, $".{Path.GetFileName(_path)}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp");
        try
        {
            Directory.CreateDirectory(parent);
            _lock = FileLock.Take(_path);
            foreach (var left in Directory.EnumerateFileSystemEntries(parent, $".{Path.GetFileName(_path)}.????????????????.tmp"))
                Remove(left);
            if (isFolder)
                Directory.CreateDirectory(TemporaryPath);
        }
        catch (IOException e) when (_lock is null && File.Exists(FileLock.PathFor(_path)))
        {
            throw IsHeld(path, e);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            _lock?.Dispose();
            throw FileError.CannotWrite(path, e);
        }
    }

    /// <summary>
    /// Takes the lock of a target that this process begins to write later, so that of two runs the second is refused at once.
    /// </summary>
    /// <returns>What releases the lock if the target was not begun by then.</returns>
    /// <exception cref="LatentException">The target is being written, or its folder cannot be written.</exception>
    public static IDisposable Reserve(string path)
    {
        var (target, parent) = Place(path, isFolder: false);
        try
        {
            Directory.CreateDirectory(parent);
            return FileLock.Reserve(target);
        }
        catch (IOException e) when (File.Exists(FileLock.PathFor(target)))
        {
            throw IsHeld(path, e);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(path, e);
        }
    }

    /// <summary>Gets the temporary path to which the target is written.</summary>
    public string TemporaryPath { get; }

    /// <summary>Writes text as UTF-8, as <see cref="Write"/> does.</summary>
    /// <exception cref="LatentException">
    /// The disk is full or the folder can't be written; an existing file of that name is unchanged.
    /// </exception>
    public static void WriteText(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file, and flushes its bytes to disk before it gets its name.</summary>
    /// <exception cref="LatentException">
    /// The disk is full or the folder can't be written; an existing file of that name is unchanged.
    /// </exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new AtomicFile(path);
        try
        {
            using (var stream = new FileStream(file.TemporaryPath, FileMode.Create, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            file.Complete();
        }
        catch (Exception e) when (FileError.IsOfPath(e))
        {
            throw FileError.CannotWrite(path, e);
        }
    }

    /// <summary>Gives the file or folder its final name.</summary>
    public void Complete()
    {
        if (_isFolder)
        {
            if (Directory.Exists(_path))
                Directory.Delete(_path);
            Directory.Move(TemporaryPath, _path);
        }
        else
        {
            File.Move(TemporaryPath, _path, overwrite: true);
        }

        _complete = true;
        _lock.Dispose();
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        if (!_complete)
            Remove(TemporaryPath);
        _lock.Dispose();
    }

    private static (string Path, string Parent) Place(string path, bool isFolder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!isFolder && IsSpecial(full))
            throw new LatentException($"{path} is a pipe or a device; the output must be a file.");
        return (
            full,
            Path.GetDirectoryName(full)
                ?? throw new LatentException(
                    $"{path} cannot be an output; it must be a {(isFolder ? "folder" : "file")} with a name of its own."
                )
        );
    }

    // Neither can be replaced by what is written beside it. Opened for both, a pipe doesn't wait for its other end.
    private static bool IsSpecial(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            return false;
        if (Path.GetDirectoryName(path) == "/dev")
            return true;
        try
        {
            if (new FileInfo(path) is { Length: > 0, LinkTarget: null })
                return false;
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            return !file.CanSeek;
        }
        catch (Exception e) when (FileError.Is(e))
        {
            return false;
        }
    }

    private static LatentException IsHeld(string path, IOException e) =>
        new($"{path} is being written by another run; one of them must have another output.", e);

    private static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            // It does not carry the output's name, and the error that led here is reported already.
        }
    }
}
