namespace Latent.Contracts.Files;

/// <summary>Reads files that are small by what they are, such as a manifest, whatever lies under their name.</summary>
internal static class SmallFile
{
    /// <summary>Bytes that a recipe or a manifest may have.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>Gives the length of a file, or of what a link leads to; 0 also of pipes and devices, which must not be opened.</summary>
    /// <exception cref="IOException">There is no such file, or links go round in a circle.</exception>
    public static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.ResolveLinkTarget(returnFinalTarget: true) is { } target ? new FileInfo(target.FullName).Length : file.Length;
    }

    /// <summary>Reads the text of a regular file.</summary>
    /// <exception cref="LatentException">It can't be read, is empty or no regular file, or has more than <see cref="MostBytes"/>.</exception>
    public static string ReadText(string path)
    {
        try
        {
            var length = Length(path);
            if (length == 0)
                throw new LatentException($"{path} is empty, or no regular file.");
            if (length > MostBytes)
                throw new LatentException($"{path} has {length} bytes, more than the {MostBytes} that such a file may have.");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (FileError.IsOfPath(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }
}
