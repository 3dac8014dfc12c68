using Latent.Contracts.Recipes;

namespace Latent.Contracts.Layers;

/// <summary>Computes the shapes of images after a window has moved over them.</summary>
internal static class Windows
{
    /// <summary>
    /// Computes the output shape of a convolution or pooling: one pixel for each position of the window inside the image.
    /// </summary>
    public static long[] Shrink(LayerRecipe layer, IReadOnlyList<int> input, string name, long channels, int usualStride)
    {
        return [channels, Pixels(input[1]), Pixels(input[2])];

        long Pixels(int pixels)
        {
            var (kernel, padding) = (layer.Kernel!.Value, layer.Padding ?? 0);
            var room = pixels + (2L * padding) - kernel;
            return room >= 0
                ? (room / (layer.Stride ?? usualStride)) + 1
                : throw new LatentException(
                    $"{name} has a kernel of {kernel} pixels, more than {LayerShapes.Text(input)} "
                        + $"with a padding of {padding} has room for."
                );
        }
    }

    /// <summary>Computes the output shape of a transposed convolution: the shape from which a convolution makes the input's.</summary>
    public static long[] Grow(LayerRecipe layer, IReadOnlyList<int> input, string name)
    {
        return [layer.Out!.Value, Pixels(input[1]), Pixels(input[2])];

        long Pixels(int given)
        {
            var apart = (given - 1L) * (layer.Stride ?? 1);
            var pixels = apart - (2L * (layer.Padding ?? 0)) + layer.Kernel!.Value + (layer.OutputPadding ?? 0);
            return pixels > 0
                ? pixels
                : throw new LatentException(
                    $"{name} gives {pixels} pixels of {LayerShapes.Text(input)}: its padding of {layer.Padding} takes all of them away."
                );
        }
    }
}
