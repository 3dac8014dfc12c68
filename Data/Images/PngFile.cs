using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using SkiaSharp;

namespace Latent.Data.Images;

/// <summary>Writes images as PNG, for the whole library.</summary>
internal static class PngFile
{
    /// <summary>Encodes an image without transparency.</summary>
    /// <param name="pixels">Pixels row by row from the top; a fourth byte of a pixel is ignored.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="type">Type of a pixel: <see cref="SKColorType.Gray8"/>, which makes a grey file, or a type of four bytes.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Encode(byte[] pixels, int width, int height, SKColorType type)
    {
        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, height, type, SKAlphaType.Opaque), pixels);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>Encodes a model's row, grey or colour as the model is.</summary>
    /// <exception cref="ArgumentException">The row's length differs from the model's.</exception>
    public static byte[] Encode(ReadOnlySpan<float> row, ImageDescription image) =>
        image.Channels == 1
            ? Encode(Pixels(row, image, 1), image.Width, image.Height, SKColorType.Gray8)
            : Encode(Pixels(row, image, 4), image.Width, image.Height, SKColorType.Rgba8888);

    /// <summary>Writes a file; an existing one is replaced.</summary>
    /// <exception cref="LatentException">The file can't be written.</exception>
    public static void Write(string path, byte[] png)
    {
        try
        {
            File.WriteAllBytes(path, png);
        }
        catch (Exception e) when (FileError.IsOfPath(e))
        {
            throw FileError.CannotWrite(path, e);
        }
    }

    /// <summary>Gets the bytes of a model's row; values are rounded, and clipped to 0 and 255.</summary>
    /// <param name="row">Channels x height x width values, channel by channel.</param>
    /// <param name="image">The images that the model makes.</param>
    /// <param name="bytes">Bytes per pixel: 1 for grey, or 4, of which the last is 255.</param>
    /// <exception cref="ArgumentException">The row's length differs from the model's.</exception>
    public static byte[] Pixels(ReadOnlySpan<float> row, ImageDescription image, int bytes)
    {
        var size = image.Height * image.Width;
        if (row.Length != image.Channels * size)
            throw new ArgumentException($"The row has {row.Length} values; the image needs {image.Channels * size}.", nameof(row));
        var pixels = new byte[bytes * size];
        Array.Fill(pixels, (byte)255);
        for (var channel = 0; channel < Math.Min(bytes, 3); channel++)
        {
            var plane = row.Slice(image.Channels == 1 ? 0 : channel * size, size);
            for (var i = 0; i < size; i++)
                pixels[bytes * i + channel] = (byte)Math.Clamp(MathF.Round(plane[i]), 0, 255);
        }

        return pixels;
    }
}
