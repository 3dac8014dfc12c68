namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>
/// Decodes a picture by its first bytes, whatever its name. Memory is bounded by the bytes present: what a header declares is
/// checked against what the data could hold before anything is allocated for it.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>
    /// The most bytes that decoding a file of that length may allocate. The slope is deflate's best, 1032, times the 32 bytes that eight
    /// one-bit pixels become, and the buffer they are inflated into; other formats stay far below.
    /// </summary>
    public static long MemoryBound(long length) => (8L << 20) + (40_000 * length);

    public static RawImage Decode(ReadOnlyMemory<byte> file)
    {
        var data = file.Span;
        if (data.IsEmpty)
            throw new ImageFormatException("The file is empty; a PNG, JPEG, BMP or PNM picture was expected.");
        if (PngDecoder.LooksLikePng(data))
            return PngDecoder.Decode(file);
        if (data.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
            return JpegDecoder.Decode(data);
        if (data.StartsWith("BM"u8))
            return BmpDecoder.Decode(data);
        if (PnmDecoder.LooksLikePnm(data))
            return PnmDecoder.Decode(data);
        var start = Convert.ToHexString(data[..Math.Min(8, data.Length)]);
        throw new ImageFormatException($"The data begin with the bytes {start}, which is none of PNG, JPEG, BMP and PNM (P1 to P6).");
    }
}
