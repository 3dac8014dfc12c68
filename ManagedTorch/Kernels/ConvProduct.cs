using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Weights times columns, written to pixels of the output planes that lie OutStep apart: a convolution, or one phase of a
/// transposed one. Each output is summed in the same order however the pixels are split among threads.
/// </summary>
internal unsafe struct ConvProduct
{
    /// <summary>Longest stretch of rows of the columns at a time.</summary>
    private const int MaxDepth = 320;

    /// <summary>Pixels at a time, whose columns stay in the second-level cache.</summary>
    private const int Block = 192;

    public ConvColumns Columns;

    /// <summary>Outputs x depth, packed by Pack.</summary>
    public float* Weights;
    public int Outputs;
    public int Depth;
    public float* Y;
    public int PlaneHeight;
    public int PlaneWidth;
    public int OffsetY;
    public int OffsetX;
    public int OutStepY;
    public int OutStepX;

    /// <summary>Panels of weights in the order in which the product reads them, in memory of the pool.</summary>
    public static float* Pack(int outputs, int depth, float* from)
    {
        var to = NativePool.Rent((long)outputs * depth * sizeof(float));
        var tallest = Simd.Width == 512 ? Microkernels<V512>.Rows : Microkernels<V256>.Rows;
        var step = Step(depth);
        for (var k = 0; k < depth; k += step)
        {
            var length = Math.Min(step, depth - k);
            for (var (panel, row) = (0, 0); row < outputs; panel++)
            {
                var rows = PanelRows(outputs, tallest, panel);
                Transpose.Run(rows, length, from + ((long)row * depth) + k, depth, to + ((long)k * outputs) + ((long)row * length), rows);
                row += rows;
            }
        }

        return to;
    }

    /// <summary>Whether it reads the images themselves, without a halo.</summary>
    public readonly bool IsDirect => Outputs <= 4 && Columns.StepX == 1;

    /// <summary>Pixels [start, end), whose images the halo holds.</summary>
    public readonly void Run(in ConvHalo halo, long start, long end)
    {
        if (Simd.Width == 512)
            Run<V512>(halo, start, end);
        else if (Simd.Width == 256)
            Run<V256>(halo, start, end);
        else
            Run<V128>(halo, start, end);
    }

    private static int Step(int depth)
    {
        var blocks = (depth + MaxDepth - 1) / MaxDepth;
        return (depth + blocks - 1) / blocks;
    }

    /// <summary>Heights of the panels that so many rows are cut into, as equal as can be.</summary>
    public static int PanelRows(int outputs, int tallest, int panel)
    {
        var panels = (outputs + tallest - 1) / tallest;
        return (outputs / panels) + (panel < outputs % panels ? 1 : 0);
    }

    private readonly void Run<V>(in ConvHalo halo, long start, long end)
        where V : struct, IVector<V>
    {
        if (IsDirect)
        {
            Direct<V>(start, end);
            return;
        }

        if (ReadsRows(2 * V.Count))
            RunInRows<V>(halo, start / Columns.GridWidth, end / Columns.GridWidth);
        else
            RunCopied<V>(halo, start, end);
    }

    private readonly void RunCopied<V>(in ConvHalo halo, long start, long end)
        where V : struct, IVector<V>
    {
        var strip = 2 * V.Count;
        var step = Step(Depth);
        var bytes = ((long)(step * strip) + V.Count) * sizeof(float);
        var columns = NativePool.Rent(bytes);
        var tiles = NativePool.Rent((long)Outputs * Block * sizeof(float));
        var runs = stackalloc ConvColumns.Run[strip];
        var taps = stackalloc nint[Columns.Taps];
        halo.Place(Columns, taps);
        var plane = PlaneHeight * PlaneWidth;
        var whole = OutStepX == 1 && OutStepY == 1 && Columns.Plane == plane;
        for (var first = start; first < end; first += Block)
        {
            var count = (int)Math.Min(Block, end - first);
            for (var k = 0; k < Depth; k += step)
            {
                var length = Math.Min(step, Depth - k);
                for (var at = 0; at < count; at += strip)
                {
                    var width = Math.Min(strip, count - at);
                    var number = Columns.Runs(first + at, width, runs);
                    Columns.Pack<V>(halo, taps, k, k + length, runs, number, columns, strip);
                    var direct = whole && runs[0].Image == runs[number - 1].Image;
                    var c = direct ? Y + Place(runs[0]) : tiles + ((long)at * Outputs);
                    var stretch = new Stretch { From = columns, Length = length };
                    Strip<V, Packed>(k, length, &stretch, strip, c, direct ? plane : strip, width);
                    if (!direct && k + length == Depth)
                        Scatter<V>(c, strip, runs, number);
                }
            }
        }

        NativePool.Return(columns, bytes);
        NativePool.Return(tiles, (long)Outputs * Block * sizeof(float));
    }

    /// <summary>
    /// Whether the product reads the halo itself, by strips that end with a row of pixels, instead of columns copied from it: that saves
    /// some two outputs' time a row and wastes the rest of each row's last strip.
    /// </summary>
    private readonly bool ReadsRows(int strip) =>
        (long)Outputs * ((Columns.GridWidth + strip - 1) / strip * strip) <= (long)(Outputs + 2) * Columns.GridWidth;

    /// <summary>Rows [top, bottom) of pixels.</summary>
    private readonly void RunInRows<V>(in ConvHalo halo, long top, long bottom)
        where V : struct, IVector<V>
    {
        var strip = 2 * V.Count;
        var step = Step(Depth);
        var together = Math.Max(1, Block / Columns.GridWidth);
        var strips = (Columns.GridWidth + strip - 1) / strip;
        var ones = stackalloc float[strip];
        new Span<float>(ones, strip).Fill(1);
        var bytes = (long)Outputs * together * strips * strip * sizeof(float);
        var tiles = NativePool.Rent(bytes);
        var taps = stackalloc nint[Columns.Taps];
        halo.Place(Columns, taps);
        var stretches = stackalloc Stretch[2 * (Columns.Taps + 3)];
        for (; top < bottom; top += together)
        {
            for (var k = 0; k < Depth; k += step)
            {
                var length = Math.Min(step, Depth - k);
                var number = Columns.Stretches(halo, taps, k, k + length, ones, stretches);
                var moved = stretches + Columns.Taps + 3;
                (moved[number], moved[number + 1]) = (stretches[number], stretches[number + 1]);
                var tile = tiles;
                for (var row = top; row < Math.Min(bottom, top + together); row++)
                {
                    var run = new ConvColumns.Run { Image = (int)(row / Columns.GridHeight), I = (int)(row % Columns.GridHeight) };
                    for (; run.J < Columns.GridWidth; run.J += strip)
                    {
                        run.Count = Math.Min(strip, Columns.GridWidth - run.J);
                        Move(stretches, number, halo.Distance(run.Image, run.I * Columns.StepY, run.J), moved);
                        if (OutStepX == 1)
                        {
                            Strip<V, PackedStretchedB>(
                                k,
                                length,
                                moved,
                                halo.Plane,
                                Y + Place(run),
                                (nint)PlaneHeight * PlaneWidth,
                                run.Count
                            );
                            continue;
                        }

                        Strip<V, PackedStretchedB>(k, length, moved, halo.Plane, tile, strip, run.Count);
                        if (k + length == Depth)
                            Scatter<V>(tile, strip, &run, 1);
                        if (step < Depth)
                            tile += (long)strip * Outputs;
                    }
                }
            }
        }

        NativePool.Return(tiles, bytes);
    }

    /// <summary>Whether two phases, one to the left of the other, can be run together.</summary>
    public static bool ArePair(in ConvProduct even, in ConvProduct odd)
    {
        var strip = 2 * Simd.Width / 32;
        return even.OutStepX == 2
            && odd.OffsetX == even.OffsetX + 1
            && odd.OffsetY == even.OffsetY
            && !even.IsDirect
            && Math.Max(even.Depth, odd.Depth) <= MaxDepth
            && even.ReadsRows(strip)
            && odd.ReadsRows(strip);
    }

    /// <summary>Rows [top, bottom) of two phases whose pixels alternate: both strips are made before they are written together.</summary>
    public static void RunPair(in ConvProduct even, in ConvProduct odd, in ConvHalo halo, long top, long bottom)
    {
        if (Simd.Width == 512)
            RunPair<V512>(even, odd, halo, top, bottom);
        else if (Simd.Width == 256)
            RunPair<V256>(even, odd, halo, top, bottom);
        else
            RunPair<V128>(even, odd, halo, top, bottom);
    }

    private static void RunPair<V>(in ConvProduct even, in ConvProduct odd, in ConvHalo halo, long top, long bottom)
        where V : struct, IVector<V>
    {
        var strip = 2 * V.Count;
        var ones = stackalloc float[strip];
        new Span<float>(ones, strip).Fill(1);
        var bytes = 2L * even.Outputs * strip * sizeof(float);
        var tiles = NativePool.Rent(bytes);
        var most = Math.Max(even.Columns.Taps, odd.Columns.Taps) + 3;
        var taps = stackalloc nint[most];
        Stretch* evens = stackalloc Stretch[2 * most],
            odds = stackalloc Stretch[2 * most];
        var evenNumber = even.AllStretches(halo, taps, ones, evens, evens + most);
        var oddNumber = odd.AllStretches(halo, taps, ones, odds, odds + most);
        for (; top < bottom; top++)
        {
            int image = (int)(top / even.Columns.GridHeight),
                row = (int)(top % even.Columns.GridHeight);
            for (var j = 0; j < even.Columns.GridWidth; j += strip)
            {
                int width = Math.Min(strip, even.Columns.GridWidth - j),
                    oddWidth = Math.Min(strip, odd.Columns.GridWidth - j);
                var distance = halo.Distance(image, row * even.Columns.StepY, j);
                Move(evens, evenNumber, distance, evens + most);
                even.Strip<V, PackedStretchedB>(0, even.Depth, evens + most, halo.Plane, tiles, 2 * strip, width);
                if (oddWidth > 0)
                {
                    Move(odds, oddNumber, distance, odds + most);
                    odd.Strip<V, PackedStretchedB>(0, odd.Depth, odds + most, halo.Plane, tiles + strip, 2 * strip, oddWidth);
                }

                even.Interleave<V>(
                    tiles,
                    even.Y
                        + even.Place(
                            new()
                            {
                                Image = image,
                                I = row,
                                J = j,
                            }
                        ),
                    width,
                    oddWidth
                );
            }
        }

        NativePool.Return(tiles, bytes);
    }

    /// <summary>The stretches of the whole depth, and the end of a list that they will be moved to.</summary>
    private readonly int AllStretches(in ConvHalo halo, nint* taps, float* ones, Stretch* to, Stretch* moved)
    {
        halo.Place(Columns, taps);
        var number = Columns.Stretches(halo, taps, 0, Depth, ones, to);
        (moved[number], moved[number + 1]) = (to[number], to[number + 1]);
        return number;
    }

    private static void Move(Stretch* from, int number, nint distance, Stretch* to)
    {
        for (var i = 0; i < number; i++)
            to[i] = new Stretch { From = from[i].From + distance, Length = from[i].Length };
    }

    /// <summary>Rows of an even strip and an odd one, a row an output, to the output's row of pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Interleave<V>(float* tiles, float* to, int evens, int odds)
        where V : struct, IVector<V>
    {
        var plane = (nint)PlaneHeight * PlaneWidth;
        nint strip = 2 * V.Count;
        for (var output = 0; output < Outputs; output++, to += plane, tiles += 2 * strip)
        {
            if (odds >= V.Count)
            {
                // Between them the two vectors overlap where there are less than two.
                var last = odds - V.Count;
                V.StorePairs(to, V.Load(tiles), V.Load(tiles + strip));
                V.StorePairs(to + (2 * last), V.Load(tiles + last), V.Load(tiles + strip + last));
                if (evens > odds)
                    to[2 * odds] = tiles[odds];
                continue;
            }

            for (var n = 0; n < evens; n++)
                to[2 * n] = tiles[n];
            for (var n = 0; n < odds; n++)
                to[(2 * n) + 1] = tiles[strip + n];
        }
    }

    private readonly void Direct<V>(long start, long end)
        where V : struct, IVector<V>
    {
        var wide = 4 * V.Count;
        var runs = stackalloc ConvColumns.Run[wide];
        var tile = stackalloc float[4 * wide];
        var plane = (nint)PlaneHeight * PlaneWidth;
        while (start < end)
        {
            // At most one vector group of one row.
            var number = Columns.Runs(start, (int)Math.Min(wide, end - start), runs);
            for (var r = 0; r < number; r++)
            {
                if (r > 0 && r == number - 1 && runs[r].At + runs[r].Count == wide)
                    break;
                var run = runs[r];
                var to = OutStepX == 1 ? Y + Place(run) : tile;
                var leading = OutStepX == 1 ? plane : wide;
                if (Outputs == 1)
                    ConvDirect<V, N1>.Run(Columns, Weights, Depth, run, to, leading);
                else if (Outputs == 2)
                    ConvDirect<V, N2>.Run(Columns, Weights, Depth, run, to, leading);
                else if (Outputs == 3)
                    ConvDirect<V, N3>.Run(Columns, Weights, Depth, run, to, leading);
                else
                    ConvDirect<V, N4>.Run(Columns, Weights, Depth, run, to, leading);
                start += run.Count;
                run.At = 0;
                if (OutStepX != 1)
                    Scatter<V>(tile, wide, &run, 1);
            }
        }
    }

    /// <summary>All outputs at one strip of pixels.</summary>
    private readonly void Strip<V, TLayout>(int k, int length, Stretch* columns, nint ldb, float* c, nint leading, int width)
        where V : struct, IVector<V>
        where TLayout : struct, ILayout
    {
        var weights = Weights + ((long)k * Outputs);
        for (var (panel, row) = (0, 0); row < Outputs; panel++)
        {
            var rows = PanelRows(Outputs, Microkernels<V>.Rows, panel);
            Microkernels<V>.Choose<TLayout>(rows, width)(
                columns->Length,
                weights,
                rows,
                columns->From,
                ldb,
                c,
                leading,
                width,
                k > 0,
                null,
                columns + 1
            );
            weights += (long)rows * length;
            c += rows * leading;
            row += rows;
        }
    }

    /// <summary>Where the first pixel of a run lies in the first output's plane.</summary>
    private readonly long Place(ConvColumns.Run run) =>
        ((long)run.Image * Outputs * PlaneHeight * PlaneWidth)
        + ((long)(OffsetY + (run.I * OutStepY)) * PlaneWidth)
        + OffsetX
        + ((long)run.J * OutStepX);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Scatter<V>(float* tile, int leading, ConvColumns.Run* runs, int number)
        where V : struct, IVector<V>
    {
        var plane = (long)PlaneHeight * PlaneWidth;
        for (var r = 0; r < number; r++)
        {
            var to = Y + Place(runs[r]);
            var from = tile + runs[r].At;
            var count = runs[r].Count;
            var more = OffsetX + (2 * (runs[r].J + count)) <= PlaneWidth;
            for (var output = 0; output < Outputs; output++, to += plane, from += leading)
            {
                if (OutStepX == 1)
                {
                    Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));
                }
                else if (OutStepX == 2)
                {
                    V.StoreEvens(to, from, count, more);
                }
                else
                {
                    for (var n = 0; n < count; n++)
                        to[n * OutStepX] = from[n];
                }
            }
        }
    }
}
