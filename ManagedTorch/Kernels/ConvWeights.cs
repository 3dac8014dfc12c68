using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>
/// The weights' gradient: columns times dy transposed, summed over pixels; each thread sums its images, then threads are added up.
/// </summary>
internal static unsafe class ConvWeights
{
    /// <summary>Pixels at a time.</summary>
    private const int Block = 256;

    /// <summary>Fewer would leave a tile's rows, which must be of one tap, mostly empty: their columns are copied.</summary>
    private const int LeastChannels = 4;

    public static void Gradient(ConvShape s, float* x, float* dy, float* dw)
    {
        int taps = s.Kernel,
            depth = s.InChannels * taps;
        var deltaY = stackalloc int[taps];
        var deltaX = stackalloc int[taps];
        long pixels = (long)s.Batch * s.OutPlane,
            size = (long)depth * s.OutChannels;
        var parts = (int)Math.Clamp(pixels * size / 400_000, 1, ThreadTeam.Count);
        var sums = NativePool.Rent(parts * size * sizeof(float));
        NativeMemory.Clear(sums, (nuint)(parts * size * sizeof(float)));
        var job = new Job
        {
            Columns = ConvColumns.Of(s, x, deltaY, deltaX),
            Outputs = s.OutChannels,
            Depth = depth,
            Gradient = dy,
            Sums = sums,
            Pixels = pixels,
            Parts = parts,
        };
        ThreadTeam.Each(parts, ref job);
        for (var part = 1; part < parts; part++)
            Elementwise.Binary<AddOp>(size, sums, sums + (part * size), sums);
        Order(s.OutChannels, s.InChannels, taps, sums, dw);
        NativePool.Return(sums, parts * size * sizeof(float));
    }

    /// <summary>[tap, channel, output] to [output, channel, tap].</summary>
    private static void Order(int outputs, int channels, int taps, float* from, float* to)
    {
        var sizes = stackalloc long[3] { outputs, channels, taps };
        var strides = stackalloc long[3] { 1, outputs, (long)channels * outputs };
        StridedCopy.Run(3, sizes, strides, from, to);
    }

    private struct Job : IRangeJob
    {
        public ConvColumns Columns;
        public int Outputs;
        public int Depth;
        public float* Gradient;
        public float* Sums;
        public long Pixels;
        public int Parts;

        public readonly void Run(long start, long end)
        {
            for (var part = start; part < end; part++)
            {
                var chunk = (Pixels + Parts - 1) / Parts;
                var (first, last) = (part * chunk, Math.Min(Pixels, (part + 1) * chunk));
                var to = Sums + (part * Depth * Outputs);
                if (Simd.Width == 512)
                    Sum<V512>(first, last, to);
                else if (Simd.Width == 256)
                    Sum<V256>(first, last, to);
                else
                    Sum<V128>(first, last, to);
            }
        }

        private readonly void Sum<V>(long first, long last, float* sums)
            where V : struct, IVector<V>
        {
            var grid = Columns;
            var copies = !Few && grid.Channels < LeastChannels;
            var halo = new ConvHalo(&grid, 1);
            halo.Rent(halo.Group);
            var bytes = copies ? ((long)(Depth * Block) + V.Count) * sizeof(float) : 0;
            var columns = NativePool.Rent(bytes);
            var gradient = NativePool.Rent((long)Outputs * Block * sizeof(float));
            var runs = stackalloc ConvColumns.Run[Block];
            var distances = stackalloc nint[Block];
            var taps = stackalloc nint[grid.Taps];
            halo.Place(grid, taps);
            while (first < last)
            {
                var image = (int)(first / grid.Plane);
                var stop = Math.Min(last, (long)(image + halo.Group) * grid.Plane);
                halo.Fill(image, (int)((stop + grid.Plane - 1) / grid.Plane));
                for (; first < stop; first += Block)
                {
                    var count = (int)Math.Min(Block, stop - first);
                    var number = grid.Runs(first, count, runs);
                    for (var r = 0; r < number; r++)
                    {
                        PlaceGradient(runs + r, gradient);
                        distances[r] = halo.Distance(runs[r].Image, runs[r].I * grid.StepY, runs[r].J);
                    }

                    if (copies)
                    {
                        grid.Pack<V>(halo, taps, 0, Depth, runs, number, columns, Block);
                        Tiles<V>(count, columns, gradient, sums);
                    }
                    else if (Few)
                    {
                        Dots<V>(halo, taps, runs, distances, number, gradient, sums);
                    }
                    else
                    {
                        Stretches<V>(halo, taps, runs, distances, number, gradient, sums);
                    }
                }

                first = stop;
            }

            NativePool.Return(columns, bytes);
            NativePool.Return(gradient, (long)Outputs * Block * sizeof(float));
            halo.Return();
        }

        /// <summary>Rows of the columns where they lie in the halo, a panel of channels of one tap at a time.</summary>
        private readonly void Stretches<V>(
            in ConvHalo halo,
            nint* taps,
            ConvColumns.Run* runs,
            nint* distances,
            int number,
            float* gradient,
            float* sums
        )
            where V : struct, IVector<V>
        {
            var strip = 2 * V.Count;
            var stretches = stackalloc Stretch[Block + 1];
            stretches[number].Length = 0;
            for (var tap = 0; tap < Columns.Taps; tap++)
            {
                for (var (panel, channel) = (0, 0); channel < Columns.Channels; panel++)
                {
                    var rows = ConvProduct.PanelRows(Columns.Channels, Microkernels<V>.Rows, panel);
                    var from = halo.Data + taps[tap] + ((nint)channel * halo.Plane);
                    for (var r = 0; r < number; r++)
                        stretches[r] = new Stretch { From = from + distances[r], Length = runs[r].Count };
                    for (var j = 0; j < Outputs; j += strip)
                    {
                        var width = Math.Min(strip, Outputs - j);
                        Microkernels<V>.Choose<RowsApartStretchedA>(rows, width)(
                            stretches->Length,
                            stretches->From,
                            halo.Plane,
                            gradient + j,
                            Outputs,
                            sums + j,
                            Outputs,
                            width,
                            true,
                            null,
                            stretches + 1
                        );
                    }

                    channel += rows;
                    sums += rows * Outputs;
                }
            }
        }

        /// <summary>So few outputs that a vector of them would be mostly empty.</summary>
        private readonly bool Few => Outputs <= 4;

        /// <summary>dy of a run as [pixel, output], or as [output, pixel] with few outputs.</summary>
        private readonly void PlaceGradient(ConvColumns.Run* run, float* to)
        {
            var plane = Columns.Plane;
            var from = Gradient + ((long)run->Image * Outputs * plane) + (run->I * Columns.GridWidth) + run->J;
            if (!Few)
            {
                Transpose.Run(Outputs, run->Count, from, plane, to + ((long)run->At * Outputs), Outputs);
                return;
            }

            for (var o = 0; o < Outputs; o++, from += plane)
                Buffer.MemoryCopy(from, to + (o * Block) + run->At, run->Count * sizeof(float), run->Count * sizeof(float));
        }

        /// <summary>Four channels of one tap at a time, where they lie in the halo, times the gradient of one output.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Dots<V>(
            in ConvHalo halo,
            nint* taps,
            ConvColumns.Run* runs,
            nint* distances,
            int number,
            float* gradient,
            float* sums
        )
            where V : struct, IVector<V>
        {
            var (channels, plane) = (Columns.Channels, (nint)halo.Plane);
            for (var tap = 0; tap < Columns.Taps; tap++)
            {
                for (var channel = 0; channel < channels; channel += 4)
                {
                    // Behind the last channel the last one again, whose sums are not kept.
                    var c0 = halo.Data + taps[tap] + (channel * plane);
                    var c1 = c0 + ((Math.Min(channel + 1, channels - 1) - channel) * plane);
                    var c2 = c0 + ((Math.Min(channel + 2, channels - 1) - channel) * plane);
                    var c3 = c0 + ((Math.Min(channel + 3, channels - 1) - channel) * plane);
                    for (var o = 0; o < Outputs; o++)
                    {
                        V s0 = default,
                            s1 = default,
                            s2 = default,
                            s3 = default;
                        for (var r = 0; r < number; r++)
                        {
                            var g = gradient + (o * Block) + runs[r].At;
                            nint at = distances[r],
                                count = runs[r].Count,
                                n = 0;
                            for (; n + V.Count <= count; n += V.Count)
                            {
                                var x = V.Load(g + n);
                                V.Accumulate(ref s0, x, V.Load(c0 + at + n));
                                V.Accumulate(ref s1, x, V.Load(c1 + at + n));
                                V.Accumulate(ref s2, x, V.Load(c2 + at + n));
                                V.Accumulate(ref s3, x, V.Load(c3 + at + n));
                            }

                            if (n == count)
                                continue;
                            // What lies behind a run may be anything, and 0 times NaN is not 0.
                            var rest = (int)(count - n);
                            var last = V.LoadPartial(g + n, rest);
                            V.Accumulate(ref s0, last, V.LoadPartial(c0 + at + n, rest));
                            V.Accumulate(ref s1, last, V.LoadPartial(c1 + at + n, rest));
                            V.Accumulate(ref s2, last, V.LoadPartial(c2 + at + n, rest));
                            V.Accumulate(ref s3, last, V.LoadPartial(c3 + at + n, rest));
                        }

                        var to = sums + ((((nint)tap * channels) + channel) * Outputs) + o;
                        to[0] += V.Sum(s0);
                        if (channel + 1 < channels)
                            to[Outputs] += V.Sum(s1);
                        if (channel + 2 < channels)
                            to[2 * Outputs] += V.Sum(s2);
                        if (channel + 3 < channels)
                            to[3 * Outputs] += V.Sum(s3);
                    }
                }
            }
        }

        private readonly void Tiles<V>(int count, float* columns, float* gradient, float* sums)
            where V : struct, IVector<V>
        {
            var strip = 2 * V.Count;
            for (var j = 0; j < Outputs; j += strip)
            {
                var width = Math.Min(strip, Outputs - j);
                for (var i = 0; i < Depth; i += Microkernels<V>.Rows)
                {
                    var height = Math.Min(Microkernels<V>.Rows, Depth - i);
                    Microkernels<V>.Choose<RowsApart>(height, width)(
                        count,
                        columns + (i * Block),
                        Block,
                        gradient + j,
                        Outputs,
                        sums + ((long)i * Outputs) + j,
                        Outputs,
                        width,
                        true,
                        null,
                        null
                    );
                }
            }
        }
    }
}
