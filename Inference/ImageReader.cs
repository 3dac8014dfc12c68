using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Data.Images;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>
/// Makes a model's row out of an image, exactly as the trainer did; see <see cref="ImageScaler"/>. Use one reader per thread.
/// </summary>
/// <param name="image">The images that the model takes.</param>
public sealed class ImageReader(ImageDescription image)
{
    private readonly ImageScaler _scaler = new(image);
    private readonly ImageDecoder _decoder = new(background: image.Background);
    private byte[] _plain = [];

    /// <summary>Fills a row from a file; see <see cref="ImageFile"/> for what can be read.</summary>
    /// <param name="path">
    /// The file, an image of any size; rotated by its EXIF orientation, and composited over the background if it is transparent.
    /// </param>
    /// <param name="row">Channels x height x width values from 0 to 255.</param>
    /// <exception cref="LatentException">
    /// The file can't be read, is not an image, is damaged or has more than 100,000,000 pixels.
    /// </exception>
    /// <exception cref="ArgumentException">The row's length differs from the model's.</exception>
    public void Read(string path, Span<float> row)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            var picture = _decoder.Decode(path);
            _scaler.Fill(picture.Pixels, red: 0, picture.Width, picture.Height, row);
        }
        finally
        {
            _decoder.Release();
        }
    }

    /// <summary>
    /// Fills a row from an image in memory, composited over the background if it is transparent, as files are. ML.NET and SkiaSharp hold
    /// colours multiplied by alpha.
    /// </summary>
    /// <param name="picture">The image, of any size.</param>
    /// <param name="row">Channels x height x width values from 0 to 255.</param>
    /// <exception cref="LatentException">The image's pixels can't be read.</exception>
    /// <exception cref="ArgumentException">The row's length differs from the model's.</exception>
    public void Read(MLImage picture, Span<float> row)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var red = picture.PixelFormat switch
        {
            MLPixelFormat.Bgra32 => 2,
            MLPixelFormat.Rgba32 => 0,
            _ => throw new LatentException($"An image has pixels of format {picture.PixelFormat}; it must be Bgra32 or Rgba32."),
        };
        _scaler.Fill(OverBackground(picture.Pixels), red, picture.Width, picture.Height, row);
    }

    private ReadOnlySpan<byte> OverBackground(ReadOnlySpan<byte> pixels)
    {
        var opaque = 255;
        for (var i = 3; i < pixels.Length; i += 4)
            opaque &= pixels[i];
        if (opaque == 255)
            return pixels;
        var white = image.Background == BackgroundKind.White;
        if (_plain.Length < pixels.Length)
            _plain = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            _plain[i] = white ? (byte)Math.Min(255, pixels[i] + 255 - pixels[i | 3]) : pixels[i];
        return _plain.AsSpan(0, pixels.Length);
    }
}
