using Latent.Contracts.Bundles;
using Latent.Data.Pictures;
using SkiaSharp;

namespace Latent.Trainer.Report.Pictures;

/// <summary>A canvas of red, green and blue bytes.</summary>
internal sealed class Picture
{
    private readonly byte[] _bgra;

    public Picture(int width, int height)
    {
        Width = width;
        Height = height;
        _bgra = new byte[width * height * 4];
        Array.Fill(_bgra, (byte)255);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Draws a row of pixels 0–255, [channels, height, width], at a place, each pixel <paramref name="zoom"/> wide.</summary>
    public void DrawRow(ReadOnlySpan<float> row, ImageDescription image, int left, int top, int zoom)
    {
        var plane = image.Height * image.Width;
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var at = y * image.Width + x;
                var (r, g, b) = image.Channels == 3 ? (row[at], row[plane + at], row[2 * plane + at]) : (row[at], row[at], row[at]);
                Fill(left + x * zoom, top + y * zoom, zoom, zoom, Level(r), Level(g), Level(b));
            }
        }
    }

    /// <summary>Draws a signed matrix, blue below zero, white at zero, red above, darkest at ±<paramref name="limit"/>.</summary>
    public void DrawSigned(ReadOnlySpan<float> values, int columns, float limit, int left, int top, int zoom)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var strength = Math.Clamp(values[i] / Math.Max(limit, 1e-12f), -1, 1);
            var fade = Level(255 * (1 - Math.Abs(strength)));
            var (r, b) = strength < 0 ? (fade, Level(255 - 75 * -strength)) : (Level(255 - 75 * strength), fade);
            Fill(left + i % columns * zoom, top + i / columns * zoom, zoom, zoom, r, fade, b);
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

    public void SavePng(string path) => PngFile.Write(path, PngFile.Encode(_bgra, Width, Height, SKColorType.Bgra8888));

    private static byte Level(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
