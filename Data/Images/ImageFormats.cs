using Latent.Data.Files;

namespace Latent.Data.Images;

/// <summary>Recognizes the supported image formats by their names' endings and by their first bytes.</summary>
internal static class ImageFormats
{
    /// <summary>The endings, with their dots, of files that are expected to be images.</summary>
    public static readonly IReadOnlyList<string> Extensions =
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".webp",
        ".gif",
        ".bmp",
        ".pgm",
        ".ppm",
        ".pbm",
        ".pnm",
    ];

    public static bool HasExtension(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Tells whether a file begins as an image does; false if it can't be read.</summary>
    public static bool BeginsAsImage(string path)
    {
        try
        {
            using var file = InputFile.Open(path);
            Span<byte> bytes = stackalloc byte[12];
            bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
            return bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G'])
                || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
                || bytes.StartsWith("GIF8"u8)
                || PnmReader.IsPnm(bytes)
                || (bytes.StartsWith("RIFF"u8) && bytes.EndsWith("WEBP"u8))
                || (bytes.StartsWith("BM"u8) && bytes.Length == 12);
        }
        catch (Exception e) when (e is Contracts.LatentException || InputFile.IsRefusal(e))
        {
            return false;
        }
    }
}
