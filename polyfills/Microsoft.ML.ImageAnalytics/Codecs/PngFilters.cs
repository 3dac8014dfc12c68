using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>The five row filters of PNG, undone and applied.</summary>
internal static class PngFilters
{
    /// <summary>Undoes a filter in place; <paramref name="above"/> is the row before, unfiltered, or empty for the first.</summary>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        if (filter == 0 || (filter == 2 && above.IsEmpty))
            return;
        if (filter == 2)
        {
            Add(row, above);
            return;
        }

        if (above.IsEmpty)
            above = new byte[row.Length];
        var n = Math.Min(pixelBytes, row.Length);
        if (filter != 1)
        {
            // To the left of a row are zeros, among which Paeth chooses what is above.
            for (var i = 0; i < n; i++)
                row[i] += filter == 3 ? (byte)(above[i] >> 1) : above[i];
        }

        above = above[..row.Length];
        if (n is 3 or 4 && row.Length >= 8)
            n = UndoPixels(filter, row, above, n);
        else if (n == 1)
            n = UndoBytes(filter, row, above);
        for (var i = n; i < row.Length; i++)
            row[i] += Predict(filter, row[i - pixelBytes], above[i], above[i - pixelBytes]);
    }

    /// <summary>Applies a filter to a row, as the encoder does.</summary>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelBytes, Span<byte> result)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < pixelBytes ? (byte)0 : row[i - pixelBytes];
            var up = above.IsEmpty ? (byte)0 : above[i];
            var corner = above.IsEmpty || i < pixelBytes ? (byte)0 : above[i - pixelBytes];
            result[i] = (byte)(row[i] - Predict(filter, left, up, corner));
        }
    }

    // A pixel of three or four bytes at a time; gives where it stopped, short of the row's end by less than two pixels.
    private static int UndoPixels(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        var left = Load(row);
        var corner = Load(above);
        var i = pixelBytes;
        for (; i + 4 <= row.Length; i += pixelBytes)
        {
            var up = Load(above[i..]);
            var predicted = filter switch { 1 => left, 3 => (left + up) >> 1, _ => Paeth(left, up, corner) };
            left = (Load(row[i..]) + predicted) & Vector128.Create((short)255);
            corner = up;
            var pixel = Vector128.Narrow(left.AsUInt16(), left.AsUInt16()).AsUInt32().ToScalar();
            if (pixelBytes == 4)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(row[i..], pixel);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(row[i..], (ushort)pixel);
                row[i + 2] = (byte)(pixel >> 16);
            }
        }

        return i;

        static Vector128<short> Load(ReadOnlySpan<byte> bytes) =>
            Vector128.WidenLower(Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(bytes)).AsByte()).AsInt16();
    }

    // A byte a pixel, to the end; what the next one needs stays in registers.
    private static int UndoBytes(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        var (left, corner) = (row[0], above[0]);
        for (var i = 1; i < row.Length; i++)
        {
            var up = above[i];
            left = (byte)(row[i] + Predict(filter, left, up, corner));
            row[i] = left;
            corner = up;
        }

        return row.Length;
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

    private static Vector128<short> Paeth(Vector128<short> left, Vector128<short> up, Vector128<short> corner)
    {
        var (fromLeft, fromUp) = (up - corner, left - corner);
        var (a, b, c) = (Vector128.Abs(fromLeft), Vector128.Abs(fromUp), Vector128.Abs(fromLeft + fromUp));
        var least = Vector128.Min(a, Vector128.Min(b, c));
        var upOrCorner = Vector128.ConditionalSelect(Vector128.Equals(least, b), up, corner);
        return Vector128.ConditionalSelect(Vector128.Equals(least, a), left, upOrCorner);
    }

    private static byte Predict(int filter, byte left, byte up, byte corner) => filter switch
    {
        1 => left,
        2 => up,
        3 => (byte)((left + up) >> 1),
        4 => Paeth(left, up, corner),
        _ => 0,
    };

    private static byte Paeth(byte left, byte up, byte corner)
    {
        var fromLeft = Math.Abs(up - corner);
        var fromUp = Math.Abs(left - corner);
        var fromCorner = Math.Abs(left + up - (2 * corner));
        return fromLeft <= fromUp && fromLeft <= fromCorner ? left : fromUp <= fromCorner ? up : corner;
    }
}
