namespace TorchSharp.Kernels;

/// <summary>
/// Two-dimensional convolution, NCHW, one group, no dilation, and its gradients; results are written, not added. A transposed
/// convolution is BackwardInput forward, Forward for its input's gradient, and BackwardWeight with x and dy exchanged.
/// </summary>
internal static unsafe class Conv2d
{
    private const long WorthAThread = 100_000;

    /// <summary>bias may be null.</summary>
    public static void Forward(ConvShape s, float* x, float* w, float* bias, float* y)
    {
        int taps = s.Kernel, depth = s.InChannels * taps;
        var deltaY = stackalloc int[taps];
        var deltaX = stackalloc int[taps];
        for (var t = 0; t < taps; t++) (deltaY[t], deltaX[t]) = ((t / s.KernelWidth) - s.PadH, (t % s.KernelWidth) - s.PadW);
        var total = bias != null ? depth + 1 : depth;
        var rows = NativePool.Rent((long)s.OutChannels * total * sizeof(float));
        for (var o = 0; o < s.OutChannels; o++)
        {
            var row = rows + ((long)o * total);
            Transpose.Run(s.InChannels, taps, w + ((long)o * depth), taps, row, s.InChannels);
            if (bias != null) row[depth] = bias[o];
        }
        var product = new ConvProduct
        {
            Columns = new ConvColumns
            {
                X = x, Channels = s.InChannels, Height = s.InHeight, Width = s.InWidth, Taps = taps, DeltaY = deltaY, DeltaX = deltaX,
                StepY = s.StrideH, StepX = s.StrideW, GridHeight = s.OutHeight, GridWidth = s.OutWidth,
            },
            Outputs = s.OutChannels, Depth = total,
            Y = y, PlaneHeight = s.OutHeight, PlaneWidth = s.OutWidth, OutStepY = 1, OutStepX = 1,
        };
        Run(s.Batch, product, rows);
        NativePool.Return(rows, (long)s.OutChannels * total * sizeof(float));
    }

    /// <summary>
    /// The pixels of dx fall into strideH * strideW phases, and each of them is a convolution of dy, without stride, with those
    /// weights that meet the phase: nothing is multiplied by zero and nothing is scattered.
    /// </summary>
    public static void BackwardInput(ConvShape s, float* dy, float* w, float* dx) => BackwardInput(s, dy, w, null, dx);

    /// <summary>bias, one for each input channel or null, is added: a transposed convolution's.</summary>
    public static void BackwardInput(ConvShape s, float* dy, float* w, float* bias, float* dx)
    {
        for (var phase = 0; phase < s.StrideH * s.StrideW; phase++)
        {
            var (top, left) = (phase / s.StrideW, phase % s.StrideW);
            if (top < s.InHeight && left < s.InWidth) Phase(s, top, left, dy, w, bias, dx);
        }
    }

    private static void Phase(ConvShape s, int top, int left, float* dy, float* w, float* bias, float* dx)
    {
        var tapAt = stackalloc int[s.Kernel];
        var deltaY = stackalloc int[s.Kernel];
        var deltaX = stackalloc int[s.Kernel];
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
        var depth = s.OutChannels * taps;
        var bytes = ((long)s.InChannels * (depth + 1)) * sizeof(float);
        var rows = NativePool.Rent(bytes);
        var at = rows;
        for (var c = 0; c < s.InChannels; c++)
        {
            for (var t = 0; t < taps; t++)
            {
                for (var o = 0; o < s.OutChannels; o++) *at++ = w[((((long)o * s.InChannels) + c) * s.Kernel) + tapAt[t]];
            }
            // A row of ones for the bias, and for phases that no weight meets, whose gradient is 0.
            if (bias != null || taps == 0) *at++ = bias == null ? 0 : bias[c];
        }
        var product = new ConvProduct
        {
            Columns = new ConvColumns
            {
                X = dy, Channels = taps == 0 ? 0 : s.OutChannels, Height = s.OutHeight, Width = s.OutWidth, Taps = Math.Max(1, taps),
                DeltaY = deltaY, DeltaX = deltaX, StepY = 1, StepX = 1,
                GridHeight = (s.InHeight - top + s.StrideH - 1) / s.StrideH, GridWidth = (s.InWidth - left + s.StrideW - 1) / s.StrideW,
            },
            Outputs = s.InChannels, Depth = bias != null || taps == 0 ? depth + 1 : depth,
            Y = dx, PlaneHeight = s.InHeight, PlaneWidth = s.InWidth,
            OffsetY = top, OffsetX = left, OutStepY = s.StrideH, OutStepX = s.StrideW,
        };
        Run(s.Batch, product, rows);
        NativePool.Return(rows, bytes);
    }

    private static void Run(int batch, ConvProduct product, float* rows)
    {
        long pixels = (long)batch * product.Columns.Plane, each = (long)product.Outputs * product.Depth;
        product.Weights = NativePool.Rent(each * sizeof(float));
        ConvProduct.Pack(product.Outputs, product.Depth, rows, product.Weights);
        ThreadTeam.For(pixels, Math.Max(32, WorthAThread / Math.Max(1, each)), ref product);
        NativePool.Return(product.Weights, each * sizeof(float));
    }

    /// <summary>dbias may be null.</summary>
    public static void BackwardWeight(ConvShape s, float* x, float* dy, float* dw, float* dbias)
    {
        if (dbias != null) BiasGradient(s, dy, dbias);
        ConvWeights.Gradient(s, x, dy, dw);
    }

    /// <summary>The sum of dy over images and pixels of each channel.</summary>
    private static void BiasGradient(ConvShape s, float* dy, float* dbias)
    {
        var bytes = (long)s.Batch * s.OutChannels * sizeof(float);
        var sums = NativePool.Rent(bytes);
        Reduce.SumRows((long)s.Batch * s.OutChannels, s.OutPlane, dy, sums);
        Reduce.SumColumns(s.Batch, s.OutChannels, sums, dbias);
        NativePool.Return(sums, bytes);
    }
}
