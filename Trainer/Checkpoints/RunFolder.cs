using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;

namespace Latent.Trainer.Checkpoints;

/// <summary>
/// Represents the folder of a run's recipe, log and checkpoints until its bundle is in place: the hidden folder .NAME.run beside the
/// bundle's. While it is open, the bundle's lock is held.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private RunFolder(string path, BundleLock held)
    {
        Path = path;
        Lock = held;
        Checkpoints = new CheckpointStore(path);
    }

    /// <summary>Gets the path of the folder.</summary>
    public string Path { get; }

    /// <summary>Gets the bundle's lock.</summary>
    public BundleLock Lock { get; }

    /// <summary>Gets the path of the run's recipe as resolved.</summary>
    public string RecipePath => System.IO.Path.Combine(Path, "recipe.json");

    /// <summary>Gets the path of the log, with one line of JSON per epoch.</summary>
    public string LogPath => System.IO.Path.Combine(Path, BundleFile.NameOf(BundleRole.Log));

    /// <summary>Gets the run's checkpoints.</summary>
    public CheckpointStore Checkpoints { get; }

    /// <summary>Gets the path of the folder of a bundle's unfinished run.</summary>
    public static string PathFor(string bundle)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(bundle));
        return System.IO.Path.Combine(System.IO.Path.GetDirectoryName(full) ?? full, $".{System.IO.Path.GetFileName(full)}.run");
    }

    /// <summary>Takes the bundle's lock and opens its run folder, making it where it is missing.</summary>
    /// <exception cref="LatentException">The folder can't be written, or another run holds the lock.</exception>
    public static RunFolder Open(string bundle)
    {
        var held = BundleLock.Take(bundle);
        var path = PathFor(bundle);
        try
        {
            Directory.CreateDirectory(path);
            return new RunFolder(path, held);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            held.Dispose();
            throw new LatentException($"The output folder {path} can't be made: {FileError.Reason(e)}.", e);
        }
    }

    /// <summary>Removes what an earlier run left behind.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(Path))
            File.Delete(file);
    }

    /// <summary>Removes the folder once the bundle is in place.</summary>
    public void Remove() => Directory.Delete(Path, recursive: true);

    /// <summary>Releases the folder, and deletes it if nothing was written into it.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path) && !Directory.EnumerateFileSystemEntries(Path).Any())
            Directory.Delete(Path);
        Lock.Dispose();
    }
}
