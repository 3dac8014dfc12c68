namespace Latent.Contracts.Files;

/// <summary>Reads files that are small by nature, such as a manifest, and refuses anything else under their name.</summary>
internal static class SmallFile
{
    /// <summary>The largest size of a recipe or a manifest, in bytes.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>
    /// Gets the length in bytes of a file, or of a link's target; 0 also for pipes and devices, which must not be opened.
    /// </summary>
    /// <exception cref="IOException">There is no such file, or links form a circle.</exception>
    public static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) is { } target ? new FileInfo(target.FullName).Length : file.Length;
    }

    /// <summary>Reads the text of a regular file.</summary>
    /// <exception cref="LatentException">
    /// The file can't be read, is empty or not a regular file, or has more than <see cref="MaxBytes"/>.
    /// </exception>
    public static string ReadText(string path)
    {
        try
        {
            var length = Length(path);
            if (length == 0)
                throw new LatentException($"{path} is empty, or no regular file.");
            if (length > MaxBytes)
                throw new LatentException($"{path} has {length} bytes, more than the {MaxBytes} that such a file may have.");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (FileError.IsOfPath(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }
}
