#nullable disable // as the package's annotations are
using Microsoft.ML.ImageAnalytics.Codecs;

namespace Microsoft.ML.Data;

/// <summary>
/// A picture of 32 bits a pixel. Reads PNG, JPEG, BMP and PNM by content, and saves them by extension. A JPEG that its EXIF data say lies
/// on its side is turned upright. Unlike the package's, alpha is straight, not premultiplied.
/// </summary>
public sealed class MLImage : IDisposable
{
    private readonly MLPixelFormat _pixelFormat;
    private RawImage _image;
    private string _tag;

    private MLImage(RawImage image, MLPixelFormat pixelFormat) => (_image, _pixelFormat) = (image, pixelFormat);

    public MLPixelFormat PixelFormat
    {
        get
        {
            _ = Image;
            return _pixelFormat;
        }
    }

    public byte[] GetBGRPixels
    {
        get
        {
            var source = Image.Bgra;
            var swap = _pixelFormat == MLPixelFormat.Rgba32 ? 2 : 0;
            var pixels = new byte[source.Length / 4 * 3];
            for (int i = 0, at = 0; i < source.Length; i += 4)
            {
                pixels[at++] = source[i + swap];
                pixels[at++] = source[i + 1];
                pixels[at++] = source[i + 2 - swap];
            }

            return pixels;
        }
    }

    public ReadOnlySpan<byte> Pixels => Image.Bgra;

    public string Tag
    {
        get
        {
            _ = Image;
            return _tag;
        }

        set
        {
            _ = Image;
            _tag = value;
        }
    }

    public int Width => Image.Width;

    public int Height => Image.Height;

    public int BitsPerPixel
    {
        get
        {
            _ = Image;
            return 32;
        }
    }

    // One read, so that a Dispose on another thread can't come between the test and the use.
    private RawImage Image => _image ?? throw new InvalidOperationException("Object is disposed.");

    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        var copy = new MemoryStream();
        imageStream.CopyTo(copy);
        return new MLImage(ImageDecoder.Decode(copy.GetBuffer().AsMemory(0, (int)copy.Length)), MLPixelFormat.Bgra32);
    }

    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        var bytes = File.ReadAllBytes(imagePath);
        try
        {
            return new MLImage(ImageDecoder.Decode(bytes), MLPixelFormat.Bgra32);
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"{imagePath}: {e.Message}", e);
        }
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException($"The pixel format is {pixelFormat}; it must be Bgra32 or Rgba32.", nameof(pixelFormat));
        if (width <= 0)
            throw new ArgumentException($"The width is {width}; it must be positive.", nameof(width));
        if (height <= 0)
            throw new ArgumentException($"The height is {height}; it must be positive.", nameof(height));
        if (imagePixelData.Length != 4L * width * height)
            throw new ArgumentException($"There are {imagePixelData.Length} bytes; {width} x {height} pixels take {4L * width * height}.");
        return new MLImage(new RawImage(width, height, imagePixelData.ToArray()), pixelFormat);
    }

    public void Save(string imagePath)
    {
        var image = Image;
        if (_pixelFormat == MLPixelFormat.Rgba32)
            image = SwapRedAndBlue(image);
        File.WriteAllBytes(imagePath, ImageEncoder.Encode(image, imagePath));
    }

    public void Dispose() => _image = null;

    private static RawImage SwapRedAndBlue(RawImage image)
    {
        var bytes = (byte[])image.Bgra.Clone();
        for (var i = 0; i < bytes.Length; i += 4)
            (bytes[i], bytes[i + 2]) = (bytes[i + 2], bytes[i]);
        return new RawImage(image.Width, image.Height, bytes);
    }
}
