using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Data.Arrays;
using Latent.Data.Columns;
using Latent.Data.Files;
using Latent.Data.Images;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Data.Tables.Profile;

namespace Latent.Trainer.Data;

/// <summary>Brings the rows of files into memory and says what they are: a table, or images.</summary>
internal sealed class DataReader(
    DataRecipe recipe,
    string path,
    TableDescription? table,
    List<SkippedInput> skipped,
    CancellationToken cancellation
)
{
    private const int Batch = 256;

    // Fields of a batch, at most, so that rows of millions are read one by one.
    private const int MaxValues = 1 << 22;
    private const int MaxUnread = 1 << 26;
    private const string Images = "images-idx3-ubyte";

    /// <summary>Reads all rows, and the source's own test rows where it has some.</summary>
    public (DataSet All, DataSet? Test) Read()
    {
        switch (recipe.Source)
        {
            case DataSourceKind.Csv:
                return (Table(), null);
            case DataSourceKind.Images:
                return (ReadImages(), null);
            case DataSourceKind.Idx when Directory.Exists(path):
                var train =
                    Find(path, $"train-{Images}") ?? throw new LatentException($"{path} has no train-{Images}, plain, .gz or .zst.");
                return (Array(train), Find(path, $"t10k-{Images}") is { } test ? Array(test) : null);
            default:
                return (Array(path), null);
        }
    }

    private DataSet Table()
    {
        var options = new TableOptions
        {
            Columns = recipe.Columns,
            Label = recipe.Label,
            Separator = recipe.Separator?[0],
            Header = recipe.Header,
            Encoding = recipe.Encoding,
            DecimalComma = recipe.DecimalComma,
        };
        var description = recipe.Table is null ? null : table ?? TableProfiler.Profile([path], options, recipe.Table, cancellation);
        options = options with { Table = description };
        using var source = TableList.Open([path], options, null, null, Shard.Whole, Batch);
        var places = recipe.Image is null ? new List<RowPlace>() : null;
        var (values, labels) = Collect(source, path, recipe.Label is not null, places);
        if (values.Length == 0)
            throw new LatentException($"{path} has no rows; a table to learn from must have some.");
        source.CheckPrecision();
        return recipe.Image is null
            ? new DataSet(
                new InputDescription
                {
                    Shape = [source.RowLength],
                    Unit = InputUnit.Table,
                    Columns = description is null ? source.ColumnNames : [.. description.Columns.Select(column => column.Name)],
                    Table = description,
                },
                values,
                labels
            )
            {
                Places = places?.ToArray(),
            }
            : OfImages(recipe.Image, source.RowLength, values, labels, path);
    }

    private DataSet ReadImages()
    {
        if (!Directory.Exists(path) && File.Exists(path))
            throw new LatentException($"{path} is a file; a folder of images is needed.");
        var image =
            recipe.Image ?? throw new LatentException("data.image is missing; a folder of images needs the size that they are brought to.");
        using var source = new ImageSource(path, image, Shard.Whole, Batch, recipe.MaxPixels);
        var (values, labels) = Collect(source, path, labelled: true);
        if (values.Length == 0)
            throw new LatentException($"{path} holds no image that could be read.");
        return new DataSet(Describe(image), values, labels!.Distinct().Count() > 1 ? labels : null);
    }

    private DataSet Array(string file)
    {
        using var source = new ArraySource(file, Shard.Whole, Batch);
        var labels = LabelsOf(file, source.Shape[0]);
        var before = skipped.Count;
        var (values, _) = Collect(source, file, labelled: false);
        if (values.Length == 0)
            throw new LatentException($"{file} has no rows ({string.Join(" x ", source.Shape)}); an array to learn from must have some.");
        if (labels is not null && skipped.Count > before)
        {
            throw new LatentException(
                $"{file} has rows that can't be read, and labels that would fall to others; it must be without such rows."
            );
        }

        var image = source.Shape switch
        {
            [_, var height, var width] => new ImageDescription(1, (int)height, (int)width),
            [_, (1 or 3) and var channels, var height, var width] => new ImageDescription((int)channels, (int)height, (int)width),
            [_, _] when recipe.Source != DataSourceKind.Idx => recipe.Image,
            _ when recipe.Source == DataSourceKind.Idx => throw new LatentException(
                $"{file} has {source.Shape.Count} axes ({string.Join(" x ", source.Shape)}); images have three: count, height and width."
            ),
            [_] => null,
            _ => throw new LatentException(
                $"{file} has the shape {string.Join(" x ", source.Shape)}; four axes must be count, channels (1 or 3), height and width."
            ),
        };
        if (image is not null)
            return OfImages(image, source.RowLength, values, labels, file);
        var columns = Enumerable.Range(0, source.RowLength).Select(i => $"x{i}").ToArray();
        return new DataSet(
            new InputDescription
            {
                Shape = [source.RowLength],
                Unit = InputUnit.Table,
                Columns = columns,
            },
            values,
            labels
        );
    }

    private DataSet OfImages(ImageDescription image, int length, float[] values, string[]? labels, string file)
    {
        if (image.Channels * image.Height * image.Width != length)
            throw new LatentException($"{file} has rows of {length} values, but the recipe's data.image asks for {Text(image)}.");
        if (recipe.Image is { } wanted && Text(wanted) != Text(image))
        {
            throw new LatentException(
                $"{file} holds images of {Text(image)}, but the recipe's data.image asks for {Text(wanted)} (channels x height x width)."
            );
        }

        foreach (ref var value in recipe.PixelScale == 1 ? [] : values.AsSpan())
            value = (float)(value * recipe.PixelScale);
        return new DataSet(Describe(recipe.Image ?? image), values, labels);
    }

    private string[]? LabelsOf(string file, long count)
    {
        if (LabelFile(file) is not { } labelFile)
            return null;
        using var source = new ArraySource(labelFile, Shard.Whole, Batch);
        if (source.Shape.Count != 1 || source.Shape[0] != count)
        {
            throw new LatentException(
                $"{labelFile} holds {string.Join(" x ", source.Shape)} labels for the {count} rows of {file}; every row needs one."
            );
        }

        var (labels, _) = Collect(source, labelFile, labelled: false);
        return [.. labels.Select(label => label.ToString(CultureInfo.InvariantCulture))];
    }

    private string? LabelFile(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (recipe.Source == DataSourceKind.Npy)
            return recipe.Label is null ? null : Path.Combine(folder, recipe.Label);
        var name = Path.GetFileName(file).Replace("images-idx3", "labels-idx1", StringComparison.Ordinal);
        return name == Path.GetFileName(file) ? null : Find(folder, InputFile.WithoutPacking(name));
    }

    private (float[] Values, string[]? Labels) Collect(RowSource source, string file, bool labelled, List<RowPlace>? places = null)
    {
        skipped.AddRange(source.LeftOut);
        var most = recipe.Count ?? int.MaxValue;
        var batch = new RowBatch(Math.Clamp(MaxValues / source.RowLength, 1, Batch), source.RowLength, 0);
        // What a file of columns says of its rows is found out only when they are read.
        var known = Math.Min(Math.Min(source.Count ?? 0, most) * source.RowLength, source is ColumnarSource ? MaxUnread : long.MaxValue);
        var values = new float[Room(known, file)];
        var (labels, used, rows) = (labelled ? new List<string>() : null, 0, 0);
        for (; rows < most && source.Read(batch, cancellation); batch.Clear())
        {
            if (batch.Skipped.Count > 0 && !recipe.SkipErrors)
                throw new LatentException(batch.Skipped[0].Reason);
            skipped.AddRange(batch.Skipped);
            var count = Math.Min(batch.Count, most - rows);
            var read = batch.Rows[..(count * source.RowLength)];
            if (used + (long)read.Length > values.Length)
            {
                System.Array.Resize(
                    ref values,
                    Room(Math.Max(used + (long)read.Length, Math.Min(2L * used, System.Array.MaxLength)), file)
                );
            }

            read.CopyTo(values.AsSpan(used));
            used += read.Length;
            rows += count;
            labels?.AddRange(batch.Labels.AsSpan(0, count));
            for (var i = 0; i < count && places is not null; i++)
                places.Add(new RowPlace(source is TableList ? batch.Kept[i][0] : null, batch.Positions[i]));
        }

        System.Array.Resize(ref values, used);
        return (values, labels?.ToArray());
    }

    private static int Room(long values, string file) =>
        values <= System.Array.MaxLength
            ? (int)values
            : throw new LatentException($"{file} holds {values} values, more than fit; data.count reads fewer rows.");

    private static InputDescription Describe(ImageDescription image) =>
        new()
        {
            Shape = [image.Channels, image.Height, image.Width],
            Unit = InputUnit.Pixel,
            Image = image,
        };

    private static string? Find(string folder, string name) =>
        new[] { name, name + ".gz", name + ".zst" }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static string Text(ImageDescription image) => $"{image.Channels} x {image.Height} x {image.Width}";
}
