using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Data;

/// <summary>Pictures of the IDX format: one file, or a folder with MNIST's train and t10k files.</summary>
internal static class IdxSource
{
    private const string Images = "images-idx3-ubyte";

    public static (DataSet All, DataSet? Test) Read(DataRecipe recipe, string path)
    {
        if (!Directory.Exists(path))
        {
            return (Pictures(path, recipe), null);
        }

        var train = Find(path, $"train-{Images}") ?? throw new LatentException($"{path} has no train-{Images} or train-{Images}.gz.");
        var test = Find(path, $"t10k-{Images}");
        return (Pictures(train, recipe), test is null ? null : Pictures(test, recipe));
    }

    private static DataSet Pictures(string path, DataRecipe recipe)
    {
        var file = IdxFile.Read(path, recipe.Count);
        var image = file.Shape switch
        {
            [_, var height, var width] => new ImageDescription(1, height, width),
            [_, var channels, var height, var width] when channels is 1 or 3 => new ImageDescription(channels, height, width),
            _ => throw new LatentException($"{path} has {file.Shape.Length} axes ({string.Join(" x ", file.Shape)}); pictures have three: count, height and width."),
        };
        InputFile.RequireFinite(path, file.Values, file.Values.Length / file.Shape[0]);
        return new DataSet(PictureRows.Describe(image, recipe, path), PictureRows.ToPixels(file.Values, recipe.PixelScale), Labels(path, recipe, file.Shape[0]));
    }

    private static string[]? Labels(string path, DataRecipe recipe, int count)
    {
        var name = Path.GetFileName(path).Replace("images-idx3", "labels-idx1", StringComparison.Ordinal);
        if (name == Path.GetFileName(path) || Find(Path.GetDirectoryName(Path.GetFullPath(path))!, name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name) is not { } labelPath)
        {
            return null;
        }

        // All labels are read even where few rows are: their count must be the pictures' whole count.
        var labels = IdxFile.Read(labelPath);
        if (labels.Shape.Length != 1 || labels.Shape[0] < count || (recipe.Count is null && labels.Shape[0] != count))
        {
            throw new LatentException($"{labelPath} holds {string.Join(" x ", labels.Shape)} labels for the {count} pictures of {path}; every picture needs one.");
        }

        return [.. labels.Values.Take(count).Select(label => label.ToString(CultureInfo.InvariantCulture))];
    }

    private static string? Find(string folder, string name) =>
        new[] { name, name + ".gz" }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
}
