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

    /// <summary>Rows [top, bottom) of the columns in runs, leading floats from row to row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Pack(int top, int bottom, Run* runs, int number, float* to, int leading)
    {
        var (channel, tap) = Math.DivRem(top, Taps);
        var total = number == 0 ? 0 : runs[number - 1].At + runs[number - 1].Count;
        for (var row = top; row < bottom; row++, to += leading)
        {
            if (channel == Channels)
            {
                new Span<float>(to, total).Fill(1);
                break;
            }
            int dy = DeltaY[tap], dx = DeltaX[tap];
            var plane = X + ((long)channel * Height * Width);
            for (var r = 0; r < number; r++)
            {
                var run = runs + r;
                var y = (run->I * StepY) + dy;
                var x = (run->J * StepX) + dx;
                var count = run->Count;
                var into = to + run->At;
                if ((uint)y >= (uint)Height)
                {
                    Zero(into, count);
                    continue;
                }
                var line = plane + ((long)run->Image * Channels * Height * Width) + ((long)y * Width);
                if (x >= 0 && x + ((count - 1) * StepX) < Width)
                {
                    CopyLine(line + x, into, count);
                    continue;
                }
                var before = x >= 0 ? 0 : Math.Min(count, (-x + StepX - 1) / StepX);
                var inside = x >= Width ? 0 : Math.Min(count, ((Width - 1 - x) / StepX) + 1) - before;
                if (inside < 0) inside = 0;
                Zero(into, before);
                CopyLine(line + x + (before * StepX), into + before, inside);
                Zero(into + before + inside, count - before - inside);
            }
            if (++tap < Taps) continue;
            tap = 0;
            channel++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void CopyLine(float* from, float* to, int count)
    {
        var n = 0;
        if (StepX == 1)
        {
            if (Simd.Width == 512)
            {
                for (; n + 16 <= count; n += 16) V512.Store(to + n, V512.Load(from + n));
                if (n < count) V512.StorePartial(to + n, V512.LoadPartial(from + n, count - n), count - n);
                return;
            }
            for (; n + 4 <= count; n += 4) V128.Store(to + n, V128.Load(from + n));
            for (; n < count; n++) to[n] = from[n];
            return;
        }
        if (StepX == 2)
        {
            // Loads of eight, seven of which are the line's own: the last is left to the scalar loop.
            for (; n + 4 < count; n += 4) V128.Store(to + n, V128.Evens(V128.Load(from + (2 * n)), V128.Load(from + (2 * n) + 4)));
        }
        for (; n < count; n++) to[n] = from[n * StepX];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zero(float* to, int count)
    {
        for (var n = 0; n < count; n++) to[n] = 0;
    }
}
