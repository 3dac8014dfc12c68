using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Data.Images;
using Latent.Trainer.Augmentation;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>Represents the PSNR of a picture with noise, denoised by the model, and by the median of nine pixels.</summary>
/// <param name="File">The picture's file, relative to its folder.</param>
/// <param name="Image">Its size.</param>
/// <param name="Noisy">In dB.</param>
/// <param name="Denoised">In dB.</param>
/// <param name="Median">In dB.</param>
internal sealed record PictureQuality(string File, ImageDescription Image, double Noisy, double Denoised, double Median)
{
    private const double White = 255;

    /// <summary>Adds the recipe's noise to the pictures of a folder, each in its own size, and denoises them.</summary>
    /// <param name="bundle">The folder of a denoiser's bundle.</param>
    /// <param name="pictures">A folder of pictures, with its subfolders.</param>
    /// <param name="skip">Is told the file of a picture that can't be read, and why.</param>
    /// <exception cref="LatentException">There is no picture, or the bundle can't be loaded.</exception>
    public static IEnumerable<PictureQuality> Of(string bundle, string pictures, Action<string, string> skip)
    {
        var folder = ImageSource.Find(pictures);
        using var loaded = LatentBundle.Load(bundle);
        using var denoiser = new ImageDenoiser(loaded);
        var recipe = loaded.Manifest.Recipe;
        var decoder = new ImageDecoder(recipe.Data.MaxPixels, loaded.Manifest.Input.Image!.Background);
        foreach (var (i, file) in folder.Files.Index())
        {
            (float[] Values, ImageDescription Image) picture;
            try
            {
                picture = Read(decoder, Path.Combine(folder.Path, file));
            }
            catch (LatentException e)
            {
                skip(file, e.Message);
                continue;
            }

            var (clean, image) = picture;
            var noisy = WithNoise(clean, image, recipe, recipe.Training.Seed + i);
            var denoised = denoiser.Denoise(noisy, image);
            var median = DenoisingBaselines.Median(noisy, image);
            yield return new PictureQuality(file, image, Psnr(noisy), Psnr(denoised), Psnr(median));

            double Psnr(float[] values) => ImageQuality.Psnr(clean, values);
        }
    }

    private static (float[] Values, ImageDescription Image) Read(ImageDecoder decoder, string path)
    {
        try
        {
            var picture = decoder.Decode(path);
            var pixels = picture.Pixels;
            var plane = picture.Width * picture.Height;
            var image = new ImageDescription(picture.IsGrey() ? 1 : 3, picture.Height, picture.Width);
            var values = new float[image.Channels * plane];
            for (var c = 0; c < image.Channels; c++)
            {
                for (var i = 0; i < plane; i++)
                    values[(c * plane) + i] = pixels[(4 * i) + c];
            }

            return (values, image);
        }
        finally
        {
            decoder.Release();
        }
    }

    private static float[] WithNoise(float[] clean, ImageDescription image, Recipe recipe, long seed)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var input = new InputDescription
        {
            Shape = [image.Channels, image.Height, image.Width],
            Unit = InputUnit.Pixel,
            Image = image,
        };
        var units = tensor(clean, [1, image.Channels, image.Height, image.Width]) * (1 / White);
        return (Noise.Of(recipe.Noise, input)!.Add(units, generator) * White).contiguous().data<float>().ToArray();
    }
}
