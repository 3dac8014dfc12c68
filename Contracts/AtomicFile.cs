using System.Text;

namespace Latent.Contracts;

/// <summary>Writes files whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes text as UTF-8, as <see cref="Write"/> does.</summary>
    /// <exception cref="LatentException">The disk is full or the folder can't be written; a file of that name is as it was.</exception>
    public static void WriteText(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes under a temporary name, brings the bytes to disk, and renames.</summary>
    /// <exception cref="LatentException">The disk is full or the folder can't be written; a file of that name is as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            TryDelete(temporary);
            throw new LatentException($"{path} could not be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            // The next write of the same file replaces it.
        }
    }

    // .NET throws an ArgumentException also of a file that would outgrow a limit of the system or of the process.
    private static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
