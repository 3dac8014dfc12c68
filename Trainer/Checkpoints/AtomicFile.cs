using Latent.Contracts;

namespace Latent.Trainer.Checkpoints;

/// <summary>Writes files whole or not at all.</summary>
internal static class AtomicFile
{
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // .NET says so of a file that would outgrow a limit of the system or of the process.
            try
            {
                File.Delete(temporary);
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                // The next write of the same file replaces it.
            }

            throw new LatentException($"{path} could not be written: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
