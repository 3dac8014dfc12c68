namespace Latent.Data.Images;

/// <summary>Represents a decoded image; the pixels belong to the decoder, and are valid until it decodes another.</summary>
/// <param name="width">In pixels.</param>
/// <param name="height">In pixels.</param>
/// <param name="pixels">Red, green, blue and alpha bytes, row by row from the top; colours are not multiplied by alpha.</param>
internal readonly ref struct DecodedImage(int width, int height, Span<byte> pixels)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public Span<byte> Pixels { get; } = pixels;

    /// <summary>Tells whether red, green and blue are equal in every pixel.</summary>
    public bool IsGrey()
    {
        for (var i = 0; i < Pixels.Length; i += 4)
        {
            if (Pixels[i] != Pixels[i + 1] || Pixels[i] != Pixels[i + 2])
                return false;
        }

        return true;
    }
}
