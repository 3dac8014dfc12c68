using Latent.Contracts.Bundles;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>Makes pictures out of a model's rows.</summary>
public static class PictureWriter
{
    /// <summary>A picture of a row; values are rounded, and clipped to 0 and 255.</summary>
    /// <param name="row">Channels x height x width values, channel by channel.</param>
    /// <param name="image">What the model makes.</param>
    /// <returns>A picture of the model's size, grey or colour.</returns>
    /// <exception cref="ArgumentException">The row's length isn't the model's.</exception>
    public static MLImage ToImage(ReadOnlySpan<float> row, ImageDescription image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var size = image.Height * image.Width;
        if (row.Length != image.Channels * size)
            throw new ArgumentException($"The row has {row.Length} values; the picture needs {image.Channels * size}.", nameof(row));
        var pixels = new byte[4 * size];
        for (var i = 0; i < size; i++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var value = row[(image.Channels == 1 ? 0 : channel * size) + i];
                pixels[4 * i + channel] = (byte)Math.Clamp(MathF.Round(value), 0, 255);
            }
            pixels[4 * i + 3] = 255;
        }
        return MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Rgba32, pixels);
    }
}
