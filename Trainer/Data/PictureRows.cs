using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Data;

/// <summary>What sources of pictures share.</summary>
internal static class PictureRows
{
    /// <summary>Describes rows that are pictures.</summary>
    /// <exception cref="LatentException">The recipe asks for another size.</exception>
    public static InputDescription Describe(ImageDescription image, DataRecipe recipe, string path)
    {
        if (recipe.Image is { } wanted && wanted != image)
        {
            throw new LatentException(
                $"{path} holds pictures of {Text(image)}, but the recipe's data.image asks for {Text(wanted)} (channels x height x width).");
        }

        return new InputDescription { Shape = [image.Channels, image.Height, image.Width], Unit = "pixel", Image = image };
    }

    /// <summary>Multiplies values in place to be pixels 0 to 255.</summary>
    public static float[] ToPixels(float[] values, double scale)
    {
        if (scale != 1)
        {
            foreach (ref var value in values.AsSpan())
            {
                value = (float)(value * scale);
            }
        }

        return values;
    }

    private static string Text(ImageDescription image) => $"{image.Channels} x {image.Height} x {image.Width}";
}
