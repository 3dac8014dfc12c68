using System.Globalization;
using Latent.Contracts.Bundles;

namespace Latent.Trainer.Data;

/// <summary>Draws handwriting-like digits, 28 by 28, light on black: data for a first run that needs no download.</summary>
public static class DrawnDigits
{
    /// <summary>Height and width in pixels.</summary>
    public const int Side = 28;

    private const double InkSide = 20;
    private const int SegmentsPerSpan = 6;

    /// <summary>Draws digits in random order, about as many of each; image i depends on the seed and i alone.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Rows of [1, 28, 28] pixels 0 to 255, with the digits as labels.</returns>
    public static DataSet Draw(int count, long seed)
    {
        var values = new float[(long)count * Side * Side];
        var labels = new string[count];
        Parallel.For(
            0,
            count,
            i =>
            {
                var random = new SeededRandom(seed, SeededRandom.Purpose.Digits, i);
                var digit = random.Next(10);
                labels[i] = digit.ToString(CultureInfo.InvariantCulture);
                Draw(digit, random, values.AsSpan(i * Side * Side, Side * Side));
            }
        );
        var image = new ImageDescription(1, Side, Side);
        return new DataSet(
            new InputDescription
            {
                Shape = [1, Side, Side],
                Unit = InputUnit.Pixel,
                Image = image,
            },
            values,
            labels
        );
    }

    private static void Draw(int digit, SeededRandom random, Span<float> pixels)
    {
        var wobble = random.Between(0.008, 0.030);
        var lines = new List<List<Point>>();
        foreach (var stroke in DigitStrokes.Of(digit, random))
        {
            var shaken = stroke
                .Select(p => new Point(p.X + (wobble * random.NextNormal()), p.Y + (wobble * random.NextNormal())))
                .ToArray();
            lines.Add(Smooth(shaken));
        }

        Place(lines, random);
        var thickness = random.Between(0.75, 1.65);
        var peak = random.Between(225, 255);
        foreach (var line in lines)
        {
            var (start, end) = (thickness * random.Between(0.85, 1.1), thickness * random.Between(0.7, 1.1));
            for (var i = 1; i < line.Count; i++)
            {
                Stroke(pixels, line[i - 1], line[i], start + ((end - start) * i / line.Count), peak);
            }
        }
    }

    // A Catmull-Rom spline through the points.
    private static List<Point> Smooth(Point[] points)
    {
        var line = new List<Point> { points[0] };
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var (a, b, c, d) = (points[Math.Max(i - 1, 0)], points[i], points[i + 1], points[Math.Min(i + 2, points.Length - 1)]);
            for (var s = 1; s <= SegmentsPerSpan; s++)
            {
                var t = s / (double)SegmentsPerSpan;
                line.Add(new Point(Spline(a.X, b.X, c.X, d.X, t), Spline(a.Y, b.Y, c.Y, d.Y, t)));
            }
        }

        return line;
    }

    private static double Spline(double a, double b, double c, double d, double t) =>
        0.5 * ((2 * b) + (t * (c - a)) + (t * t * ((2 * a) - (5 * b) + (4 * c) - d)) + (t * t * t * ((3 * b) - a - (3 * c) + d)));

    // Slanted, turned and stretched as a hand does, then centred by its ink.
    private static void Place(List<List<Point>> lines, SeededRandom random)
    {
        var slant = (0.18 * random.NextNormal()) - 0.12;
        var angle = 0.09 * random.NextNormal();
        var width = random.Between(0.58, 0.92);
        var size = InkSide * random.Between(0.90, 1.04);
        var (sin, cos) = Math.SinCos(angle);
        foreach (var line in lines)
        {
            for (var i = 0; i < line.Count; i++)
            {
                var (x, y) = ((line[i].X - 0.5) * width, line[i].Y - 0.5);
                x += slant * y;
                line[i] = new Point(size * ((cos * x) - (sin * y)), size * ((sin * x) + (cos * y)));
            }
        }

        var all = lines.SelectMany(line => line).ToArray();
        var reach = Math.Max(all.Max(p => p.X) - all.Min(p => p.X), all.Max(p => p.Y) - all.Min(p => p.Y));
        var shrink = Math.Min(1, 23 / reach);
        var (centreX, centreY) = (
            (0.5 * all.Average(p => p.X)) + (0.25 * (all.Max(p => p.X) + all.Min(p => p.X))),
            0.5 * (all.Max(p => p.Y) + all.Min(p => p.Y))
        );
        var (left, top) = (((Side - 1) / 2.0) + (0.5 * random.NextNormal()), ((Side - 1) / 2.0) + (0.4 * random.NextNormal()));
        foreach (var line in lines)
        {
            for (var i = 0; i < line.Count; i++)
            {
                line[i] = new Point(left + (shrink * (line[i].X - centreX)), top + (shrink * (line[i].Y - centreY)));
            }
        }
    }

    // A segment with round ends; its edge fades over about a pixel.
    private static void Stroke(Span<float> pixels, Point a, Point b, double radius, double peak)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var length = Math.Max((dx * dx) + (dy * dy), 1e-12);
        var reach = radius + 1;
        for (var y = Math.Max(0, (int)(Math.Min(a.Y, b.Y) - reach)); y <= Math.Min(Side - 1, (int)(Math.Max(a.Y, b.Y) + reach)); y++)
        {
            for (var x = Math.Max(0, (int)(Math.Min(a.X, b.X) - reach)); x <= Math.Min(Side - 1, (int)(Math.Max(a.X, b.X) + reach)); x++)
            {
                var t = Math.Clamp((((x - a.X) * dx) + ((y - a.Y) * dy)) / length, 0, 1);
                var (ox, oy) = (x - a.X - (t * dx), y - a.Y - (t * dy));
                var ink = Math.Clamp((radius + 0.5 - Math.Sqrt((ox * ox) + (oy * oy))) / 1.1, 0, 1);
                ref var pixel = ref pixels[(y * Side) + x];
                pixel = Math.Max(pixel, (float)Math.Round(peak * ink));
            }
        }
    }
}
