namespace TorchSharp.Kernels;

/// <summary>
/// Two-dimensional convolution, NCHW, one group, no dilation, and its gradients; results are written, not added. A transposed
/// convolution is BackwardInput forward, Forward for its input's gradient, and BackwardWeight with x and dy exchanged.
/// </summary>
internal static unsafe class Conv2d
{
    private const long WorthAThread = 100_000;

    /// <summary>Multiplications below which a piece costs more than its claim brings.</summary>
    private const long WorthAShare = 1_000_000;

    /// <summary>bias may be null.</summary>
    public static void Forward(ConvShape s, float* x, float* w, float* bias, float* y)
    {
        int taps = s.Kernel,
            depth = s.InChannels * taps;
        var deltaY = stackalloc int[taps];
        var deltaX = stackalloc int[taps];
        var total = bias != null ? depth + 1 : depth;
        var rows = NativePool.Rent((long)s.OutChannels * total * sizeof(float));
        for (var o = 0; o < s.OutChannels; o++)
        {
            var row = rows + ((long)o * total);
            Transpose.Run(s.InChannels, taps, w + ((long)o * depth), taps, row, s.InChannels);
            if (bias != null)
                row[depth] = bias[o];
        }

        var product = new ConvProduct
        {
            Columns = ConvColumns.Of(s, x, deltaY, deltaX),
            Outputs = s.OutChannels,
            Depth = total,
            Weights = ConvProduct.Pack(s.OutChannels, total, rows),
            Y = y,
            PlaneHeight = s.OutHeight,
            PlaneWidth = s.OutWidth,
            OutStepY = 1,
            OutStepX = 1,
        };
        Run(s.Batch, &product, 1);
        NativePool.Return(rows, (long)s.OutChannels * total * sizeof(float));
    }

    /// <summary>
    /// The pixels of dx fall into strideH * strideW phases, and each of them is a convolution of dy, without stride, with those
    /// weights that meet the phase: nothing is multiplied by zero and nothing is scattered. bias, one for each input channel or
    /// null, is added: a transposed convolution's.
    /// </summary>
    public static void BackwardInput(ConvShape s, float* dy, float* w, float* bias, float* dx)
    {
        var deltaY = stackalloc int[s.Kernel];
        var deltaX = stackalloc int[s.Kernel];
        var phases = stackalloc ConvProduct[s.StrideH * s.StrideW];
        var (number, taps) = (0, 0);
        var bytes = (long)s.OutChannels * s.InChannels * s.Kernel * sizeof(float);
        var turned = NativePool.Rent(bytes);
        Transpose.Run(s.OutChannels, s.InChannels * s.Kernel, w, s.InChannels * s.Kernel, turned, s.OutChannels);
        for (var top = 0; top < Math.Min(s.StrideH, s.InHeight); top++)
        {
            for (var left = 0; left < Math.Min(s.StrideW, s.InWidth); left++)
            {
                phases[number] = Phase(s, top, left, dy, turned, bias, dx, deltaY + taps, deltaX + taps);
                taps += phases[number++].Columns.Channels == 0 ? 0 : phases[number - 1].Columns.Taps;
            }
        }

        NativePool.Return(turned, bytes);
        Run(s.Batch, phases, number);
    }

    /// <summary>w: [input channel, tap, output channel].</summary>
    private static ConvProduct Phase(ConvShape s, int top, int left, float* dy, float* w, float* bias, float* dx, int* deltaY, int* deltaX)
    {
        var tapAt = stackalloc int[s.Kernel];
        var taps = 0;
        for (var u = (top + s.PadH) % s.StrideH; u < s.KernelHeight; u += s.StrideH)
        {
            for (var v = (left + s.PadW) % s.StrideW; v < s.KernelWidth; v += s.StrideW)
            {
                tapAt[taps] = (u * s.KernelWidth) + v;
                deltaY[taps] = (top + s.PadH - u) / s.StrideH;
                deltaX[taps++] = (left + s.PadW - v) / s.StrideW;
            }
        }
        // A row of ones for the bias, and for phases that no weight meets, whose gradient is 0.
        var extra = bias != null || taps == 0;
        var depth = (s.OutChannels * taps) + (extra ? 1 : 0);
        var bytes = (long)s.InChannels * depth * sizeof(float);
        var rows = NativePool.Rent(bytes);
        for (var c = 0; c < s.InChannels; c++)
        {
            for (var t = 0; t < taps; t++)
            {
                var from = new Span<float>(w + ((((long)c * s.Kernel) + tapAt[t]) * s.OutChannels), s.OutChannels);
                from.CopyTo(new Span<float>(rows + ((long)c * depth) + ((long)t * s.OutChannels), s.OutChannels));
            }
        }

        for (var c = 0; extra && c < s.InChannels; c++)
            rows[((long)(c + 1) * depth) - 1] = bias == null ? 0 : bias[c];
        var product = new ConvProduct
        {
            Columns = new ConvColumns
            {
                X = dy,
                Channels = taps == 0 ? 0 : s.OutChannels,
                Height = s.OutHeight,
                Width = s.OutWidth,
                Taps = Math.Max(1, taps),
                DeltaY = deltaY,
                DeltaX = deltaX,
                StepY = 1,
                StepX = 1,
                GridHeight = (s.InHeight - top + s.StrideH - 1) / s.StrideH,
                GridWidth = (s.InWidth - left + s.StrideW - 1) / s.StrideW,
            },
            Outputs = s.InChannels,
            Depth = depth,
            Weights = ConvProduct.Pack(s.InChannels, depth, rows),
            Y = dx,
            PlaneHeight = s.InHeight,
            PlaneWidth = s.InWidth,
            OffsetY = top,
            OffsetX = left,
            OutStepY = s.StrideH,
            OutStepX = s.StrideW,
        };
        NativePool.Return(rows, bytes);
        return product;
    }

    private static void Run(int batch, ConvProduct* phases, int number)
    {
        long work = 0;
        for (var i = 0; i < number; i++)
            work += (long)batch * phases[i].Columns.Plane * phases[i].Outputs * phases[i].Depth;
        var threads = Math.Clamp(work / WorthAThread, 1, ThreadTeam.Count);
        var job = new PhasesJob(
            batch,
            phases,
            number,
            (int)(threads == 1 ? 1 : threads * Math.Clamp(work / threads / WorthAShare, 1, ThreadTeam.Shares))
        );
        ThreadTeam.Each(job.Pieces, ref job);
        for (var i = 0; i < number; i++)
            NativePool.Return(phases[i].Weights, (long)phases[i].Outputs * phases[i].Depth * sizeof(float));
    }

    /// <summary>A few images at a time all phases, which read the same halo and whose pixels share cache lines.</summary>
    private readonly struct PhasesJob(int batch, ConvProduct* phases, int number, int pieces) : IRangeJob
    {
        public int Pieces => pieces;

        public void Run(long start, long end)
        {
            var columns = stackalloc ConvColumns[number];
            for (var i = 0; i < number; i++)
                columns[i] = phases[i].Columns;
            var halo = new ConvHalo(columns, number);
            var chunks = (Math.Max(1, (batch + halo.Group - 1L) / halo.Group) + pieces - 1) / pieces * pieces;
            var fills = !phases[0].IsDirect;
            if (fills)
                halo.Rent((int)((batch + chunks - 1) / chunks) + 1);
            for (var chunk = start * chunks / pieces; chunk < end * chunks / pieces; chunk++)
            {
                // Whole images or, where there are more chunks, whole rows of them: what lies between a row's pixels belongs to another
                // phase.
                var whole = chunks <= batch;
                int first = (int)(chunk * batch / chunks),
                    last = (int)((((chunk + 1) * batch) + (whole ? 0 : chunks - 1)) / chunks);
                if (fills)
                    halo.Fill(first, last);
                for (var i = 0; i < number; i++)
                {
                    int height = phases[i].Columns.GridHeight,
                        width = phases[i].Columns.GridWidth;
                    var top = whole ? (long)first * height : chunk * batch * height / chunks;
                    var bottom = whole ? (long)last * height : (chunk + 1) * batch * height / chunks;
                    if (i + 1 < number && ConvProduct.ArePair(phases[i], phases[i + 1]))
                        ConvProduct.RunPair(phases[i], phases[++i], halo, top, bottom);
                    else
                        phases[i].Run(halo, top * width, bottom * width);
                }
            }

            if (fills)
                halo.Return();
        }
    }

    public static void BackwardWeight(ConvShape s, float* x, float* dy, float* dw) => ConvWeights.Gradient(s, x, dy, dw);
}
