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
        if (Simd.Width == 512) Run<V512>(halo, start, end);
        else if (Simd.Width == 256) Run<V256>(halo, start, end);
        else Run<V128>(halo, start, end);
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

    private readonly void Run<V>(in ConvHalo halo, long start, long end) where V : struct, IVector<V>
    {
        if (IsDirect)
        {
            Direct<V>(start, end);
            return;
        }
        var strip = 2 * V.Count;
        var step = Step(Depth);
        var inRows = ReadsRows(strip);
        var block = inRows ? Math.Max(1, Block / Columns.GridWidth) * Columns.GridWidth : Block;
        var bytes = ((long)(step * strip) + V.Count) * sizeof(float);
        var columns = NativePool.Rent(bytes);
        var tileFloats = (long)Outputs * ((block / Columns.GridWidth) + 1) * (Columns.GridWidth + strip);
        var tiles = NativePool.Rent(tileFloats * sizeof(float));
        var runs = stackalloc ConvColumns.Run[strip];
        var taps = stackalloc nint[Columns.Taps];
        var stretches = stackalloc Stretch[Columns.Taps + 3];
        halo.Place(Columns, taps);
        if (inRows) new Span<float>(columns, strip).Fill(1);
        var plane = PlaneHeight * PlaneWidth;
        var whole = OutStepX == 1 && (inRows || (OutStepY == 1 && Columns.Plane == plane));
        for (var first = start; first < end; first += block)
        {
            var count = (int)Math.Min(block, end - first);
            for (var k = 0; k < Depth; k += step)
            {
                var length = Math.Min(step, Depth - k);
                var tile = tiles;
                for (int at = 0, width; at < count; at += width)
                {
                    width = Math.Min(strip, count - at);
                    if (inRows) width = Math.Min(width, Columns.GridWidth - (int)((first + at) % Columns.GridWidth));
                    var number = Columns.Runs(first + at, width, runs);
                    var direct = whole && runs[0].Image == runs[number - 1].Image;
                    var c = direct ? Y + Place(runs[0]) : tile;
                    var leading = direct ? plane : strip;
                    if (inRows)
                    {
                        Columns.Stretches(halo, taps, k, k + length, runs[0], columns, stretches);
                        Strip<V, PackedStretchedB>(k, length, stretches, halo.Plane, c, leading, width);
                    }
                    else
                    {
                        Columns.Pack<V>(halo, taps, k, k + length, runs, number, columns, strip);
                        *stretches = new Stretch { From = columns, Length = length };
                        Strip<V, Packed>(k, length, stretches, strip, c, leading, width);
                    }
                    if (direct) continue;
                    if (k + length == Depth) Scatter<V>(c, strip, runs, number);
                    if (Depth > step) tile += (long)strip * Outputs;
                }
            }
        }
        NativePool.Return(columns, bytes);
        NativePool.Return(tiles, tileFloats * sizeof(float));
    }

    /// <summary>
    /// Whether the product reads the halo itself, by strips that end with a row of pixels, instead of columns copied from it: that saves
    /// some two outputs' time a row and wastes the rest of each row's last strip.
    /// </summary>
    private readonly bool ReadsRows(int strip) =>
        (long)Outputs * ((Columns.GridWidth + strip - 1) / strip * strip) <= (long)(Outputs + 2) * Columns.GridWidth;

    private readonly void Direct<V>(long start, long end) where V : struct, IVector<V>
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
                if (r > 0 && r == number - 1 && runs[r].At + runs[r].Count == wide) break;
                var run = runs[r];
                var to = OutStepX == 1 ? Y + Place(run) : tile;
                var leading = OutStepX == 1 ? plane : wide;
                if (Outputs == 1) ConvDirect<V, N1>.Run(Columns, Weights, Depth, run, to, leading);
                else if (Outputs == 2) ConvDirect<V, N2>.Run(Columns, Weights, Depth, run, to, leading);
                else if (Outputs == 3) ConvDirect<V, N3>.Run(Columns, Weights, Depth, run, to, leading);
                else ConvDirect<V, N4>.Run(Columns, Weights, Depth, run, to, leading);
                start += run.Count;
                run.At = 0;
                if (OutStepX != 1) Scatter<V>(tile, wide, &run, 1);
            }
        }
    }

    /// <summary>All outputs at one strip of pixels.</summary>
    private readonly void Strip<V, TLayout>(int k, int length, Stretch* columns, nint ldb, float* c, nint leading, int width)
        where V : struct, IVector<V> where TLayout : struct, ILayout
    {
        var weights = Weights + ((long)k * Outputs);
        for (var (panel, row) = (0, 0); row < Outputs; panel++)
        {
            var rows = PanelRows(Outputs, Microkernels<V>.Rows, panel);
            Microkernels<V>.Choose<TLayout>(rows, width)(
                columns->Length, weights, rows, columns->From, ldb, c, leading, width, k > 0, null, columns + 1);
            weights += (long)rows * length;
            c += rows * leading;
            row += rows;
        }
    }

    /// <summary>Where the first pixel of a run lies in the first output's plane.</summary>
    private readonly long Place(ConvColumns.Run run) =>
        ((long)run.Image * Outputs * PlaneHeight * PlaneWidth)
        + ((long)(OffsetY + (run.I * OutStepY)) * PlaneWidth) + OffsetX + ((long)run.J * OutStepX);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Scatter<V>(float* tile, int leading, ConvColumns.Run* runs, int number) where V : struct, IVector<V>
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
                if (OutStepX == 1) Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));
                else if (OutStepX == 2) V.StoreEvens(to, from, count, more);
                else for (var n = 0; n < count; n++) to[n * OutStepX] = from[n];
            }
        }
    }
}
