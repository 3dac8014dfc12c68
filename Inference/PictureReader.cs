using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Pictures;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>Makes a model's row out of a picture, exactly as the trainer did; see <see cref="PictureScaler"/>. Use one reader a thread.</summary>
/// <param name="image">What the model wants.</param>
public sealed class PictureReader(ImageDescription image)
{
    private readonly PictureScaler _scaler = new(image);

    /// <summary>Fills a row.</summary>
    /// <param name="picture">The picture, of any size; transparency is not looked at.</param>
    /// <param name="row">Channels x height x width values from 0 to 255.</param>
    /// <exception cref="LatentException">The picture's pixels can't be read.</exception>
    /// <exception cref="ArgumentException">The row's length isn't the model's.</exception>
    public void Read(MLImage picture, Span<float> row)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var red = picture.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => 2,
            MLPixelFormat.Rgba32 => 0,
            _ => throw new LatentException($"A picture has pixels of format {picture.PixelFormat}; it must be Bgra32 or Rgba32."),
        };
        _scaler.Fill(picture.Pixels, 4, red, picture.Width, picture.Height, row);
    }
}
