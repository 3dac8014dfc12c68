using Latent.Contracts;
using SkiaSharp;

namespace Latent.Inference.Pictures;

/// <summary>Writes pictures as PNG, the only place that does.</summary>
internal static class PngFile
{
    /// <summary>Encodes a picture without transparency.</summary>
    /// <param name="pixels">Row by row from the top; a fourth byte of a pixel is not looked at.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="type">What a pixel is: <see cref="SKColorType.Gray8"/>, which makes a grey file, or a type of four bytes.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Encode(byte[] pixels, int width, int height, SKColorType type)
    {
        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, height, type, SKAlphaType.Opaque), pixels);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>Writes a file; one of that name is replaced.</summary>
    /// <exception cref="LatentException">The file can't be written.</exception>
    public static void Write(string path, byte[] png)
    {
        try
        {
            File.WriteAllBytes(path, png);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new LatentException($"{path} could not be written: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
