using Latent.Contracts;

namespace Latent.Trainer.Checkpoints;

/// <summary>
/// Where a run keeps its recipe, log and checkpoints until its bundle is in place: the hidden folder .NAME.run beside the bundle's.
/// One process at a time holds it; a process that dies lets go of it.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private readonly FileStream _lock;

    private RunFolder(string path, FileStream theLock)
    {
        Path = path;
        _lock = theLock;
        Checkpoints = new CheckpointStore(path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The run's recipe as resolved.</summary>
    public string RecipePath => System.IO.Path.Combine(Path, "recipe.json");

    /// <summary>One line an epoch.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "training.jsonl");

    /// <summary>The run's checkpoints.</summary>
    public CheckpointStore Checkpoints { get; }

    /// <summary>The folder of the unfinished run of a bundle.</summary>
    public static string PathFor(string bundle)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(bundle));
        return System.IO.Path.Combine(System.IO.Path.GetDirectoryName(full) ?? full, $".{System.IO.Path.GetFileName(full)}.run");
    }

    /// <summary>Takes hold of a bundle's run folder, making it where it is missing.</summary>
    /// <exception cref="LatentException">It can't be written, or another process holds it.</exception>
    public static RunFolder Open(string bundle)
    {
        var path = PathFor(bundle);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"The output folder {path} can't be made: {e.Message.TrimEnd('.')}.", e);
        }

        try
        {
            return new RunFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LatentException($"The output folder {path} can't be written: {e.Message.TrimEnd('.')}.", e);
        }
        catch (IOException e)
        {
            throw new LatentException($"Another run holds {path}, or it can't be written ({e.Message.TrimEnd('.')}); wait for it or choose another --out.", e);
        }
    }

    /// <summary>Removes what an earlier run left.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(Path).Where(file => file != _lock.Name))
            File.Delete(file);
    }

    /// <summary>Removes the folder: the bundle is in place.</summary>
    public void Remove()
    {
        _lock.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>Lets go of the folder; one that nothing was written into goes.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).All(entry => entry == _lock.Name))
            Directory.Delete(Path, recursive: true);
    }
}
