using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// The matrix whose product with the weights is a convolution: a row for each channel and tap of the kernel, a column for each
/// pixel of a grid over all images. It is only ever made a block at a time. Pixel (i, j) and tap t meet input
/// (i * StepY + DeltaY[t], j * StepX + DeltaX[t]); what lies outside is 0. A last row of ones may follow, which meets the bias.
/// </summary>
internal unsafe struct ConvColumns
{
    public float* X;
    public int Channels;
    public int Height;
    public int Width;
    public int Taps;
    public int* DeltaY;
    public int* DeltaX;
    public int StepY;
    public int StepX;
    public int GridHeight;
    public int GridWidth;

    /// <summary>Pixels of one row of one image that follow one another.</summary>
    public struct Run
    {
        public int At;
        public int Count;
        public int Image;
        public int I;
        public int J;
    }

    public readonly int Plane => GridHeight * GridWidth;

    /// <summary>Cuts a range of pixels into runs, at most one a pixel.</summary>
    public readonly int Runs(long first, int count, Run* runs)
    {
        var (image, rest) = Math.DivRem(first, Plane);
        var (i, j) = Math.DivRem((int)rest, GridWidth);
        var number = 0;
        for (var at = 0; at < count; number++)
        {
            var length = Math.Min(GridWidth - j, count - at);
            runs[number] = new Run { At = at, Count = length, Image = (int)image, I = i, J = j };
            at += length;
            j = 0;
            if (++i < GridHeight) continue;
            i = 0;
            image++;
        }
        return number;
    }

    /// <summary>
    /// Rows [top, bottom) of the columns in runs, leading floats (whole vectors) from row to row; row r is tap r / Channels of
    /// channel r % Channels. A vector of pixels is pieced together from those of its runs that lie inside the image.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Pack<V>(int top, int bottom, Run* runs, int number, float* to, int leading) where V : struct, IVector<V>
    {
        if (Channels < 4 && StepX == 1)
        {
            PackThin<V>(top, bottom, runs, number, to, leading);
            return;
        }
        var end = runs[number - 1].At + runs[number - 1].Count;
        var plane = (nint)Height * Width;
        for (var row = top; row < bottom;)
        {
            var tap = row / Math.Max(1, Channels);
            if (tap >= Taps || Channels == 0)
            {
                new Span<float>(to + ((row - top) * leading), end).Fill(1);
                return;
            }
            var channel = row - (tap * Channels);
            var channels = Math.Min(Channels - channel, bottom - row);
            int dy = DeltaY[tap], dx = DeltaX[tap], r = 0;
            for (var at = 0; at < end; at += V.Count)
            {
                while (runs[r].At + runs[r].Count <= at) r++;
                var into = to + ((row - top) * leading) + at;
                var pieces = 0;
                for (var piece = r; piece < number && runs[piece].At < at + V.Count; piece++)
                {
                    var run = runs + piece;
                    var y = (run->I * StepY) + dy;
                    if ((uint)y >= (uint)Height) continue;
                    // Lane l is the run's pixel at - run.At + l, at column x + l * StepX.
                    var x = ((run->J + at - run->At) * StepX) + dx;
                    var first = Math.Max(run->At - at, x >= 0 ? 0 : (-x + StepX - 1) / StepX);
                    var last = Math.Min(run->At + run->Count - at, x >= Width ? 0 : ((Width - 1 - x) / StepX) + 1);
                    last = Math.Min(last, V.Count);
                    if (first >= last) continue;
                    var from = X + ((((nint)run->Image * Channels) + channel) * plane) + ((nint)y * Width) + x;
                    if (StepX == 1) Lines<V>(channels, from, plane, first, last, into, leading, pieces > 0);
                    else if (StepX == 2) Halves<V>(channels, from, plane, first, last, into, leading, pieces > 0);
                    else Spread<V>(channels, from, plane, first, last, into, leading, pieces > 0);
                    pieces++;
                }
                if (pieces > 0) continue;
                for (var c = 0; c < channels; c++) V.Store(into + (c * leading), default);
            }
            row += channels;
        }
    }

    /// <summary>The same run by run: with few channels there is nothing to share between them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void PackThin<V>(int top, int bottom, Run* runs, int number, float* to, int leading) where V : struct, IVector<V>
    {
        var end = runs[number - 1].At + runs[number - 1].Count;
        var plane = (nint)Height * Width;
        for (var row = top; row < bottom; row++, to += leading)
        {
            if (row >= Taps * Channels)
            {
                new Span<float>(to, end).Fill(1);
                return;
            }
            var (tap, channel) = Math.DivRem(row, Channels);
            int dy = DeltaY[tap], dx = DeltaX[tap];
            for (var r = 0; r < number; r++)
            {
                var run = runs + r;
                int y = (run->I * StepY) + dy, x = run->J + dx, count = run->Count;
                var inside = (uint)y < (uint)Height;
                var first = inside ? Math.Min(count, Math.Max(0, -x)) : count;
                var last = inside ? Math.Max(first, Math.Min(count, Width - x)) : count;
                var from = X + ((((nint)run->Image * Channels) + channel) * plane) + ((nint)y * Width) + x;
                var into = to + run->At;
                for (var n = 0; n < first; n++) into[n] = 0;
                var at = first;
                for (; at + V.Count <= last; at += V.Count) V.Store(into + at, V.Load(from + at));
                if (at < last) V.StorePartial(into + at, V.LoadPartial(from + at, last - at), last - at);
                for (var n = last; n < count; n++) into[n] = 0;
            }
            // Whole vectors are whole: what lies behind the last pixel is 0.
            for (var n = end; n % V.Count != 0; n++) to[n] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lines<V>(int channels, float* from, nint plane, int first, int last, float* to, nint leading, bool add) where V : struct, IVector<V>
    {
        if (first == 0 && last == V.Count)
        {
            for (; channels > 0; channels--, from += plane, to += leading) V.Store(to, V.Load(from));
            return;
        }
        var mask = V.Lanes(first, last);
        if (add) for (; channels > 0; channels--, from += plane, to += leading) V.Store(to, V.LoadLanes(from, mask) | V.Load(to));
        else for (; channels > 0; channels--, from += plane, to += leading) V.Store(to, V.LoadLanes(from, mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halves<V>(int channels, float* from, nint plane, int first, int last, float* to, nint leading, bool add) where V : struct, IVector<V>
    {
        // Lane l comes from float 2l; the float behind the last lane's isn't touched.
        var low = V.Lanes(2 * first, (2 * last) - 1);
        var high = V.Lanes((2 * first) - V.Count, (2 * last) - 1 - V.Count);
        if (add)
        {
            for (; channels > 0; channels--, from += plane, to += leading)
                V.Store(to, V.Evens(V.LoadLanes(from, low), V.LoadLanes(from + V.Count, high)) | V.Load(to));
        }
        else
        {
            for (; channels > 0; channels--, from += plane, to += leading)
                V.Store(to, V.Evens(V.LoadLanes(from, low), V.LoadLanes(from + V.Count, high)));
        }
    }

    private readonly void Spread<V>(int channels, float* from, nint plane, int first, int last, float* to, nint leading, bool add) where V : struct, IVector<V>
    {
        for (; channels > 0; channels--, from += plane, to += leading)
        {
            if (!add) V.Store(to, default);
            for (var lane = first; lane < last; lane++) to[lane] = from[lane * StepX];
        }
    }
}
