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

    /// <summary>A convolution's own columns; the distances, one for each tap, are filled in.</summary>
    public static ConvColumns Of(ConvShape s, float* x, int* deltaY, int* deltaX)
    {
        for (var t = 0; t < s.Kernel; t++)
            (deltaY[t], deltaX[t]) = ((t / s.KernelWidth) - s.PadH, (t % s.KernelWidth) - s.PadW);
        return new ConvColumns
        {
            X = x,
            Channels = s.InChannels,
            Height = s.InHeight,
            Width = s.InWidth,
            Taps = s.Kernel,
            DeltaY = deltaY,
            DeltaX = deltaX,
            StepY = s.StrideH,
            StepX = s.StrideW,
            GridHeight = s.OutHeight,
            GridWidth = s.OutWidth,
        };
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
            runs[number] = new Run
            {
                At = at,
                Count = length,
                Image = (int)image,
                I = i,
                J = j,
            };
            at += length;
            j = 0;
            if (++i < GridHeight)
                continue;
            i = 0;
            image++;
        }

        return number;
    }

    /// <summary>
    /// Rows [top, bottom) of the columns in runs, leading floats (whole vectors) from row to row; row r is tap r / Channels of
    /// channel r % Channels, and taps is what the halo's Place made of them. Up to the next whole vector a row goes on with zeros; a
    /// vector behind the last row is written, too.
    /// </summary>
    public readonly void Pack<V>(in ConvHalo halo, nint* taps, int top, int bottom, Run* runs, int number, float* to, int leading)
        where V : struct, IVector<V>
    {
        var end = runs[number - 1].At + runs[number - 1].Count;
        var moves = stackalloc Move[number + (end / V.Count)];
        var count = 0;
        for (var r = 0; r < number; r++)
        {
            var from = halo.Distance(runs[r].Image, runs[r].I * StepY, runs[r].J);
            for (var n = 0; n < runs[r].Count; n += V.Count)
                moves[count++] = new Move { From = from + n, To = runs[r].At + n };
        }

        var row = top;
        while (row < bottom && row < Taps * Channels)
        {
            var (tap, channel) = Math.DivRem(row, Channels);
            var channels = Math.Min(Channels - channel, bottom - row);
            Copy<V>(channels, halo.Data + ((nint)channel * halo.Plane) + taps[tap], halo.Plane, moves, count, end, to, leading);
            row += channels;
            to += (nint)channels * leading;
        }

        for (; row < bottom; row++, to += leading)
            new Span<float>(to, end).Fill(1);
    }

    /// <summary>
    /// The same rows where they lie in the halo, as they meet its first pixel: stretches of channels, a plane apart. Those of other pixels
    /// are as far from them as the pixels, but for a last one of ones. Behind them lies the end of the list; room for Taps + 3 is needed.
    /// </summary>
    public readonly int Stretches(in ConvHalo halo, nint* taps, int top, int bottom, float* ones, Stretch* to)
    {
        var number = 0;
        while (top < bottom && top < Taps * Channels)
        {
            var (tap, channel) = Math.DivRem(top, Channels);
            var channels = Math.Min(Channels - channel, bottom - top);
            to[number++] = new Stretch { From = halo.Data + ((nint)channel * halo.Plane) + taps[tap], Length = channels };
            top += channels;
        }

        to[number] = new Stretch { From = ones, Length = top < bottom ? 1 : 0 };
        to[number + 1].Length = 0;
        return number;
    }

    /// <summary>In the order of the moves: what one writes behind its run belongs to those that follow, or to the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<V>(int channels, float* from, nint plane, Move* moves, int count, int end, float* to, nint leading)
        where V : struct, IVector<V>
    {
        if (end % V.Count != 0 || count > 4 || count < 2)
        {
            for (; channels > 0; channels--, from += plane, to += leading)
            {
                for (var m = 0; m < count; m++)
                    V.Store(to + moves[m].To, V.Load(from + moves[m].From));
                for (var n = end; n % V.Count != 0; n++)
                    to[n] = 0;
            }

            return;
        }

        nint from0 = moves[0].From,
            from1 = moves[1].From,
            from2 = count > 2 ? moves[2].From : 0,
            from3 = count > 3 ? moves[3].From : 0;
        nint to1 = moves[1].To,
            to2 = count > 2 ? moves[2].To : 0,
            to3 = count > 3 ? moves[3].To : 0;
        for (; channels > 0; channels--, from += plane, to += leading)
        {
            V.Store(to, V.Load(from + from0));
            V.Store(to + to1, V.Load(from + from1));
            if (count == 2)
                continue;
            V.Store(to + to2, V.Load(from + from2));
            if (count > 3)
                V.Store(to + to3, V.Load(from + from3));
        }
    }

    /// <summary>A vector, as distances from where the tap meets the first pixel and from the start of the row.</summary>
    private struct Move
    {
        public nint From;
        public nint To;
    }
}
