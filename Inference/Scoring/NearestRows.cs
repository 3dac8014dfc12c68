using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Latent.Contracts.Tables;

namespace Latent.Inference.Scoring;

/// <summary>
/// Computes the density term of a table's score: a factor times the mean distance from the nearest of the points that stand for the
/// training rows, each as a multiple of the point's radius. A row has one word of each column, so that the words' part of a squared
/// distance is one number per column and point, made in advance.
/// </summary>
internal sealed class NearestRows
{
    // Points that are compared at once, in four vectors.
    private const int Block = 4 * Lanes;
    private const int Lanes = 16;

    private readonly int _numbers;
    private readonly int _width;
    private readonly int _neighbors;
    private readonly float _factor;

    // Of each block: for each unit of numbers the points' units, then for each unit of words the squared distances of a row that has it.
    private readonly float[] _blocks;
    private readonly float[] _start;
    private readonly float[] _precisions;

    /// <summary>Makes the tables.</summary>
    /// <param name="layout">The units of a row.</param>
    /// <param name="points">Units of the points, [n, width].</param>
    /// <param name="radii">The distance from each that counts as 1, [n].</param>
    /// <param name="neighbors">Over how many of the nearest the distance is averaged, at most n.</param>
    /// <param name="squaredBlur">What is added to a squared distance.</param>
    /// <param name="factor">What the mean is multiplied by.</param>
    public NearestRows(TableLayout layout, float[] points, float[] radii, int neighbors, float squaredBlur, float factor)
    {
        (_numbers, _width, _neighbors, _factor) = (layout.WordsFrom, layout.Width, neighbors, factor);
        var padded = (radii.Length + Block - 1) / Block * Block;
        _blocks = new float[padded * _width];
        _start = new float[padded];
        _precisions = new float[padded];
        Array.Fill(_start, float.PositiveInfinity);
        Array.Fill(_precisions, 1);
        for (var i = 0; i < radii.Length; i++)
        {
            (_start[i], _precisions[i]) = (squaredBlur, 1 / (radii[i] * radii[i]));
            var point = points.AsSpan(i * _width, _width);
            var lane = _blocks.AsSpan((i / Block * Block * _width) + (i % Block));
            for (var unit = 0; unit < _numbers; unit++)
                lane[unit * Block] = point[unit];
            var first = _numbers;
            foreach (var width in layout.CategoryWidths)
            {
                var word = point.Slice(first, width);
                var squares = 0d;
                foreach (var value in word)
                    squares += (double)value * value;
                // (1 - p)² in the place of p².
                for (var unit = 0; unit < width; unit++)
                    lane[(first + unit) * Block] = (float)(squares + 1 - (2d * word[unit]));
                first += width;
            }
        }
    }

    /// <summary>Gets over how many of the nearest points the distance is averaged.</summary>
    public int Neighbors => _neighbors;

    /// <summary>Adds the term to scores.</summary>
    /// <param name="units">The units of the rows, of which those of numbers are read, [rows, width].</param>
    /// <param name="places">The units of words that are 1, counted from the first unit of words, [rows, columns of words].</param>
    /// <param name="scores">The scores, [rows].</param>
    /// <param name="nearest">Overwritten, [rows, <see cref="Neighbors"/>].</param>
    public void Add(ReadOnlySpan<float> units, ReadOnlySpan<int> places, Span<float> scores, Span<float> nearest)
    {
        var words = places.Length / scores.Length;
        nearest.Fill(float.PositiveInfinity);
        // A block stays in the processor's nearest cache while all rows are compared with it.
        for (var first = 0; first < _start.Length; first += Block)
        {
            for (var row = 0; row < scores.Length; row++)
            {
                Compare(
                    first,
                    units.Slice(row * _width, _numbers),
                    places.Slice(row * words, words),
                    nearest.Slice(row * _neighbors, _neighbors)
                );
            }
        }

        for (var row = 0; row < scores.Length; row++)
        {
            var sum = 0f;
            // What is nearer than no point has a unit that is no number.
            foreach (var squared in nearest.Slice(row * _neighbors, _neighbors))
                sum += float.IsFinite(squared) ? MathF.Sqrt(squared) : float.NaN;
            scores[row] += sum / _neighbors * _factor;
        }
    }

    private void Compare(int first, ReadOnlySpan<float> numbers, ReadOnlySpan<int> places, Span<float> nearest)
    {
        ref var start = ref MemoryMarshal.GetReference(_start.AsSpan(first, Block));
        var a = Vector512.LoadUnsafe(ref start);
        var b = Vector512.LoadUnsafe(ref start, Lanes);
        var c = Vector512.LoadUnsafe(ref start, 2 * Lanes);
        var d = Vector512.LoadUnsafe(ref start, 3 * Lanes);
        var block = _blocks.AsSpan(first * _width, Block * _width);
        ref var number = ref MemoryMarshal.GetReference(block);
        for (var unit = 0; unit < numbers.Length; unit++)
        {
            var value = Vector512.Create(numbers[unit]);
            var at = (nuint)(unit * Block);
            a = Squared(value - Vector512.LoadUnsafe(ref number, at), a);
            b = Squared(value - Vector512.LoadUnsafe(ref number, at + Lanes), b);
            c = Squared(value - Vector512.LoadUnsafe(ref number, at + (2 * Lanes)), c);
            d = Squared(value - Vector512.LoadUnsafe(ref number, at + (3 * Lanes)), d);
        }

        var words = block[(_numbers * Block)..];
        foreach (var place in places)
        {
            ref var word = ref MemoryMarshal.GetReference(words.Slice(place * Block, Block));
            a += Vector512.LoadUnsafe(ref word);
            b += Vector512.LoadUnsafe(ref word, Lanes);
            c += Vector512.LoadUnsafe(ref word, 2 * Lanes);
            d += Vector512.LoadUnsafe(ref word, 3 * Lanes);
        }

        ref var precision = ref MemoryMarshal.GetReference(_precisions.AsSpan(first, Block));
        a *= Vector512.LoadUnsafe(ref precision);
        b *= Vector512.LoadUnsafe(ref precision, Lanes);
        c *= Vector512.LoadUnsafe(ref precision, 2 * Lanes);
        d *= Vector512.LoadUnsafe(ref precision, 3 * Lanes);
        if (!Vector512.LessThanAny(Vector512.Min(Vector512.Min(a, b), Vector512.Min(c, d)), Vector512.Create(nearest[^1])))
            return;
        Keep(a, nearest);
        Keep(b, nearest);
        Keep(c, nearest);
        Keep(d, nearest);

        static Vector512<float> Squared(Vector512<float> difference, Vector512<float> sum) =>
            Vector512.MultiplyAddEstimate(difference, difference, sum);
    }

    // The least values so far, in order.
    private static void Keep(Vector512<float> values, Span<float> nearest)
    {
        var less = Vector512.LessThan(values, Vector512.Create(nearest[^1])).ExtractMostSignificantBits();
        for (; less != 0; less &= less - 1)
        {
            var value = values[int.TrailingZeroCount((int)less)];
            for (var k = 0; k < nearest.Length; k++)
            {
                if (value < nearest[k])
                    (nearest[k], value) = (value, nearest[k]);
            }
        }
    }
}
