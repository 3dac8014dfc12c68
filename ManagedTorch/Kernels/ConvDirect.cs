using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// A convolution with one to four outputs and no horizontal stride, straight from the images: with so few outputs, making columns would
/// cost more than the product. Four vectors of neighbouring pixels are summed at a time.
/// </summary>
internal static unsafe class ConvDirect<V, TRows>
    where V : struct, IVector<V>
    where TRows : struct, IConstant
{
    /// <summary>weights: depth x TRows, of which a row behind those of taps and channels holds the biases.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in ConvColumns columns, float* weights, int depth, ConvColumns.Run run, float* y, nint plane)
    {
        V s00 = default,
            s01 = default,
            s02 = default,
            s03 = default,
            s10 = default,
            s11 = default,
            s12 = default,
            s13 = default,
            s20 = default,
            s21 = default,
            s22 = default,
            s23 = default,
            s30 = default,
            s31 = default,
            s32 = default,
            s33 = default;
        var channels = columns.Channels;
        var inPlane = (nint)columns.Height * columns.Width;
        if (depth > columns.Taps * channels)
        {
            var bias = weights + (columns.Taps * channels * TRows.Value);
            s00 = s01 = s02 = s03 = V.Create(bias[0]);
            if (TRows.Value > 1)
                s10 = s11 = s12 = s13 = V.Create(bias[1]);
            if (TRows.Value > 2)
                s20 = s21 = s22 = s23 = V.Create(bias[2]);
            if (TRows.Value > 3)
                s30 = s31 = s32 = s33 = V.Create(bias[3]);
        }

        for (var tap = 0; tap < columns.Taps && channels > 0; tap++)
        {
            int row = (run.I * columns.StepY) + columns.DeltaY[tap],
                x = run.J + columns.DeltaX[tap];
            if ((uint)row >= (uint)columns.Height)
                continue;
            int first = Math.Max(0, -x),
                last = Math.Min(run.Count, columns.Width - x);
            if (first >= last)
                continue;
            V m0 = V.Lanes(first, last),
                m1 = V.Lanes(first - V.Count, last - V.Count);
            V m2 = V.Lanes(first - (2 * V.Count), last - (2 * V.Count)),
                m3 = V.Lanes(first - (3 * V.Count), last - (3 * V.Count));
            var from = columns.X + ((nint)run.Image * channels * inPlane) + ((nint)row * columns.Width) + x;
            var w = weights + (tap * channels * TRows.Value);
            for (var c = 0; c < channels; c++, from += inPlane, w += TRows.Value)
            {
                V x0 = V.LoadLanes(from, m0),
                    x1 = V.LoadLanes(from + V.Count, m1);
                V x2 = V.LoadLanes(from + (2 * V.Count), m2),
                    x3 = V.LoadLanes(from + (3 * V.Count), m3);
                if (TRows.Value > 0)
                {
                    var weight = V.Create(w[0]);
                    V.Accumulate(ref s00, x0, weight);
                    V.Accumulate(ref s01, x1, weight);
                    V.Accumulate(ref s02, x2, weight);
                    V.Accumulate(ref s03, x3, weight);
                }

                if (TRows.Value > 1)
                {
                    var weight = V.Create(w[1]);
                    V.Accumulate(ref s10, x0, weight);
                    V.Accumulate(ref s11, x1, weight);
                    V.Accumulate(ref s12, x2, weight);
                    V.Accumulate(ref s13, x3, weight);
                }

                if (TRows.Value > 2)
                {
                    var weight = V.Create(w[2]);
                    V.Accumulate(ref s20, x0, weight);
                    V.Accumulate(ref s21, x1, weight);
                    V.Accumulate(ref s22, x2, weight);
                    V.Accumulate(ref s23, x3, weight);
                }

                if (TRows.Value > 3)
                {
                    var weight = V.Create(w[3]);
                    V.Accumulate(ref s30, x0, weight);
                    V.Accumulate(ref s31, x1, weight);
                    V.Accumulate(ref s32, x2, weight);
                    V.Accumulate(ref s33, x3, weight);
                }
            }
        }

        Store(y + (0 * plane), run.Count, s00, s01, s02, s03);
        if (TRows.Value > 1)
            Store(y + (1 * plane), run.Count, s10, s11, s12, s13);
        if (TRows.Value > 2)
            Store(y + (2 * plane), run.Count, s20, s21, s22, s23);
        if (TRows.Value > 3)
            Store(y + (3 * plane), run.Count, s30, s31, s32, s33);
    }

    private static void Store(float* y, int count, V s0, V s1, V s2, V s3)
    {
        V.StorePartial(y, s0, Math.Min(count, V.Count));
        if (count > V.Count)
            V.StorePartial(y + V.Count, s1, Math.Min(count - V.Count, V.Count));
        if (count > 2 * V.Count)
            V.StorePartial(y + (2 * V.Count), s2, Math.Min(count - (2 * V.Count), V.Count));
        if (count > 3 * V.Count)
            V.StorePartial(y + (3 * V.Count), s3, Math.Min(count - (3 * V.Count), V.Count));
    }
}
