using Latent.Contracts.Bundles;

namespace Latent.Trainer.Report.Images;

/// <summary>Rows of a data set as a contact sheet.</summary>
internal static class ImageGrid
{
    private const int Gap = 1;

    /// <summary>Draws <paramref name="rows"/>, [n, features] in pixels 0–255, left to right and top to bottom.</summary>
    public static Raster Draw(ReadOnlySpan<float> rows, ImageDescription image, int columns)
    {
        var size = image.Channels * image.Height * image.Width;
        var count = rows.Length / size;
        var (wide, high) = (image.Width + Gap, image.Height + Gap);
        columns = Math.Min(columns, Math.Max(count, 1));
        var picture = new Raster(columns * wide + Gap, (count + columns - 1) / columns * high + Gap, Zoom(image.Width, image.Height));
        for (var i = 0; i < count; i++)
        {
            picture.DrawRow(rows.Slice(i * size, size), image, Gap + i % columns * wide, Gap + i / columns * high);
        }

        return picture;
    }

    /// <summary>Draws signed tiles, each [height, width], every tile on its own symmetric color range.</summary>
    public static Raster DrawSigned(IReadOnlyList<float[]> tiles, int height, int width, int columns)
    {
        var (wide, high) = (width + Gap, height + Gap);
        columns = Math.Min(columns, Math.Max(tiles.Count, 1));
        var picture = new Raster(columns * wide + Gap, (tiles.Count + columns - 1) / columns * high + Gap, Zoom(width, height));
        for (var i = 0; i < tiles.Count; i++)
        {
            picture.DrawSigned(tiles[i], width, tiles[i].Max(MathF.Abs), Gap + i % columns * wide, Gap + i / columns * high);
        }

        return picture;
    }

    /// <summary>
    /// A line for each row: the first image, its code as a small signed image unless <paramref name="dimension"/> is 0, then the other
    /// images.
    /// </summary>
    public static Raster DrawWithCodes(IReadOnlyList<float[]> pictures, float[] codes, int dimension, ImageDescription image, int rows)
    {
        var size = image.Channels * image.Height * image.Width;
        var zoom = Zoom(image.Width, image.Height);
        var side = Math.Max(1, (int)Math.Ceiling(Math.Sqrt(dimension)));
        var cell = Math.Max(1, Math.Min(image.Height / 2, 56) / side);
        var (codeWide, codeHigh) = dimension == 0 ? (0, 0) : (side * cell, (dimension + side - 1) / side * cell);
        var high = Math.Max(image.Height, codeHigh);
        var limit = codes.Select(MathF.Abs).DefaultIfEmpty().Max();
        var block = pictures.Count * (image.Width + Gap) + codeWide + (dimension == 0 ? 3 : 6) * Gap;
        var across = rows < 5 ? 1 : Math.Max(1, Math.Min(4, 1200 / (block * zoom)));
        var lines = (rows + across - 1) / across;
        var picture = new Raster(across * block, lines * (high + Gap) + Gap, zoom);
        for (var i = 0; i < rows; i++)
        {
            var (left, top) = (i / lines * block + Gap, Gap + i % lines * (high + Gap));
            for (var p = 0; p < pictures.Count; p++)
            {
                picture.DrawRow(pictures[p].AsSpan(i * size, size), image, left, top + (high - image.Height) / 2);
                left += image.Width + Gap;
                if (p == 0 && dimension > 0)
                {
                    picture.DrawSigned(codes.AsSpan(i * dimension, dimension), side, limit, left + Gap, top + (high - codeHigh) / 2, cell);
                    left += codeWide + 3 * Gap;
                }
            }
        }

        return picture;
    }

    // Small images are enlarged, so that they can be seen.
    private static int Zoom(int width, int height) => Math.Max(1, 56 / Math.Max(width, height));
}
