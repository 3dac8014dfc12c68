using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>The orientation tag of EXIF 2.3 (0x0112): 1 is upright, 2 to 8 are mirrored or turned.</summary>
internal static class ExifOrientation
{
    /// <summary>The orientation in an APP1 segment; null where there is none that makes sense.</summary>
    public static int? Read(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8))
            return null;
        var tiff = segment[6..];
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8))
            return null;
        if (Long(tiff, 4, little) is not { } directory || Short(tiff, directory, little) is not { } count)
            return null;
        for (var i = 0; i < count; i++)
        {
            var entry = directory + 2 + (12L * i);
            if (Short(tiff, entry, little) is not { } tag)
                return null;
            // A SHORT, one of it, lies in the entry itself.
            if (tag == 0x0112 && Short(tiff, entry + 2, little) == 3)
                return Short(tiff, entry + 8, little) is { } value and >= 1 and <= 8 ? value : null;
        }

        return null;
    }

    /// <summary>Turns a picture upright.</summary>
    public static RawImage Apply(RawImage image, int orientation)
    {
        if (orientation == 1)
            return image;
        var (width, height) = (image.Width, image.Height);
        var swapped = orientation >= 5;
        var result = new byte[image.Bgra.Length];
        var source = MemoryMarshal.Cast<byte, uint>(image.Bgra.AsSpan());
        var target = MemoryMarshal.Cast<byte, uint>(result.AsSpan());
        var targetWidth = swapped ? height : width;
        var targetHeight = swapped ? width : height;
        for (var y = 0; y < targetHeight; y++)
        {
            for (var x = 0; x < targetWidth; x++)
            {
                var (sx, sy) = orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                target[(y * targetWidth) + x] = source[(sy * width) + sx];
            }
        }

        return new RawImage(targetWidth, targetHeight, result);
    }

    private static int? Short(ReadOnlySpan<byte> tiff, long at, bool little)
    {
        if (at < 0 || at + 2 > tiff.Length)
            return null;
        var bytes = tiff.Slice((int)at, 2);
        return little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    private static long? Long(ReadOnlySpan<byte> tiff, int at, bool little)
    {
        if (at + 4 > tiff.Length)
            return null;
        var bytes = tiff.Slice(at, 4);
        return little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
