using Latent.Contracts;
using Latent.Data.Images;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>
/// Loads images from files: PNG, JPEG, WebP, GIF (its first frame), BMP and PNM (PBM, PGM, PPM). The format is recognized by the file's
/// content.
/// </summary>
public static class ImageFile
{
    /// <summary>Gets the endings, with their dots, of files that are expected to be images; case doesn't matter.</summary>
    public static IReadOnlyList<string> Extensions => ImageFormats.Extensions;

    /// <summary>Tells whether a file is an image by its name's ending.</summary>
    /// <param name="path">The file, which isn't opened.</param>
    /// <returns>Whether the name ends in one of <see cref="Extensions"/>.</returns>
    public static bool IsImage(string path) => ImageFormats.HasExtension(path);

    /// <summary>
    /// Loads an image for a column of images. Unlike <see cref="MLImage.CreateFromFile"/> it reads PNM too, refuses a file that is cut
    /// short, rotates the image by its EXIF orientation, and composites it over white if it is transparent, as in training on a folder.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The image, opaque, with its path as <see cref="MLImage.Tag"/>; the caller disposes it.</returns>
    /// <exception cref="LatentException">
    /// The file can't be read, is not an image, is damaged or has more than 100,000,000 pixels.
    /// </exception>
    public static MLImage Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var decoder = new ImageDecoder();
        try
        {
            var picture = decoder.Decode(path);
            var image = MLImage.CreateFromPixels(picture.Width, picture.Height, MLPixelFormat.Rgba32, picture.Pixels);
            image.Tag = path;
            return image;
        }
        finally
        {
            decoder.Release();
        }
    }
}
