namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>Encodes a picture in the format that its file's extension names.</summary>
internal static class ImageEncoder
{
    public static byte[] Encode(RawImage image, string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        // The package saves with the best quality, too.
        ".jpg" or ".jpeg" => JpegEncoder.Encode(image, quality: 100),
        ".png" => PngEncoder.Encode(image),
        ".bmp" => BmpEncoder.Encode(image),
        ".pgm" => PnmEncoder.EncodePgm(image),
        ".ppm" => PnmEncoder.EncodePpm(image),
        _ => throw new ImageFormatException(
            $"{path}: a picture can't be saved under this extension; it must be .png, .jpg, .jpeg, .bmp, .pgm or .ppm."),
    };
}
