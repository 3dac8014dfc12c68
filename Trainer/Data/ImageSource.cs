using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Pictures;
using Latent.Contracts.Recipes;
using Latent.Inference.Pictures;

namespace Latent.Trainer.Data;

/// <summary>A folder of pictures, read recursively in order of their paths; folders within it are labels.</summary>
internal static class ImageSource
{
    public static DataSet Read(DataRecipe recipe, string path)
    {
        var files = Files(path).Take(recipe.Count ?? int.MaxValue).ToArray();
        if (files.Length == 0)
            throw new LatentException($"{path} holds no picture; files ending in {string.Join(", ", PictureFile.Extensions)} are read.");
        var image = recipe.Image ?? SizeOf(files[0]);
        var features = image.Channels * image.Height * image.Width;
        var values = InputFile.NewValues(path, files.Length, features);
        try
        {
            Parallel.For(0, files.Length, () => (Decoder: new PictureDecoder(), Scaler: new PictureScaler(image)), (i, _, tools) =>
            {
                var picture = tools.Decoder.Decode(files[i]);
                if (recipe.Image is null && (picture.Height != image.Height || picture.Width != image.Width))
                {
                    throw new LatentException(
                        $"{files[i]} is {picture.Height} x {picture.Width} pixels and others {image.Height} x {image.Width}; " +
                        "the recipe's data.image says what all are resized to.");
                }
                tools.Scaler.Fill(picture.Pixels, red: 0, picture.Width, picture.Height, values.AsSpan(i * features, features));
                return tools;
            }, _ => { });
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is LatentException first)
        {
            throw new LatentException(first.Message, e);
        }

        var labels = files.Select(file => Path.GetRelativePath(path, Path.GetDirectoryName(file)!)).ToArray();
        return new DataSet(PictureRows.Describe(image, recipe, path), values, labels.Distinct().Count() > 1 ? labels : null);
    }

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
            throw new LatentException(File.Exists(path) ? $"{path} is a file; a folder of pictures is needed." : $"The folder {path} does not exist.");
        try
        {
            return [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(PictureFile.IsPicture)
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"{path} can't be read: {e.Message}", e);
        }
    }

    private static ImageDescription SizeOf(string file)
    {
        var picture = new PictureDecoder().Decode(file);
        return new ImageDescription(3, picture.Height, picture.Width);
    }
}
