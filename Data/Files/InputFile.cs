using Latent.Contracts;
using Latent.Contracts.Files;
using ZstdSharp;

namespace Latent.Data.Files;

/// <summary>Opens what is read: regular files, unpacked where they are compressed, and standard input.</summary>
internal static class InputFile
{
    /// <summary>Gets the name of an input in messages.</summary>
    public static string NameOf(string input) => input == "-" ? "standard input" : input;

    /// <summary>Gets a file's name without .gz or .zst at its end.</summary>
    public static string WithoutPacking(string path) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3]
        : path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) ? path[..^4]
        : path;

    /// <summary>Opens a file as it is.</summary>
    /// <exception cref="LatentException">The file doesn't exist, may not be read, or is not a regular file.</exception>
    public static FileStream Open(string path)
    {
        RequireRegular(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }

    /// <summary>Opens a file, or standard input, and unpacks it where its first bytes are those of gzip or Zstandard.</summary>
    /// <param name="path">A file, or "-" for standard input, which is taken as it is.</param>
    /// <param name="file">The file that the bytes are read from.</param>
    /// <exception cref="LatentException">The file doesn't exist, may not be read, or is not a regular file.</exception>
    public static Stream Unpack(string path, out Stream file)
    {
        if (path == "-")
            return file = Console.OpenStandardInput();
        var opened = Open(path);
        file = opened;
        try
        {
            Span<byte> start = stackalloc byte[4];
            var length = opened.ReadAtLeast(start, 4, throwOnEndOfStream: false);
            opened.Position = 0;
            start = start[..length];
            return start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? new GzipInput(opened, path)
                : IsZstandard(start) ? new DecompressionStream(opened, leaveOpen: false)
                : opened;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            opened.Dispose();
            throw FileError.CannotRead(path, e);
        }
    }

    /// <summary>Says that there is no file, and why that may be so of one that a folder lists.</summary>
    public static LatentException Missing(string path) =>
        new(
            path.Contains('\uFFFD')
                ? $"{path} does not exist under this name, which isn't UTF-8 on disk; it must be renamed."
                : $"{path} does not exist."
        );

    /// <summary>
    /// Refuses anything but a regular file before it is opened: a FIFO would wait for a writer, and a device never ends. Both have no
    /// length.
    /// </summary>
    /// <exception cref="LatentException">The file doesn't exist, is a folder, or has no length.</exception>
    public static void RequireRegular(string path)
    {
        try
        {
            var info = new FileInfo(path);
            // A plain file costs one system call, which counts in folders of many small images.
            if (!info.Exists)
            {
                throw Directory.Exists(path) ? new LatentException($"{path} is a folder, where a file is needed.") : Missing(path);
            }

            if (info.Attributes.HasFlag(FileAttributes.ReparsePoint) && info.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            {
                info = target as FileInfo ?? throw new LatentException($"{path} is a folder, where a file is needed.");
                if (!info.Exists)
                    throw new LatentException($"{path} does not exist.");
            }

            if (info.Length == 0)
                throw new LatentException($"{path} is empty, or no regular file; it must be a file with something in it.");
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }

    /// <summary>Tells whether an exception of the system, a stream or a decompressor means that something can't be read.</summary>
    public static bool IsRefusal(Exception e) => FileError.IsOfPath(e) || e is InvalidDataException or ZstdException;

    // A file may begin with a frame that is skipped.
    private static bool IsZstandard(ReadOnlySpan<byte> start) =>
        start.SequenceEqual((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || start is [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18];
}
