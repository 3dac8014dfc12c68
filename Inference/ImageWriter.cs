using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Data.Images;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>Makes images out of a model's rows.</summary>
public static class ImageWriter
{
    /// <summary>Makes an image of a row; values are rounded, and clipped to 0 and 255.</summary>
    /// <param name="row">Channels x height x width values, channel by channel.</param>
    /// <param name="image">The images that the model makes.</param>
    /// <returns>An image of the model's size, grey or colour.</returns>
    /// <exception cref="ArgumentException">The row's length differs from the model's.</exception>
    public static MLImage ToImage(ReadOnlySpan<float> row, ImageDescription image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Rgba32, PngFile.Pixels(row, image, 4));
    }

    /// <summary>Makes a PNG file of a row, grey or colour as the model is; values are rounded, and clipped to 0 and 255.</summary>
    /// <param name="row">Channels x height x width values, channel by channel.</param>
    /// <param name="image">The images that the model makes.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ArgumentException">The row's length differs from the model's.</exception>
    public static byte[] ToPng(ReadOnlySpan<float> row, ImageDescription image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PngFile.Encode(row, image);
    }

    /// <summary>Saves a row as a PNG file; see <see cref="ToPng"/>.</summary>
    /// <param name="row">Channels x height x width values, channel by channel.</param>
    /// <param name="image">The images that the model makes.</param>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <exception cref="LatentException">The file can't be written.</exception>
    /// <exception cref="ArgumentException">The row's length differs from the model's.</exception>
    public static void SavePng(ReadOnlySpan<float> row, ImageDescription image, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        PngFile.Write(path, ToPng(row, image));
    }
}
