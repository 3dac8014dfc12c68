using Latent.Data.Images;
using SkiaSharp;

namespace Latent.Tests.Images;

/// <summary>Material for the tests: drawn images, and files of them as SkiaSharp writes them.</summary>
internal static class Samples
{
    /// <summary>A GIF of 10 x 10 in white, red and blue.</summary>
    public static readonly byte[] Gif =
    [
        .. "GIF89a"u8,
        10,
        0,
        10,
        0,
        0x91,
        0,
        0,
        255,
        255,
        255,
        255,
        0,
        0,
        0,
        0,
        255,
        0,
        0,
        0,
        0x21,
        0xF9,
        4,
        0,
        0,
        0,
        0,
        0,
        0x2C,
        0,
        0,
        0,
        0,
        10,
        0,
        10,
        0,
        0,
        2,
        0x16,
        0x8C,
        0x2D,
        0x99,
        0x87,
        0x2A,
        0x1C,
        0xDC,
        0x33,
        0xA0,
        0x02,
        0x75,
        0xEC,
        0x95,
        0xFA,
        0xA8,
        0xDE,
        0x60,
        0x8C,
        0x04,
        0x91,
        0x4C,
        0x01,
        0,
        0x3B,
    ];

    /// <summary>Slopes, edges and some noise, so that every coefficient and clamping occurs; red, green, blue, alpha.</summary>
    public static byte[] Draw(int width, int height, int seed, bool grey = false, bool alpha = false)
    {
        var random = new Random(seed);
        var pixels = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            var inside = (x / 11 + y / 7) % 3 == 0;
            for (var c = 0; c < 3; c++)
            {
                var slope =
                    c == 0 ? 255 * x / width
                    : c == 1 ? 255 * y / height
                    : 128 + 127 * Math.Sin(x * 0.3 + y * 0.2);
                pixels[4 * i + c] = (byte)Math.Clamp(slope + (inside ? 90 : 0) + random.Next(-20, 20), 0, 255);
            }

            if (grey)
                pixels[4 * i] = pixels[4 * i + 1] = pixels[4 * i + 2];
            pixels[4 * i + 3] = alpha ? (byte)random.Next(256) : (byte)255;
        }

        return pixels;
    }

    public static byte[] Encode(byte[] rgba, int width, int height, SKEncodedImageFormat format, int quality = 100)
    {
        var opaque = rgba.Where((_, i) => i % 4 == 3).All(alpha => alpha == 255);
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        using var image = SKImage.FromPixelCopy(info, rgba);
        using var data = image.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>An image as a BMP file of 24 bits, which SkiaSharp doesn't write.</summary>
    public static byte[] Bmp(byte[] rgba, int width, int height)
    {
        var row = (3 * width + 3) / 4 * 4;
        var file = new byte[54 + row * height];
        "BM"u8.CopyTo(file);
        BitConverter.TryWriteBytes(file.AsSpan(2), file.Length);
        file[10] = 54;
        file[14] = 40;
        BitConverter.TryWriteBytes(file.AsSpan(18), width);
        BitConverter.TryWriteBytes(file.AsSpan(22), height);
        file[26] = 1;
        file[28] = 24;
        for (var i = 0; i < width * height; i++)
        {
            var at = 54 + row * (height - 1 - i / width) + 3 * (i % width);
            (file[at], file[at + 1], file[at + 2]) = (rgba[4 * i + 2], rgba[4 * i + 1], rgba[4 * i]);
        }

        return file;
    }

    public static (int Width, int Height, byte[] Rgba) Decode(byte[] file, string name = "a file")
    {
        var picture = new ImageDecoder().Decode(file, name);
        return (picture.Width, picture.Height, picture.Pixels.ToArray());
    }

    public static string Stored(string name) => Path.Combine(World.Root, "tests", "Inference.Tests", "Images", "Data", name);

    /// <summary>The differences of two pictures' colours, value by value.</summary>
    public static int[] Differences((int Width, int Height, byte[] Rgba) a, (int Width, int Height, byte[] Rgba) b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        return [.. Colours(a.Rgba).Zip(Colours(b.Rgba), (p, q) => Math.Abs(p - q))];
    }

    public static byte[] Colours(byte[] rgba) => [.. rgba.Where((_, i) => i % 4 != 3)];

    /// <summary>An image as it is read: laid over white, and opaque.</summary>
    public static byte[] OverWhite(byte[] rgba) =>
        [.. rgba.Select((b, i) => i % 4 == 3 ? (byte)255 : (byte)((b * rgba[i | 3] + 255 * (255 - rgba[i | 3]) + 127) / 255))];
}
