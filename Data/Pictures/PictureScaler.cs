using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Latent.Contracts.Bundles;

namespace Latent.Data.Pictures;

/// <summary>
/// Makes a model's row out of a picture's pixels, the same way when training and when scoring: grey (ITU-R BT.601 luma) or red-green-blue,
/// channel by channel, resized by a triangle filter that covers every source pixel when it shrinks, as <see cref="ImageDescription.Resize"/>
/// says. Use one a thread.
/// </summary>
/// <param name="image">What the model wants.</param>
public sealed class PictureScaler(ImageDescription image)
{
    // Values that are computed at once.
    private const int Lanes = 8;

    private readonly float[] _narrow = new float[image.Width];
    private Weights? _across;
    private Weights? _down;
    private float[] _line = [];

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
        if (_line.Length < width + Lanes)
            _line = new float[width + Lanes];
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var offset = image.Channels == 1 ? -1 : channel == 0 ? red : channel == 1 ? 1 : 2 - red;
            var target = row.Slice(channel * size, size);
            if (same)
                Take(pixels, red, offset, target);
            else
                Resize(pixels, red, offset, width, height, target);
        }
    }

    // The part of the picture that is taken, and the part of the row that it fills; both lie in the middle.
    private (int Width, int Height, int ToWidth, int ToHeight) Parts(int width, int height)
    {
        var (across, down) = ((double)image.Width / width, (double)image.Height / height);
        return image.Resize switch
        {
            ResizeKind.Fit => (width, height, Least(width * Math.Min(across, down), image.Width), Least(height * Math.Min(across, down), image.Height)),
            ResizeKind.Crop => (Least(image.Width / Math.Max(across, down), width), Least(image.Height / Math.Max(across, down), height), image.Width, image.Height),
            _ => (width, height, image.Width, image.Height),
        };

        static int Least(double size, int most) => Math.Clamp((int)Math.Round(size), 1, most);
    }

    private static void Take(ReadOnlySpan<byte> pixels, int red, int offset, Span<float> values)
    {
        var words = MemoryMarshal.Cast<byte, uint>(pixels);
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            var word = Vector256.Create(words.Slice(i, Lanes));
            var value = offset < 0
                ? Vector256.ConvertToSingle((Byte(red) * 299 + Byte(1) * 587 + Byte(2 - red) * 114).AsInt32()) / 1000f
                : Vector256.ConvertToSingle(Byte(offset).AsInt32());
            value.CopyTo(values[i..]);

            Vector256<uint> Byte(int which) => Vector256.ShiftRightLogical(word, 8 * which) & Vector256.Create(255u);
        }
        for (; i < values.Length; i++)
        {
            var pixel = pixels.Slice(4 * i, 4);
            values[i] = offset < 0 ? ((299 * pixel[red]) + (587 * pixel[1]) + (114 * pixel[2 - red])) / 1000f : pixel[offset];
        }
    }

    // Line by line, each added at once to the lines that it is a part of: a picture of any height takes one line's memory.
    private void Resize(ReadOnlySpan<byte> pixels, int red, int offset, int width, int height, Span<float> target)
    {
        var (fromWidth, fromHeight, toWidth, toHeight) = Parts(width, height);
        if (_across?.From != fromWidth || _across.First.Length != toWidth)
            _across = new Weights(fromWidth, toWidth);
        if (_down?.From != fromHeight || _down.First.Length != toHeight)
            _down = new Weights(fromHeight, toHeight);
        if (toWidth < image.Width || toHeight < image.Height)
            target.Fill(image.Background == BackgroundKind.White ? 255 : 0);
        var (left, top) = ((width - fromWidth) / 2, (height - fromHeight) / 2);
        var corner = (image.Height - toHeight) / 2 * image.Width + (image.Width - toWidth) / 2;
        for (var y = 0; y < toHeight; y++)
            target.Slice(corner + y * image.Width, toWidth).Clear();
        var open = 0;
        for (var line = 0; line < fromHeight; line++)
        {
            var values = _line.AsSpan(0, fromWidth);
            Take(pixels.Slice(4 * ((top + line) * width + left), 4 * fromWidth), red, offset, values);
            for (var x = 0; x < toWidth; x++)
            {
                // The line and the weights go on a little, the latter with zeros.
                var weights = _across.Values[x].AsSpan();
                var from = _line.AsSpan(_across.First[x], weights.Length);
                var sum = Vector256<float>.Zero;
                for (var k = 0; k < weights.Length; k += Lanes)
                    sum += Vector256.Create(weights.Slice(k, Lanes)) * Vector256.Create(from.Slice(k, Lanes));
                _narrow[x] = Vector256.Sum(sum);
            }
            while (open < toHeight && _down.First[open] + _down.Counts[open] <= line)
                open++;
            for (var y = open; y < toHeight && _down.First[y] <= line; y++)
            {
                if (line - _down.First[y] is var k && k >= _down.Counts[y])
                    continue;
                var weight = _down.Values[y][k];
                var to = target.Slice(corner + y * image.Width, toWidth);
                for (var x = 0; x < to.Length; x++)
                    to[x] += weight * _narrow[x];
            }
        }
        // Weights add up to 1 but for their rounding.
        foreach (ref var value in target)
            value = Math.Clamp(value, 0, 255);
    }

    /// <summary>
    /// For each target pixel, the first source pixel, the number of them, and the weights from there on, which add up to 1; zeros behind them fill
    /// the lanes.
    /// </summary>
    private sealed class Weights
    {
        public Weights(int from, int to)
        {
            From = from;
            First = new int[to];
            Counts = new int[to];
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
                Counts[i] = weights.Length;
                Values[i] = new float[(weights.Length + Lanes - 1) / Lanes * Lanes];
                for (var j = 0; j < weights.Length; j++)
                    Values[i][j] = (float)(weights[j] / sum);
            }
        }

        public int From { get; }

        public int[] First { get; }

        public int[] Counts { get; }

        public float[][] Values { get; }
    }
}
