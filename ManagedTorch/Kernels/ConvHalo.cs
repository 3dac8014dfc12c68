using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// A few images with a border of zeros as wide as a convolution's taps reach, the columns of each row sorted by their remainder by the
/// horizontal step. Every row of <see cref="ConvColumns"/> consists of stretches of it, which are copied without a condition.
/// </summary>
internal unsafe struct ConvHalo
{
    /// <summary>Floats that stay in the second-level cache beside what they are copied to.</summary>
    private const int Floats = 48 * 1024;

    /// <summary>Behind the last stretch, for it is read in whole vectors.</summary>
    private const int Slack = 16;

    private readonly float* _x;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private readonly int _top;
    private readonly int _left;
    private readonly int _step;
    private readonly int _rows;
    private readonly int _sorted;
    private float* _data;
    private int _most;
    private int _first;

    /// <summary>What all of these columns, over the same images, need.</summary>
    public ConvHalo(ConvColumns* columns, int number)
    {
        int top = int.MaxValue,
            left = int.MaxValue,
            bottom = int.MinValue,
            right = int.MinValue;
        for (var i = 0; i < number; i++)
        {
            var c = columns[i];
            if (c.Channels == 0)
                continue;
            _x = c.X;
            (_channels, _height, _width, _step) = (c.Channels, c.Height, c.Width, c.StepX);
            for (var t = 0; t < c.Taps; t++)
            {
                top = Math.Min(top, c.DeltaY[t]);
                left = Math.Min(left, c.DeltaX[t]);
                bottom = Math.Max(bottom, c.DeltaY[t] + ((c.GridHeight - 1) * c.StepY));
                right = Math.Max(right, c.DeltaX[t] + ((c.GridWidth - 1) * c.StepX));
            }
        }

        if (_channels == 0)
            return;
        (_top, _left) = (top, left);
        _rows = bottom - top + 1;
        _sorted = (right - left + _step) / _step;
    }

    /// <summary>Images to fill in at a time.</summary>
    public readonly int Group => (int)Math.Max(1, Floats / Math.Max(1, (long)_channels * Plane));

    /// <summary>From one channel to the next.</summary>
    public readonly int Plane => _rows * Pitch;

    private readonly int Pitch => _sorted * _step;

    private readonly long Bytes => (((long)_most * _channels * Plane) + Slack) * sizeof(float);

    public void Rent(int images)
    {
        _most = images;
        _data = NativePool.Rent(Bytes);
    }

    public readonly void Return() => NativePool.Return(_data, Bytes);

    /// <summary>Where channel 0 of the first image starts.</summary>
    public readonly float* Data => _data;

    /// <summary>How far from the start of a channel each tap meets the channel's first pixel.</summary>
    public readonly void Place(in ConvColumns columns, nint* taps)
    {
        for (var t = 0; t < columns.Taps && columns.Channels > 0; t++)
        {
            var (column, remainder) = Math.DivRem(columns.DeltaX[t] - _left, _step);
            taps[t] = ((nint)(columns.DeltaY[t] - _top) * Pitch) + (remainder * _sorted) + column;
        }
    }

    /// <summary>How far behind its first pixel a channel has that of this image, row of the input and column of the grid.</summary>
    public readonly nint Distance(int image, int row, int column) =>
        ((nint)(image - _first) * _channels * Plane) + ((nint)row * Pitch) + column;

    /// <summary>Copies images [first, last), no more than were rented.</summary>
    public void Fill(int first, int last)
    {
        _first = first;
        for (var plane = (long)first * _channels; plane < (long)last * _channels; plane++)
        {
            var from = _x + (plane * _height * _width);
            var to = _data + ((plane - ((long)first * _channels)) * Plane);
            for (var remainder = 0; remainder < _step; remainder++)
            {
                // Behind the last plane of all there may be nothing.
                var more = plane + 1 < (long)last * _channels;
                if (Simd.Width == 512)
                    Fill<V512>(from, to + (remainder * _sorted), _left + remainder, more);
                else if (Simd.Width == 256)
                    Fill<V256>(from, to + (remainder * _sorted), _left + remainder, more);
                else
                    Fill<V128>(from, to + (remainder * _sorted), _left + remainder, more);
            }
        }
    }

    /// <summary>The columns start, start + step, ... of all rows of one plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Fill<V>(float* from, float* to, int start, bool more)
        where V : struct, IVector<V>
    {
        var first = start >= 0 ? 0 : Math.Min(_sorted, (_step - 1 - start) / _step);
        var last = start >= _width ? first : Math.Max(first, Math.Min(_sorted, ((_width - 1 - start) / _step) + 1));
        for (var row = 0; row < _rows; row++, to += Pitch)
        {
            var y = row + _top;
            if ((uint)y >= (uint)_height)
            {
                new Span<float>(to, _sorted).Clear();
                continue;
            }

            for (var n = 0; n < first; n++)
                to[n] = 0;
            var source = from + ((nint)y * _width) + start;
            if (_step == 1)
            {
                CopyLine<V>(source + first, to + first, last - first);
            }
            else if (_step == 2)
            {
                CopyHalf<V>(source + (2 * first), to + first, last - first, more || y + 1 < _height);
            }
            else
            {
                for (var n = first; n < last; n++)
                    to[n] = source[n * _step];
            }

            for (var n = last; n < _sorted; n++)
                to[n] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLine<V>(float* from, float* to, int count)
        where V : struct, IVector<V>
    {
        var n = 0;
        for (; n + V.Count <= count; n += V.Count)
            V.Store(to + n, V.Load(from + n));
        if (n == count)
            return;
        // The last vector once more further left, where there is one.
        if (n > 0)
            V.Store(to + count - V.Count, V.Load(from + count - V.Count));
        else
            V.StorePartial(to, V.LoadPartial(from, count), count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyHalf<V>(float* from, float* to, int count, bool more)
        where V : struct, IVector<V>
    {
        var n = 0;
        // With more the float behind the last one wanted may be read.
        for (var end = count - V.Count - (more ? 0 : 1); n <= end; n += V.Count)
            CopyEvens<V>(from + (2 * n), to + n);
        if (n == count)
            return;
        if (n > 0 && more)
        {
            CopyEvens<V>(from + (2 * (count - V.Count)), to + count - V.Count);
        }
        else
        {
            // Not the float behind the last one wanted.
            var (rest, floats) = (count - n, (2 * (count - n)) - 1);
            var low = V.LoadPartial(from + (2 * n), Math.Min(floats, V.Count));
            var high = floats > V.Count ? V.LoadPartial(from + (2 * n) + V.Count, floats - V.Count) : V.Create(0f);
            V.StorePartial(to + n, V.Evens(low, high), rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyEvens<V>(float* from, float* to)
        where V : struct, IVector<V> => V.Store(to, V.Evens(V.Load(from), V.Load(from + V.Count)));
}
