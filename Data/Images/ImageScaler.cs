using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Latent.Contracts.Bundles;

namespace Latent.Data.Images;

/// <summary>
/// Makes a model's row out of an image's pixels, the same way when training and when scoring: grey (ITU-R BT.601 luma) or red-green-blue,
/// channel by channel, resized by a triangle filter that covers every source pixel when it shrinks, as
/// <see cref="ImageDescription.Resize"/> says. Use one scaler per thread.
/// </summary>
/// <param name="image">The images that the model takes.</param>
public sealed class ImageScaler(ImageDescription image)
{
    // Values that are computed at once.
    private const int Lanes = 8;

    // Lines in progress when an image becomes less high: of a triangle as wide as two target pixels, no more than three have part of one
    // line.
    private const int Open = 4;

    // Grey comes as thousandths, exactly, until it is divided at last.
    private readonly float _unit = image.Channels == 1 ? 1000 : 1;
    private readonly float[] _narrow = new float[image.Width];
    private readonly float[][] _open =
    [
        [],
        [],
        [],
        [],
    ];
    private Weights? _across;
    private Weights? _down;
    private float[] _line = [];

    /// <summary>Fills a row.</summary>
    /// <param name="pixels">Four bytes per pixel, row by row from the top; green is the second, and the fourth is ignored.</param>
    /// <param name="red">Index of red among the four, 0 or 2; blue is the other.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <param name="row">Channels x height x width values from 0 to 255.</param>
    /// <exception cref="ArgumentException">The row's length differs from the model's.</exception>
    public void Fill(ReadOnlySpan<byte> pixels, int red, int width, int height, Span<float> row)
    {
        var size = image.Height * image.Width;
        if (row.Length != image.Channels * size)
            throw new ArgumentException($"The row has {row.Length} values; the image needs {image.Channels * size}.", nameof(row));
        var same = width == image.Width && height == image.Height;
        Grow(ref _line, width);
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var offset =
                image.Channels == 1 ? -1
                : channel == 0 ? red
                : channel == 1 ? 1
                : 2 - red;
            var target = row.Slice(channel * size, size);
            if (same)
                Take(pixels, red, offset, target);
            else
                Resize(pixels, red, offset, width, height, target);
            Bound(target, _unit);
        }
    }

    // Weights add up to 1 except for rounding.
    private static void Bound(Span<float> values, float unit)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            var value = Vector256.LoadUnsafe(ref first, (nuint)i) / unit;
            Vector256.Min(Vector256.Max(value, Vector256<float>.Zero), Vector256.Create(255f)).StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < values.Length; i++)
            values[i] = Math.Clamp(values[i] / unit, 0, 255);
    }

    // The part of the image that is taken, and the part of the row that it fills; both lie in the middle.
    private (int Width, int Height, int ToWidth, int ToHeight) Parts(int width, int height)
    {
        var (across, down) = ((double)image.Width / width, (double)image.Height / height);
        return image.Resize switch
        {
            ResizeKind.Fit => (
                width,
                height,
                Least(width * Math.Min(across, down), image.Width),
                Least(height * Math.Min(across, down), image.Height)
            ),
            ResizeKind.Crop => (
                Least(image.Width / Math.Max(across, down), width),
                Least(image.Height / Math.Max(across, down), height),
                image.Width,
                image.Height
            ),
            _ => (width, height, image.Width, image.Height),
        };

        static int Least(double size, int most) => Math.Clamp((int)Math.Round(size), 1, most);
    }

    private static void Take(ReadOnlySpan<byte> pixels, int red, int offset, Span<float> values)
    {
        ref var words = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(pixels[..(4 * values.Length)]));
        ref var to = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            var word = Vector256.LoadUnsafe(ref words, (nuint)i);
            var value = offset < 0 ? Luma(word, red) : Byte(word, offset);
            value.StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            var pixel = pixels.Slice(4 * i, 4);
            values[i] = offset < 0 ? (299 * pixel[red]) + (587 * pixel[1]) + (114 * pixel[2 - red]) : pixel[offset];
        }
    }

    // As a call for eight pixels each, these would take a third of the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Luma(Vector256<uint> words, int red)
    {
        if (!Avx2.IsSupported)
            return (Byte(words, red) * 299) + (Byte(words, 1) * 587) + (Byte(words, 2 - red) * 114);
        // Red and blue lie 16 bits apart, as do green and alpha: one product of pairs each, which is exact as the sum of floats is.
        var bytes = Vector256.Create(0x00FF00FFu);
        var redAndBlue = Vector256.Create(red == 0 ? (114 << 16) | 299 : (299 << 16) | 114).AsInt16();
        var green = Vector256.Create(587).AsInt16();
        var sum =
            Avx2.MultiplyAddAdjacent((words & bytes).AsInt16(), redAndBlue)
            + Avx2.MultiplyAddAdjacent((Vector256.ShiftRightLogical(words, 8) & bytes).AsInt16(), green);
        return Vector256.ConvertToSingle(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Byte(Vector256<uint> words, int which) =>
        Vector256.ConvertToSingle((Vector256.ShiftRightLogical(words, 8 * which) & Vector256.Create(255u)).AsInt32());

    // Line by line, each added at once to the lines that it is a part of: an image of any height takes a few lines' memory. Where there are
    // fewer lines to come than to go, they are added before they are narrowed.
    private void Resize(ReadOnlySpan<byte> pixels, int red, int offset, int width, int height, Span<float> target)
    {
        var (fromWidth, fromHeight, toWidth, toHeight) = Parts(width, height);
        if (_across?.From != fromWidth || _across.First.Length != toWidth)
            _across = new Weights(fromWidth, toWidth);
        if (_down?.From != fromHeight || _down.First.Length != toHeight)
            _down = new Weights(fromHeight, toHeight);
        if (toWidth < image.Width || toHeight < image.Height)
            target.Fill(image.Background == BackgroundKind.White ? 255 * _unit : 0);
        var (left, top) = ((width - fromWidth) / 2, (height - fromHeight) / 2);
        var corner = (image.Height - toHeight) / 2 * image.Width + (image.Width - toWidth) / 2;
        var addsFirst = toHeight <= fromHeight;
        for (var i = 0; i < Open && addsFirst; i++)
            Grow(ref _open[i], fromWidth);
        var open = 0;
        for (var line = 0; line < fromHeight; line++)
        {
            Take(pixels.Slice(4 * ((top + line) * width + left), 4 * fromWidth), red, offset, _line.AsSpan(0, fromWidth));
            if (!addsFirst)
                Narrow(_across, _line, _narrow.AsSpan(0, toWidth));
            while (open < toHeight && _down.First[open] + _down.Counts[open] <= line)
                open++;
            for (var y = open; y < toHeight && _down.First[y] <= line; y++)
            {
                var k = line - _down.First[y];
                if (k >= _down.Counts[y])
                    continue;
                var to = target.Slice(corner + y * image.Width, toWidth);
                var sum = addsFirst ? _open[y % Open].AsSpan(0, fromWidth) : to;
                if (k == 0)
                    sum.Clear();
                Add(addsFirst ? _line : _narrow, _down.Values[y][k], sum);
                if (addsFirst && k == _down.Counts[y] - 1)
                    Narrow(_across, _open[y % Open], to);
            }
        }
    }

    private static void Add(float[] values, float weight, Span<float> sum)
    {
        ref var from = ref MemoryMarshal.GetReference(values.AsSpan(0, sum.Length));
        ref var to = ref MemoryMarshal.GetReference(sum);
        var x = 0;
        for (; x <= sum.Length - Lanes; x += Lanes)
            (Vector256.LoadUnsafe(ref to, (nuint)x) + (Vector256.LoadUnsafe(ref from, (nuint)x) * weight)).StoreUnsafe(ref to, (nuint)x);
        for (; x < sum.Length; x++)
            sum[x] += weight * values[x];
    }

    // A line and the weights go on a little, the latter with zeros.
    private static void Narrow(Weights across, float[] line, Span<float> values)
    {
        for (var x = 0; x < values.Length; x++)
        {
            var weights = across.Values[x].AsSpan();
            ref var weight = ref MemoryMarshal.GetReference(weights);
            ref var from = ref MemoryMarshal.GetReference(line.AsSpan(across.First[x], weights.Length));
            var sum = Vector256<float>.Zero;
            for (var k = 0; k < weights.Length; k += Lanes)
                sum += Vector256.LoadUnsafe(ref weight, (nuint)k) * Vector256.LoadUnsafe(ref from, (nuint)k);
            values[x] = Vector256.Sum(sum);
        }
    }

    private static void Grow(ref float[] line, int width)
    {
        if (line.Length < width + Lanes)
            line = new float[width + Lanes];
    }

    /// <summary>
    /// Holds, for each target pixel, the first source pixel, the number of them, and the weights from there on, which add up to 1; zeros
    /// behind them fill the lanes.
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
                var weights = Enumerable
                    .Range(first, last - first)
                    .Select(j => Math.Max(0, 1 - Math.Abs((j + 0.5 - centre) / reach)))
                    .ToArray();
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
