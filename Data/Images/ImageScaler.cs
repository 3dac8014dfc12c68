using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    // Grey comes as thousandths, exactly, until it is divided at last.
    private readonly float _unit = image.Channels == 1 ? 1000 : 1;
    private readonly float[] _narrow = new float[image.Width];
    private float[] _begun = [];
    private Weights? _across;
    private Weights? _down;
    private float[] _line = [];
    private (float Ending, float Begun)[] _shares = [];

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
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var mix =
                image.Channels == 1 ? ChannelMix.Grey(red)
                : channel == 1 ? ChannelMix.Byte(1)
                : ChannelMix.Byte(channel == 0 ? red : 2 - red);
            var target = row.Slice(channel * size, size);
            if (same)
                Take(MemoryMarshal.Cast<byte, uint>(pixels), mix, target);
            else
                Resize(pixels, mix, width, height, target);
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

    private static void Take(ReadOnlySpan<uint> pixels, in ChannelMix mix, Span<float> values)
    {
        ref var words = ref MemoryMarshal.GetReference(pixels[..values.Length]);
        ref var to = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
            mix.Values(Vector256.LoadUnsafe(ref words, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < values.Length; i++)
            values[i] = mix.Value(pixels[i]);
    }

    private void Resize(ReadOnlySpan<byte> pixels, in ChannelMix mix, int width, int height, Span<float> target)
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
        var words = MemoryMarshal.Cast<byte, uint>(pixels)[(top * width + left)..];
        Grow(ref _line, fromWidth + _across.Stride);
        if (toHeight <= fromHeight)
            Lower(words, mix, width, fromWidth, target[corner..], toWidth);
        else
            Raise(words, mix, width, fromWidth, target[corner..], toWidth);
    }

    // From where a target line begins to where the next one does, the lines of the image belong to two: the one before, which ends, and
    // this one.
    private void Lower(ReadOnlySpan<uint> pixels, in ChannelMix mix, int width, int fromWidth, Span<float> target, int toWidth)
    {
        Grow(ref _begun, _line.Length);
        var down = _down!;
        for (var y = 0; y < down.First.Length; y++)
        {
            var (first, last) = (down.First[y], y + 1 < down.First.Length ? down.First[y + 1] : down.From);
            if (_shares.Length < last - first)
                _shares = new (float, float)[last - first];
            var shares = _shares.AsSpan(0, last - first);
            for (var k = 0; k < shares.Length; k++)
                shares[k] = (down.Of(y - 1, first + k), down.Of(y, first + k));
            Add(pixels[(first * width)..], mix, width, shares, _line.AsSpan(0, fromWidth), _begun.AsSpan(0, fromWidth));
            if (y > 0)
                Narrow(_across!, _line, target.Slice((y - 1) * image.Width, toWidth));
            (_line, _begun) = (_begun, _line);
        }

        Narrow(_across!, _line, target.Slice((down.First.Length - 1) * image.Width, toWidth));
    }

    // A column of lines after another, so that the sums stay in registers.
    private static void Add(
        ReadOnlySpan<uint> pixels,
        in ChannelMix mix,
        int width,
        ReadOnlySpan<(float Ending, float Begun)> shares,
        Span<float> ending,
        Span<float> begun
    )
    {
        ref var words = ref MemoryMarshal.GetReference(pixels[..((shares.Length - 1) * width + ending.Length)]);
        var x = 0;
        for (; x <= ending.Length - Lanes; x += Lanes)
        {
            var (first, second) = (Vector256.Create<float>(ending.Slice(x, Lanes)), Vector256<float>.Zero);
            for (var k = 0; k < shares.Length; k++)
            {
                var values = mix.Values(Vector256.LoadUnsafe(ref words, (nuint)(k * width + x)));
                first += values * shares[k].Ending;
                second += values * shares[k].Begun;
            }

            first.CopyTo(ending[x..]);
            second.CopyTo(begun[x..]);
        }

        for (; x < ending.Length; x++)
        {
            begun[x] = 0;
            for (var k = 0; k < shares.Length; k++)
            {
                var value = mix.Value(pixels[k * width + x]);
                ending[x] += value * shares[k].Ending;
                begun[x] += value * shares[k].Begun;
            }
        }
    }

    // There are more lines to come than to go: a line is narrowed before it is added to those that it is a part of.
    private void Raise(ReadOnlySpan<uint> pixels, in ChannelMix mix, int width, int fromWidth, Span<float> target, int toWidth)
    {
        var (down, open) = (_down!, 0);
        for (var line = 0; line < down.From; line++)
        {
            Take(pixels[(line * width)..], mix, _line.AsSpan(0, fromWidth));
            Narrow(_across!, _line, _narrow.AsSpan(0, toWidth));
            while (open < down.First.Length && down.First[open] + down.Counts[open] <= line)
                open++;
            for (var y = open; y < down.First.Length && down.First[y] <= line; y++)
            {
                var to = target.Slice(y * image.Width, toWidth);
                if (line == down.First[y])
                    to.Clear();
                Add(_narrow, down.Of(y, line), to);
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

    // A line goes on a little, where its weights are zeros.
    private static void Narrow(Weights across, float[] line, Span<float> values)
    {
        for (var x = 0; x < values.Length; x++)
        {
            ref var weight = ref MemoryMarshal.GetReference(across.Values.AsSpan(x * across.Stride, across.Stride));
            ref var from = ref MemoryMarshal.GetReference(line.AsSpan(across.First[x], across.Stride));
            var sum = Vector256<float>.Zero;
            for (var k = 0; k < across.Stride; k += Lanes)
                sum += Vector256.LoadUnsafe(ref weight, (nuint)k) * Vector256.LoadUnsafe(ref from, (nuint)k);
            values[x] = Vector256.Sum(sum);
        }
    }

    private static void Grow(ref float[] line, int length)
    {
        if (line.Length < length)
            line = new float[length];
    }

    /// <summary>
    /// Holds, for each target pixel, the first source pixel, the number of them, and the weights from there on, which add up to 1; zeros
    /// behind them fill a stride, a multiple of the lanes.
    /// </summary>
    private sealed class Weights
    {
        public Weights(int from, int to)
        {
            From = from;
            First = new int[to];
            Counts = new int[to];
            var scale = (double)from / to;
            var reach = Math.Max(1, scale);
            for (var i = 0; i < to; i++)
            {
                var centre = (i + 0.5) * scale;
                First[i] = Math.Max(0, (int)Math.Floor(centre - reach + 0.5));
                Counts[i] = Math.Min(from, (int)Math.Floor(centre + reach + 0.5)) - First[i];
            }

            Stride = (Counts.Max() + Lanes - 1) / Lanes * Lanes;
            Values = new float[to * Stride];
            for (var i = 0; i < to; i++)
            {
                var centre = (i + 0.5) * scale;
                var weights = Enumerable
                    .Range(First[i], Counts[i])
                    .Select(j => Math.Max(0, 1 - Math.Abs((j + 0.5 - centre) / reach)))
                    .ToArray();
                var sum = weights.Sum();
                for (var j = 0; j < weights.Length; j++)
                    Values[i * Stride + j] = (float)(weights[j] / sum);
            }
        }

        public int From { get; }

        public int[] First { get; }

        public int[] Counts { get; }

        public int Stride { get; }

        public float[] Values { get; }

        /// <summary>Gets the weight of a source pixel in a target pixel; 0 where it has none.</summary>
        public float Of(int target, int source) =>
            target >= 0 && (uint)(source - First[target]) < Counts[target] ? Values[target * Stride + source - First[target]] : 0;
    }
}
