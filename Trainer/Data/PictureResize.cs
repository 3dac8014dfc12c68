using Latent.Contracts.Bundles;

namespace Latent.Trainer.Data;

/// <summary>Resizes pictures with a triangle filter as wide as a target pixel: linear where they grow, averaging where they shrink.</summary>
internal static class PictureResize
{
    /// <summary>From interleaved bytes to planes of the wanted size.</summary>
    /// <param name="bgr">Blue, green, red of each pixel, row by row.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="wanted">Grey (luma of ITU-R BT.601) or red, green, blue.</param>
    /// <returns>[channels, height, width], 0 to 255.</returns>
    public static float[] ToPlanes(ReadOnlySpan<byte> bgr, int height, int width, ImageDescription wanted)
    {
        var result = new float[wanted.Channels * wanted.Height * wanted.Width];
        var plane = new float[height * width];
        for (var channel = 0; channel < wanted.Channels; channel++)
        {
            for (var i = 0; i < plane.Length; i++)
            {
                var (b, g, r) = (bgr[3 * i], bgr[(3 * i) + 1], bgr[(3 * i) + 2]);
                plane[i] = wanted.Channels == 3 ? bgr[(3 * i) + 2 - channel] : b == g && g == r ? g : (0.299f * r) + (0.587f * g) + (0.114f * b);
            }

            var target = result.AsSpan(channel * wanted.Height * wanted.Width, wanted.Height * wanted.Width);
            Resize(plane, height, width, target, wanted.Height, wanted.Width);
        }

        return result;
    }

    private static void Resize(float[] source, int height, int width, Span<float> target, int newHeight, int newWidth)
    {
        var (rows, columns) = (Weights(height, newHeight), Weights(width, newWidth));
        var narrow = new float[height * newWidth];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < newWidth; x++)
            {
                var (first, weights) = columns[x];
                for (var i = 0; i < weights.Length; i++)
                    narrow[(y * newWidth) + x] += weights[i] * source[(y * width) + first + i];
            }
        }

        for (var y = 0; y < newHeight; y++)
        {
            var (first, weights) = rows[y];
            for (var x = 0; x < newWidth; x++)
            {
                var sum = 0f;
                for (var i = 0; i < weights.Length; i++)
                    sum += weights[i] * narrow[((first + i) * newWidth) + x];
                target[(y * newWidth) + x] = Math.Clamp(sum, 0, 255);
            }
        }
    }

    private static (int First, float[] Weights)[] Weights(int size, int newSize)
    {
        var ratio = size / (double)newSize;
        var reach = Math.Max(1, ratio);
        return [.. Enumerable.Range(0, newSize).Select(i =>
        {
            var centre = (i + 0.5) * ratio;
            var first = Math.Max(0, (int)Math.Floor(centre - reach));
            var end = Math.Min(size, (int)Math.Ceiling(centre + reach));
            var weights = Enumerable.Range(first, end - first).Select(j => Math.Max(0, 1 - (Math.Abs(j + 0.5 - centre) / reach))).ToArray();
            var sum = weights.Sum();
            return (first, weights.Select(w => (float)(w / sum)).ToArray());
        })];
    }
}
