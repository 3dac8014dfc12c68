using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Latent.Contracts.Files;

namespace Latent.Contracts.Bundles;

/// <summary>
/// Writes a bundle completely or not at all: files go into a hidden sibling folder, which takes the bundle's name when everything is on
/// disk. A bundle of that name stays in place until then; files in its folder that its manifest does not list are kept.
/// </summary>
/// <remarks>
/// A portable program can only rename twice (the old one away, the new one in), so a kill between the two leaves the old bundle under its
/// hidden name; the next <see cref="Begin(string)"/> brings it back.
/// </remarks>
public sealed partial class BundleWriter : IDisposable
{
    private const string Temporary = ".tmp";
    private const string Former = ".old";
    private readonly string _destination;
    private readonly string _stem;
    private readonly BundleLock? _ownLock;
    private bool _complete;

    private BundleWriter(string destination, string stem, BundleLock? ownLock)
    {
        _destination = destination;
        _stem = stem;
        _ownLock = ownLock;
    }

    /// <summary>Gets the folder into which the bundle's files are to be written.</summary>
    public string Folder => _stem + Temporary;

    /// <summary>Takes the bundle's lock and makes the temporary folder, after removing what interrupted processes left behind.</summary>
    /// <param name="destination">The future folder of the bundle: absent, empty, or a bundle that is to be replaced.</param>
    /// <exception cref="LatentException">
    /// The destination is not a bundle, is being written by another process, or can't be written.
    /// </exception>
    public static BundleWriter Begin(string destination)
    {
        RefuseForeign(BundleLock.Resolve(destination), destination);
        var taken = BundleLock.Take(destination);
        try
        {
            return Begin(destination, taken, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes the temporary folder as <see cref="Begin(string)"/> does, for a caller that holds the bundle's lock already.
    /// </summary>
    /// <param name="destination">The future folder of the bundle: absent, empty, or a bundle that is to be replaced.</param>
    /// <param name="held">The bundle's lock, which the caller keeps and releases.</param>
    /// <exception cref="LatentException">The destination is not a bundle, or can't be written.</exception>
    public static BundleWriter Begin(string destination, BundleLock held) => Begin(destination, held, ownLock: null);

    /// <summary>Writes the manifest, flushes everything to disk and gives the bundle its name.</summary>
    /// <param name="manifest">The manifest; its list of files is made here from the contents of <see cref="Folder"/>.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="LatentException">
    /// The disk is full, or the destination is no longer free or a bundle; it is left unchanged.
    /// </exception>
    public BundleManifest Complete(BundleManifest manifest)
    {
        try
        {
            manifest = manifest with { Files = [.. BundleFolder.Paths(Folder).Select(path => BundleFolder.Describe(Folder, path))] };
            ManifestFile.Write(manifest, Folder);
            foreach (var path in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
            {
                using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
                stream.Flush(flushToDisk: true);
            }

            RefuseForeign(_destination, _destination);
            Swap();
            _complete = true;
            return manifest;
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite($"The bundle {_destination}", e);
        }
    }

    /// <summary>Removes the temporary folder of a bundle that was not completed.</summary>
    public void Dispose()
    {
        if (!_complete)
            TryDelete(Folder);
        _ownLock?.Dispose();
    }

    private static BundleWriter Begin(string destination, BundleLock held, BundleLock? ownLock)
    {
        var full = held.Bundle;
        var (parent, name) = (Path.GetDirectoryName(full)!, Path.GetFileName(full));
        try
        {
            ClearStale(full, parent, name);
            RefuseForeign(full, destination);
            var stem = Path.Combine(parent, $".{name}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
            var writer = new BundleWriter(full, stem, ownLock);
            Directory.CreateDirectory(writer.Folder);
            return writer;
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite($"The bundle {destination}", e);
        }
    }

    private void Swap()
    {
        if (!Directory.Exists(_destination))
        {
            Directory.Move(Folder, _destination);
            return;
        }

        var former = _stem + Former;
        Directory.Move(_destination, former);
        try
        {
            Directory.Move(Folder, _destination);
        }
        catch
        {
            Directory.Move(former, _destination);
            throw;
        }

        Retire(former, _destination);
    }

    /// <summary>Deletes a former bundle, once files in its folder that are not the bundle's have been moved over.</summary>
    private static void Retire(string former, string destination)
    {
        try
        {
            foreach (var path in BundleFolder.Paths(former).Except(ManifestFile.Read(former).Files.Select(file => file.Path)))
            {
                var kept = Path.Combine(destination, path);
                if (File.Exists(kept))
                    continue;
                Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
                File.Move(Path.Combine(former, path), kept);
            }
        }
        catch (LatentException)
        {
            // A manifest that can't be read doesn't say which files are not the bundle's.
        }
        catch (Exception e) when (FileError.Is(e))
        {
            // A file that can't be moved stays under the hidden name; the next Begin tries again.
            return;
        }

        TryDelete(former);
    }

    private static void RefuseForeign(string full, string destination)
    {
        if (File.Exists(full))
            throw new LatentException($"{destination} is a file; a bundle needs a folder, so choose another name or move the file away.");
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any() && !IsBundle(full))
        {
            throw new LatentException(
                $"{destination} is a folder that something else owns: it is not empty and holds no bundle, so choose another name or empty it."
            );
        }
    }

    private static bool IsBundle(string folder)
    {
        var manifest = Path.Combine(folder, ManifestFile.Name);
        return File.Exists(manifest)
            && SmallFile.Length(manifest) is > 0 and <= SmallFile.MaxBytes
            && File.ReadAllText(manifest) is { } text
            && text.Contains("\"schemaVersion\"", StringComparison.Ordinal)
            && text.Contains("\"latentDimension\"", StringComparison.Ordinal);
    }

    /// <summary>Removes what interrupted writers left behind; while the lock is held, no other writer is running.</summary>
    private static void ClearStale(string full, string parent, string name)
    {
        foreach (var folder in Directory.GetDirectories(parent, $".{name}.*"))
        {
            var hidden = Path.GetFileName(folder);
            if (!hidden.StartsWith($".{name}.", StringComparison.Ordinal) || !TemporaryName().IsMatch(hidden[(name.Length + 2)..]))
                continue;
            if (Path.GetExtension(folder) == Temporary)
                TryDelete(folder);
            else if (!Directory.Exists(full))
                Directory.Move(folder, full);
            else
                Retire(folder, full);
        }
    }

    // Before there was a lock, the name had the machine, the process and its start before the random number.
    [GeneratedRegex(@"^([A-Za-z0-9]*-\d+-\d+-)?[0-9a-f]{8}\.(tmp|old)\z")]
    private static partial Regex TemporaryName();

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            // Hidden: the next Begin tries again.
        }
    }
}
