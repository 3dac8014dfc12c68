using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Pictures;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Latent;

/// <summary>Makes pictures out of a model's rows.</summary>
public static class PictureWriter
{
    /// <summary>Makes a picture of a row; values are rounded, and clipped to 0 and 255.</summary>
    /// <param name="row">Channels x height x width values, channel by channel.</param>
    /// <param name="image">What the model makes.</param>
    /// <returns>A picture of the model's size, grey or colour.</returns>
    /// <exception cref="ArgumentException">The row's length isn't the model's.</exception>
    public static MLImage ToImage(ReadOnlySpan<float> row, ImageDescription image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Rgba32, Pixels(row, image, 4));
    }

    /// <summary>Makes a PNG file of a row, grey or colour as the model is; values are rounded, and clipped to 0 and 255.</summary>
    /// <param name="row">Channels x height x width values, channel by channel.</param>
    /// <param name="image">What the model makes.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ArgumentException">The row's length isn't the model's.</exception>
    public static byte[] ToPng(ReadOnlySpan<float> row, ImageDescription image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var grey = image.Channels == 1;
        return PngFile.Encode(Pixels(row, image, grey ? 1 : 4), image.Width, image.Height, grey ? SKColorType.Gray8 : SKColorType.Rgba8888);
    }

    /// <summary>Saves a row as a PNG file; see <see cref="ToPng"/>.</summary>
    /// <param name="row">Channels x height x width values, channel by channel.</param>
    /// <param name="image">What the model makes.</param>
    /// <param name="path">Where; a file of that name is replaced.</param>
    /// <exception cref="LatentException">The file can't be written.</exception>
    /// <exception cref="ArgumentException">The row's length isn't the model's.</exception>
    public static void SavePng(ReadOnlySpan<float> row, ImageDescription image, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        PngFile.Write(path, ToPng(row, image));
    }

    private static byte[] Pixels(ReadOnlySpan<float> row, ImageDescription image, int bytes)
    {
        var size = image.Height * image.Width;
        if (row.Length != image.Channels * size)
            throw new ArgumentException($"The row has {row.Length} values; the picture needs {image.Channels * size}.", nameof(row));
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
