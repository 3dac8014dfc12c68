namespace Latent.Data.Images;

/// <summary>What a decoder made of a file; the pixels are the decoder's, until it decodes another.</summary>
/// <param name="width">In pixels.</param>
/// <param name="height">In pixels.</param>
/// <param name="pixels">Red, green, blue and alpha bytes, row by row from the top; colours are not multiplied by alpha.</param>
internal readonly ref struct DecodedImage(int width, int height, Span<byte> pixels)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public Span<byte> Pixels { get; } = pixels;
}
