using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Pictures;
using Latent.Contracts.Recipes;
using Microsoft.ML.Data;

namespace Latent.Trainer.Data;

/// <summary>A folder of pictures, read recursively in order of their paths; folders within it are labels.</summary>
internal static class ImageSource
{
    private static readonly string[] s_extensions = [".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".ppm", ".pnm"];

    public static DataSet Read(DataRecipe recipe, string path)
    {
        var files = Files(path).Take(recipe.Count ?? int.MaxValue).ToArray();
        if (files.Length == 0)
            throw new LatentException($"{path} holds no picture; files ending in {string.Join(", ", s_extensions)} are read.");
        var image = recipe.Image ?? SizeOf(files[0]);
        var features = image.Channels * image.Height * image.Width;
        var values = InputFile.NewValues(path, files.Length, features);
        try
        {
            Parallel.For(0, files.Length, () => new PictureScaler(image), (i, _, scaler) =>
            {
                Load(files[i], image, recipe.Image is not null, scaler, values.AsSpan(i * features, features));
                return scaler;
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
                .Where(file => s_extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"{path} can't be read: {e.Message}", e);
        }
    }

    private static ImageDescription SizeOf(string file)
    {
        using var picture = Open(file);
        return new ImageDescription(3, picture.Height, picture.Width);
    }

    private static void Load(string file, ImageDescription wanted, bool resize, PictureScaler scaler, Span<float> row)
    {
        using var picture = Open(file);
        if (!resize && (picture.Height != wanted.Height || picture.Width != wanted.Width))
            throw new LatentException($"{file} is {picture.Height} x {picture.Width} pixels and others {wanted.Height} x {wanted.Width}; the recipe's data.image says what all are resized to.");
        scaler.Fill(picture.GetBGRPixels, 3, red: 2, picture.Width, picture.Height, row);
    }

    private static MLImage Open(string file)
    {
        try
        {
            return MLImage.CreateFromFile(file);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new LatentException($"{file} is no picture that can be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
