using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Data;

/// <summary>Rows of a NumPy array: [n, features] are a table or flat pictures, [n, height, width] and [n, channels, height, width] pictures.</summary>
internal static class NpySource
{
    public static DataSet Read(DataRecipe recipe, string path)
    {
        var file = NpyFile.Read(path, recipe.Count);
        var features = file.Values.Length / file.Shape[0];
        InputFile.RequireFinite(path, file.Values, features);
        var image = file.Shape switch
        {
            [_, var height, var width] => new ImageDescription(1, height, width),
            [_, var channels, var height, var width] when channels is 1 or 3 => new ImageDescription(channels, height, width),
            [_, _, _, _] => throw new LatentException(
                $"{path} has the shape {string.Join(" x ", file.Shape)}; four axes must be count, channels (1 or 3), height and width."),
            [_, _] when recipe.Image is { } wanted => wanted.Channels * wanted.Height * wanted.Width == features
                ? wanted
                : throw new LatentException(
                    $"{path} has rows of {features} values, but the recipe's data.image asks for {wanted.Channels} x {wanted.Height} x {wanted.Width}."),
            _ => null,
        };
        if (image is null)
        {
            var columns = Enumerable.Range(0, features).Select(i => $"x{i}").ToArray();
            return new DataSet(new InputDescription { Shape = [features], Unit = "table", Columns = columns }, file.Values, Labels(path, recipe, file.Shape[0]));
        }

        var pixels = PictureRows.ToPixels(file.Values, recipe.PixelScale);
        return new DataSet(PictureRows.Describe(image, recipe, path), pixels, Labels(path, recipe, file.Shape[0]));
    }

    private static string[]? Labels(string path, DataRecipe recipe, int count)
    {
        if (recipe.Label is null)
        {
            return null;
        }

        var labelPath = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, recipe.Label);
        var labels = NpyFile.Read(labelPath);
        if (labels.Shape.Length != 1 || labels.Shape[0] < count || (recipe.Count is null && labels.Shape[0] != count))
        {
            throw new LatentException($"{labelPath} holds {string.Join(" x ", labels.Shape)} labels for the {count} rows of {path}; every row needs one.");
        }

        return [.. labels.Values.Take(count).Select(label => label.ToString(CultureInfo.InvariantCulture))];
    }
}
