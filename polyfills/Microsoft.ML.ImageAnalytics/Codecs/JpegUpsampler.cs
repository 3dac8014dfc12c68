using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// Rows of a component at the picture's size. Halved axes are interpolated with weights 3/4 and 1/4 as libjpeg's "fancy" upsampling
/// does; other ratios repeat samples.
/// </summary>
internal sealed class JpegUpsampler(JpegFrame frame, JpegComponent component)
{
    private readonly byte[] _row = new byte[(2 * component.Stride) + frame.Width + 64];

    // A row of vertical sums, with its ends repeated once more.
    private readonly ushort[] _sums = new ushort[component.Width + 2 + Vector<ushort>.Count];

    public ReadOnlySpan<byte> Row(int y)
    {
        var halfWide = 2 * component.H == frame.MaxH;
        var halfHigh = 2 * component.V == frame.MaxV;
        var sameWide = component.H == frame.MaxH;
        if (sameWide && component.V == frame.MaxV)
            return Source(y);
        if (sameWide && halfHigh)
            return SmoothVertically(y);
        if (halfWide && component.Width > 2 && component.V == frame.MaxV)
        {
            Widen(Source(y));
            return SmoothHorizontally(1, 2, 2);
        }

        if (halfWide && component.Width > 2 && halfHigh)
        {
            WeighRows(Source(y / 2), Source(Neighbour(y)));
            return SmoothHorizontally(8, 7, 4);
        }

        return Repeat(Source(y * component.V / frame.MaxV));
    }

    private ReadOnlySpan<byte> Source(int y) => component.Samples.AsSpan(y * component.Stride, component.Stride);

    // The row of the halved component that is next nearest to a row of the picture.
    private int Neighbour(int y) => Math.Clamp((y / 2) + ((y & 1) == 0 ? -1 : 1), 0, component.Height - 1);

    private ReadOnlySpan<byte> SmoothVertically(int y)
    {
        var near = Source(y / 2);
        var far = Source(Neighbour(y));
        var bias = (y & 1) == 0 ? 1 : 2;
        for (var x = 0; x < component.Width; x++)
            _row[x] = (byte)(((3 * near[x]) + far[x] + bias) >> 2);
        return _row;
    }

    private ReadOnlySpan<byte> Repeat(ReadOnlySpan<byte> source)
    {
        for (var x = 0; x < frame.Width; x++)
            _row[x] = source[x * component.H / frame.MaxH];
        return _row;
    }

    private void Widen(ReadOnlySpan<byte> row)
    {
        for (var x = 0; x < component.Width; x++)
            _sums[x + 1] = row[x];
        RepeatEnds();
    }

    private void WeighRows(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        var width = component.Width;
        var x = 0;
        for (; x <= width - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(near[x..]), out var nearLow, out var nearHigh);
            Vector.Widen(new Vector<byte>(far[x..]), out var farLow, out var farHigh);
            (nearLow + nearLow + nearLow + farLow).CopyTo(_sums, x + 1);
            (nearHigh + nearHigh + nearHigh + farHigh).CopyTo(_sums, x + 1 + Vector<ushort>.Count);
        }

        for (; x < width; x++)
            _sums[x + 1] = (ushort)((3 * near[x]) + far[x]);
        RepeatEnds();
    }

    private void RepeatEnds()
    {
        _sums[0] = _sums[1];
        _sums[component.Width + 1] = _sums[component.Width];
    }

    private ReadOnlySpan<byte> SmoothHorizontally(ushort leftBias, ushort rightBias, int shift)
    {
        var (left, right) = (new Vector<ushort>(leftBias), new Vector<ushort>(rightBias));
        ref var sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        // Both arrays have room for a whole vector after the last sample.
        for (var x = 0; x < component.Width; x += Vector<ushort>.Count)
        {
            var before = Vector.LoadUnsafe(ref sums, (nuint)x);
            var here = Vector.LoadUnsafe(ref sums, (nuint)(x + 1));
            var after = Vector.LoadUnsafe(ref sums, (nuint)(x + 2));
            here = here + here + here;
            var pair = ((here + before + left) >> shift) | (((here + after + right) >> shift) << 8);
            Unsafe.WriteUnaligned(ref _row[2 * x], pair);
        }

        return _row;
    }
}
