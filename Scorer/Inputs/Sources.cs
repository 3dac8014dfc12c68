using Latent.Contracts;
using Latent.Data.Arrays;
using Latent.Data.Files;
using Latent.Data.Pictures;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Inputs;

/// <summary>Opens whatever the input is.</summary>
internal static class Sources
{
    private const string TableOptionNames = "--columns, --keep, --label, --separator, --header, --encoding and --decimal-comma";

    public static RowSource Open(ScoreSettings settings, LatentBundle bundle)
    {
        if (settings.Operation == Operation.Sample)
        {
            if (!bundle.IsVariational)
                throw new LatentException($"The bundle {bundle.Name} is a plain autoencoder, which has no prior to draw from; a variational one has.");
            var (from, to) = settings.Shard.Range(settings.Count, settings.BatchSize);
            return new CodeSource(settings.Seed, bundle.LatentDimension, from, to);
        }
        var input = settings.Input!;
        var plain = settings.Table == new TableOptions();
        if (input != "-" && (Directory.Exists(input) || InputFolder.IsPattern(input)))
        {
            if (bundle.Manifest.Input.Image is not { } image)
                throw new LatentException($"{input} holds pictures, but the bundle {bundle.Name} takes tables; the input must be a CSV, Parquet, Arrow or NPY file.");
            return plain
                ? new PictureSource(input, image, settings.Shard, settings.BatchSize)
                : throw new UsageException($"{TableOptionNames} are for tables, and the input holds pictures.");
        }
        if (input != "-" && !File.Exists(input))
            throw new LatentException($"There is no file or folder {input}.");
        if (input == "-" && !settings.Shard.IsWhole)
            throw new UsageException("--shard cannot cut standard input, whose length is not known; the input must be a file or a folder.");
        if (PictureFile.IsPicture(input))
            throw new UsageException($"{input} is one picture; the input must be its folder, or a pattern such as '{Path.GetDirectoryName(input)}/*{Path.GetExtension(input)}'.");
        if (!ArraySource.IsArray(input))
            return TableFile.Open(input, settings.Table, bundle.Manifest.Input.Columns, bundle.InputLength, settings.Shard, settings.BatchSize);
        if (!plain)
            throw new UsageException($"{TableOptionNames} are for tables, and the input is an array.");
        var array = new ArraySource(input, settings.Shard, settings.BatchSize);
        if (array.RowLength == bundle.InputLength)
            return array;
        array.Dispose();
        throw new LatentException($"{input} has rows of {array.RowLength} values, but the model takes {bundle.InputLength}.");
    }
}
