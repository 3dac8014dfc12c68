using Latent.Contracts.Bundles;

namespace Latent.Trainer.Report.Pictures;

/// <summary>Rows of a data set as a contact sheet.</summary>
internal static class PictureGrid
{
    private const int Gap = 2;

    /// <summary>How many screen pixels a picture's pixel takes, so that small pictures can be seen.</summary>
    public static int Zoom(ImageDescription image) => Math.Max(1, 56 / Math.Max(image.Width, image.Height));

    /// <summary>Draws <paramref name="rows"/>, [n, features] in pixels 0–255, left to right and top to bottom.</summary>
    public static Picture Draw(ReadOnlySpan<float> rows, ImageDescription image, int columns)
    {
        var size = image.Channels * image.Height * image.Width;
        var count = rows.Length / size;
        var zoom = Zoom(image);
        var (wide, high) = (image.Width * zoom + Gap, image.Height * zoom + Gap);
        columns = Math.Min(columns, Math.Max(count, 1));
        var picture = new Picture(columns * wide + Gap, (count + columns - 1) / columns * high + Gap);
        for (var i = 0; i < count; i++)
        {
            picture.DrawRow(rows.Slice(i * size, size), image, Gap + i % columns * wide, Gap + i / columns * high, zoom);
        }

        return picture;
    }

    /// <summary>Draws signed tiles, each [height, width], every tile on its own symmetric colour range.</summary>
    public static Picture DrawSigned(IReadOnlyList<float[]> tiles, int height, int width, int columns)
    {
        var zoom = Math.Max(1, 56 / Math.Max(width, height));
        var (wide, high) = (width * zoom + Gap, height * zoom + Gap);
        columns = Math.Min(columns, Math.Max(tiles.Count, 1));
        var picture = new Picture(columns * wide + Gap, (tiles.Count + columns - 1) / columns * high + Gap);
        for (var i = 0; i < tiles.Count; i++)
        {
            picture.DrawSigned(tiles[i], width, tiles[i].Max(MathF.Abs), Gap + i % columns * wide, Gap + i / columns * high, zoom);
        }

        return picture;
    }

    /// <summary>A line for each row: the first picture, its code as a small signed image, then the other pictures.</summary>
    public static Picture DrawWithCodes(IReadOnlyList<float[]> pictures, float[] codes, int dimension, ImageDescription image, int rows)
    {
        var size = image.Channels * image.Height * image.Width;
        var zoom = Zoom(image);
        var (wide, high) = (image.Width * zoom, image.Height * zoom);
        var side = (int)Math.Ceiling(Math.Sqrt(dimension));
        var cell = Math.Max(1, Math.Min(high / 2, 56) / side);
        var (codeWide, codeHigh) = (side * cell, (dimension + side - 1) / side * cell);
        var limit = codes.Max(MathF.Abs);
        var block = pictures.Count * wide + codeWide + (pictures.Count + 2) * Gap * 2;
        var across = rows < 5 ? 1 : Math.Max(1, Math.Min(4, 1200 / block));
        var lines = (rows + across - 1) / across;
        var picture = new Picture(across * block, lines * (high + Gap) + Gap);
        for (var i = 0; i < rows; i++)
        {
            var (left, top) = (i / lines * block + Gap, Gap + i % lines * (high + Gap));
            for (var p = 0; p < pictures.Count; p++)
            {
                picture.DrawRow(pictures[p].AsSpan(i * size, size), image, left, top, zoom);
                left += wide + Gap;
                if (p == 0)
                {
                    picture.DrawSigned(codes.AsSpan(i * dimension, dimension), side, limit, left + Gap, top + (high - codeHigh) / 2, cell);
                    left += codeWide + 3 * Gap;
                }
            }
        }

        return picture;
    }
}
