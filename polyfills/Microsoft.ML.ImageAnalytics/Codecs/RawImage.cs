namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>A decoded picture: rows from the top; blue, green, red, alpha (straight, not premultiplied), a byte each.</summary>
internal sealed class RawImage(int width, int height, byte[] bgra)
{
    /// <summary>The most pixels a picture may declare: 2^28, which is 1 GiB decoded.</summary>
    public const long MaxPixels = 1L << 28;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public byte[] Bgra { get; } = bgra;

    /// <summary>Refuses a declared size that no decoder should allocate for.</summary>
    public static void CheckSize(string format, long width, long height)
    {
        if (width <= 0 || height <= 0)
            throw new ImageFormatException($"The {format} header declares {width} x {height} pixels; both must be at least 1.");
        if (width > MaxPixels || height > MaxPixels || width * height > MaxPixels)
            throw new ImageFormatException($"The {format} header declares {width} x {height} pixels; at most {MaxPixels} are allowed.");
    }

    public bool IsOpaque()
    {
        for (var i = 3; i < Bgra.Length; i += 4)
        {
            if (Bgra[i] != 255)
                return false;
        }

        return true;
    }

    public bool IsGrey()
    {
        for (var i = 0; i < Bgra.Length; i += 4)
        {
            if (Bgra[i] != Bgra[i + 1] || Bgra[i] != Bgra[i + 2])
                return false;
        }

        return true;
    }
}
