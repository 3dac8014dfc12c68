using System.Security.Cryptography;
using Latent.Contracts;

namespace Latent.Data.Files;

/// <summary>
/// A file or folder that appears under its name only when it is whole: it is written beside it under another name, then renamed. One process
/// at a time writes it; what killed ones left is removed.
/// </summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string _path;
    private readonly bool _isFolder;
    private readonly FileStream _lock;
    private bool _complete;

    public WholeFile(string path, bool isFolder)
    {
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _isFolder = isFolder;
        var parent = Path.GetDirectoryName(_path)
            ?? throw new LatentException($"{path} cannot be an output; it must be a {(isFolder ? "folder" : "file")} with a name of its own.");
        if (!isFolder && Directory.Exists(_path))
            throw new LatentException($"{path} is a folder; the output must be a file.");
        if (isFolder && (File.Exists(_path) || (Directory.Exists(_path) && Directory.EnumerateFileSystemEntries(_path).Any())))
            throw new LatentException($"{path} is there already and not an empty folder; choose another name, or empty it.");
        // Process numbers come again, in containers at once, and what a killed run left must not end in this output.
        TemporaryPath = Path.Combine(parent, $".{Path.GetFileName(_path)}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp");
        try
        {
            Directory.CreateDirectory(parent);
            _lock = Lock(parent, path);
            foreach (var left in Directory.EnumerateFileSystemEntries(parent, $".{Path.GetFileName(_path)}.????????????????.tmp"))
                Remove(left);
            if (isFolder)
                Directory.CreateDirectory(TemporaryPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new LatentException($"{path} cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Where it is written.</summary>
    public string TemporaryPath { get; }

    /// <summary>Gives it its name.</summary>
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

    private FileStream Lock(string parent, string path)
    {
        var name = Path.Combine(parent, $".{Path.GetFileName(_path)}.lock");
        try
        {
            return new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(name))
        {
            throw new LatentException($"{path} is being written by another run; one of them must have another output.", e);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It does not carry the output's name; whoever asked is told of the error that led here.
        }
    }
}
