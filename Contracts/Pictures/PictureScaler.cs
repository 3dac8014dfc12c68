using Latent.Contracts.Bundles;

namespace Latent.Contracts.Pictures;

/// <summary>
/// Makes a model's row out of a picture's pixels, the same way when training and when scoring: grey (ITU-R BT.601 luma) or red-green-blue,
/// channel by channel, resized by a triangle filter that covers every source pixel when it shrinks. Use one a thread.
/// </summary>
/// <param name="image">What the model wants.</param>
public sealed class PictureScaler(ImageDescription image)
{
    private Weights _across = new(1, 1);
    private Weights _down = new(1, 1);
    private float[] _plane = [];
    private float[] _narrow = [];

    /// <summary>Fills a row.</summary>
    /// <param name="pixels">Four bytes a pixel, row by row from the top; green is the second, and the fourth is not looked at.</param>
    /// <param name="red">Which of the four is red, 0 or 2; blue is the other.</param>
    /// <param name="width">Of the picture, in pixels.</param>
    /// <param name="height">Of the picture, in pixels.</param>
    /// <param name="row">Channels x height x width values from 0 to 255.</param>
    /// <exception cref="ArgumentException">The row's length isn't the model's.</exception>
    public void Fill(ReadOnlySpan<byte> pixels, int red, int width, int height, Span<float> row)
    {
        var size = image.Height * image.Width;
        if (row.Length != image.Channels * size)
            throw new ArgumentException($"The row has {row.Length} values; the picture needs {image.Channels * size}.", nameof(row));
        var same = width == image.Width && height == image.Height;
        if (!same && _plane.Length < width * height)
            _plane = new float[width * height];
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var target = row.Slice(channel * size, size);
            var plane = same ? target : _plane.AsSpan(0, width * height);
            if (image.Channels == 1)
            {
                for (var i = 0; i < plane.Length; i++)
                    plane[i] = ((299 * pixels[4 * i + red]) + (587 * pixels[4 * i + 1]) + (114 * pixels[4 * i + 2 - red])) / 1000f;
            }
            else
            {
                var offset = channel == 0 ? red : channel == 1 ? 1 : 2 - red;
                for (var i = 0; i < plane.Length; i++)
                    plane[i] = pixels[4 * i + offset];
            }
            if (!same)
                Resize(plane, width, height, target);
        }
    }

    private void Resize(ReadOnlySpan<float> plane, int width, int height, Span<float> target)
    {
        if (_across.From != width)
            _across = new Weights(width, image.Width);
        if (_down.From != height)
            _down = new Weights(height, image.Height);
        if (_narrow.Length < height * image.Width)
            _narrow = new float[height * image.Width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var sum = 0f;
                var (first, weights) = (_across.First[x], _across.Values[x]);
                for (var k = 0; k < weights.Length; k++)
                    sum += weights[k] * plane[y * width + first + k];
                _narrow[y * image.Width + x] = sum;
            }
        }
        for (var y = 0; y < image.Height; y++)
        {
            var (first, weights) = (_down.First[y], _down.Values[y]);
            for (var x = 0; x < image.Width; x++)
            {
                var sum = 0f;
                for (var k = 0; k < weights.Length; k++)
                    sum += weights[k] * _narrow[(first + k) * image.Width + x];
                // Weights add up to 1 but for their rounding.
                target[y * image.Width + x] = Math.Clamp(sum, 0, 255);
            }
        }
    }

    /// <summary>For each target pixel, the first source pixel and the weights from there on, which add up to 1.</summary>
    private sealed class Weights
    {
        public Weights(int from, int to)
        {
            From = from;
            First = new int[to];
            Values = new float[to][];
            var scale = (double)from / to;
            var reach = Math.Max(1, scale);
            for (var i = 0; i < to; i++)
            {
                var centre = (i + 0.5) * scale;
                var first = Math.Max(0, (int)Math.Floor(centre - reach + 0.5));
                var last = Math.Min(from, (int)Math.Floor(centre + reach + 0.5));
                var weights = Enumerable.Range(first, last - first)
                    .Select(j => Math.Max(0, 1 - Math.Abs((j + 0.5 - centre) / reach))).ToArray();
                var sum = weights.Sum();
                First[i] = first;
                Values[i] = [.. weights.Select(w => (float)(w / sum))];
            }
        }

        public int From { get; }

        public int[] First { get; }

        public float[][] Values { get; }
    }
}
