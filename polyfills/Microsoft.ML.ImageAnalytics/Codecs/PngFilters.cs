using System.Numerics;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>The five row filters of PNG, undone and applied.</summary>
internal static class PngFilters
{
    /// <summary>Undoes a filter in place; <paramref name="above"/> is the row before, unfiltered, or empty for the first.</summary>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        var n = Math.Min(pixelBytes, row.Length);
        switch (filter)
        {
            case 1:
                for (var i = n; i < row.Length; i++)
                    row[i] += row[i - n];
                break;
            case 2:
                if (!above.IsEmpty)
                    Add(row, above);
                break;
            case 3:
                for (var i = 0; i < n; i++)
                    row[i] += (byte)(above.IsEmpty ? 0 : above[i] >> 1);
                if (above.IsEmpty)
                {
                    for (var i = n; i < row.Length; i++)
                        row[i] += (byte)(row[i - n] >> 1);
                }
                else
                {
                    above = above[..row.Length];
                    for (var i = n; i < row.Length; i++)
                        row[i] += (byte)((row[i - n] + above[i]) >> 1);
                }

                break;
            case 4:
                if (above.IsEmpty)
                {
                    // Without a row above Paeth is Sub.
                    for (var i = n; i < row.Length; i++)
                        row[i] += row[i - n];
                    break;
                }

                above = above[..row.Length];
                for (var i = 0; i < n; i++)
                    row[i] += above[i];
                for (var i = n; i < row.Length; i++)
                    row[i] += Paeth(row[i - n], above[i], above[i - n]);
                break;
        }
    }

    /// <summary>Applies a filter to a row, as the encoder does.</summary>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelBytes, Span<byte> result)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < pixelBytes ? (byte)0 : row[i - pixelBytes];
            var up = above.IsEmpty ? (byte)0 : above[i];
            var corner = above.IsEmpty || i < pixelBytes ? (byte)0 : above[i - pixelBytes];
            result[i] = filter switch
            {
                1 => (byte)(row[i] - left),
                2 => (byte)(row[i] - up),
                3 => (byte)(row[i] - ((left + up) >> 1)),
                4 => (byte)(row[i] - Paeth(left, up, corner)),
                _ => row[i],
            };
        }
    }

    private static void Add(Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        for (; i < row.Length; i++)
            row[i] += above[i];
    }

    private static byte Paeth(byte left, byte up, byte corner)
    {
        var fromLeft = Math.Abs(up - corner);
        var fromUp = Math.Abs(left - corner);
        var fromCorner = Math.Abs(left + up - (2 * corner));
        return fromLeft <= fromUp && fromLeft <= fromCorner ? left : fromUp <= fromCorner ? up : corner;
    }
}
