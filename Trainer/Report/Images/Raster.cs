using Latent.Contracts.Bundles;
using Latent.Data.Images;
using SkiaSharp;

namespace Latent.Trainer.Report.Images;

/// <summary>A canvas of red, green and blue bytes.</summary>
internal sealed class Raster
{
    // Shades of a signed value on either side of white: more can't be told apart, and cost bytes.
    private const int Shades = 16;

    private readonly byte[] _bgra;

    /// <summary>Makes a white canvas.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="zoom">Screen pixels that a pixel takes across and down.</param>
    public Raster(int width, int height, int zoom = 1)
    {
        Width = width;
        Height = height;
        Zoom = zoom;
        _bgra = new byte[width * height * 4];
        Array.Fill(_bgra, (byte)255);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Screen pixels that a pixel takes across and down.</summary>
    public int Zoom { get; }

    /// <summary>Draws a row of pixels 0–255, [channels, height, width], at a place.</summary>
    public void DrawRow(ReadOnlySpan<float> row, ImageDescription image, int left, int top)
    {
        var plane = image.Height * image.Width;
        for (var at = 0; at < plane; at++)
        {
            var (r, g, b) = image.Channels == 3 ? (row[at], row[plane + at], row[2 * plane + at]) : (row[at], row[at], row[at]);
            Fill(left + at % image.Width, top + at / image.Width, 1, 1, Level(r), Level(g), Level(b));
        }
    }

    /// <summary>
    /// Draws a signed matrix, blue below zero, white at zero, red above, darkest at ±<paramref name="limit"/>; a value is
    /// <paramref name="cell"/> pixels wide.
    /// </summary>
    public void DrawSigned(ReadOnlySpan<float> values, int columns, float limit, int left, int top, int cell = 1)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var strength = MathF.Round(Math.Clamp(values[i] / Math.Max(limit, 1e-12f), -1, 1) * Shades) / Shades;
            var fade = Level(255 * (1 - Math.Abs(strength)));
            var (r, b) = strength < 0 ? (fade, Level(255 - 75 * -strength)) : (Level(255 - 75 * strength), fade);
            Fill(left + i % columns * cell, top + i / columns * cell, cell, cell, r, fade, b);
        }
    }

    public void Fill(int left, int top, int width, int height, byte r, byte g, byte b)
    {
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++)
            {
                var at = (y * Width + x) * 4;
                (_bgra[at], _bgra[at + 1], _bgra[at + 2]) = (b, g, r);
            }
        }
    }

    /// <summary>Encodes as PNG, a pixel a pixel; grey where every pixel is.</summary>
    public byte[] ToPng() => Encode(_bgra, Width, Height);

    /// <summary>Writes a PNG file as large as it is on the screen.</summary>
    public void SavePng(string path)
    {
        var (wide, high) = (Width * Zoom, Height * Zoom);
        var zoomed = new byte[wide * high * 4];
        for (var i = 0; i < wide * high; i++)
        {
            _bgra.AsSpan((i / wide / Zoom * Width + i % wide / Zoom) * 4, 4).CopyTo(zoomed.AsSpan(i * 4));
        }

        PngFile.Write(path, Encode(zoomed, wide, high));
    }

    private static byte[] Encode(byte[] bgra, int width, int height)
    {
        var pixels = Enumerable.Range(0, width * height);
        return pixels.All(i => bgra[4 * i] == bgra[4 * i + 1] && bgra[4 * i] == bgra[4 * i + 2])
            ? PngFile.Encode([.. pixels.Select(i => bgra[4 * i])], width, height, SKColorType.Gray8)
            : PngFile.Encode(bgra, width, height, SKColorType.Bgra8888);
    }

    private static byte Level(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
