namespace Latent.Contracts.Files;

/// <summary>Recognizes exceptions about files, and describes them in one sentence.</summary>
internal static class FileError
{
    /// <summary>Tells whether an exception means that a file or folder can't be accessed.</summary>
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>
    /// Tells the same for opening a path: .NET throws other types for an invalid path, and for a file above a limit of the system.
    /// </summary>
    public static bool IsOfPath(Exception e) => Is(e) || e is ArgumentException or NotSupportedException;

    /// <summary>Makes the exception for a file that can't be read.</summary>
    public static LatentException CannotRead(string path, Exception e) => new($"{path} cannot be read: {Reason(e)}.", e);

    /// <summary>Makes the exception for a file or folder that can't be written.</summary>
    public static LatentException CannotWrite(string path, Exception e) => new($"{path} cannot be written: {Reason(e)}.", e);

    /// <summary>Gets the first line of a message as a part of a sentence.</summary>
    public static string Reason(Exception e) =>
        e switch
        {
            FileNotFoundException => "there is no such file",
            DirectoryNotFoundException => "there is no such folder",
            _ => e.Message.Split('\n')[0].Trim().TrimEnd('.'),
        };
}
