using System.IO.Compression;
using Latent.Contracts.Files;
using ZstdSharp;

namespace Latent.Data.Files;

/// <summary>Represents a stream to a file that appears under its name only when it is complete, or to standard output.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly AtomicFile? _whole;

    /// <summary>Opens the output.</summary>
    /// <param name="path">
    /// A file, compressed if <paramref name="pack"/> is set and its name ends in .gz or .zst, or "-" for standard output.
    /// </param>
    /// <param name="bufferSize">Number of bytes that the stream collects before it writes; 1 or less for none.</param>
    /// <param name="pack">Whether the name's ending chooses a compression.</param>
    /// <exception cref="Contracts.LatentException">The file is being written by another run, or cannot be written.</exception>
    public OutputFile(string path, int bufferSize = 1 << 16, bool pack = false)
    {
        if (path == "-")
        {
            Stream = Console.OpenStandardOutput();
            return;
        }

        _whole = new AtomicFile(path);
        var file = new FileStream(_whole.TemporaryPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize);
        Stream =
            pack && path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Fastest)
            : pack && path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) ? new CompressionStream(file, leaveOpen: false)
            : file;
    }

    /// <summary>Gets the stream to write to.</summary>
    public Stream Stream { get; }

    /// <summary>Gets whether the bytes go to standard output.</summary>
    public bool IsStandardOutput => _whole is null;

    /// <summary>Ends the stream and gives the file its name.</summary>
    public void Complete()
    {
        Stream.Dispose();
        _whole?.Complete();
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // A full disk also fails the last flush; the error that led here is reported already.
        }

        _whole?.Dispose();
    }
}
