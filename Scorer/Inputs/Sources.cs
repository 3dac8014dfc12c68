using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Data.Arrays;
using Latent.Data.Files;
using Latent.Data.Images;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Inputs;

/// <summary>Opens inputs by their kind: tables, arrays, images or latent codes from the prior.</summary>
internal static class Sources
{
    private const string TableOptionNames = "--columns, --keep, --label, --separator, --header, --encoding and --decimal-comma";

    public static RowSource Open(ScoreSettings settings, LatentBundle bundle)
    {
        if (settings.Operation == Operation.Sample)
        {
            if (bundle.Manifest.Prior is null)
            {
                throw new LatentException(
                    $"The bundle {bundle.Name} is a plain autoencoder without a prior to sample from; Trainer's sampler command fits one to its codes."
                );
            }

            if (bundle.Manifest.Recipe.Ensemble > 1)
            {
                throw new LatentException(
                    $"The bundle {bundle.Name} is an ensemble, whose members would each draw a row of their own to average; sample needs a single model."
                );
            }

            var (from, to) = settings.Shard.Range(settings.Count, settings.BatchSize);
            return new CodeSource(bundle, settings.Seed, from, to);
        }

        var input = settings.Inputs[0];
        var table = bundle.Manifest.Input.Table;
        var plain = settings.Table == new TableOptions();
        if (
            settings.Inputs.Count == 1
            && bundle.Manifest.Input.Image is { } image
            && (Directory.Exists(input) || InputFolder.IsPattern(input))
        )
        {
            return plain
                ? new ImageSource(
                    input,
                    image,
                    settings.Shard,
                    settings.BatchSize,
                    settings.MaxPixels ?? bundle.Manifest.Recipe.Data.MaxPixels
                )
                : throw new UsageException($"{TableOptionNames} are for tables, but the input is a folder or pattern of images.");
        }

        foreach (var path in settings.Inputs.Where(path => path != "-" && !Directory.Exists(path) && !InputFolder.IsPattern(path)))
        {
            if (!File.Exists(path))
                throw path.Contains('\uFFFD') ? InputFile.Missing(path) : new LatentException($"There is no file or folder {path}.");
            if (table is not null && (ImageFile.IsImage(path) || ArraySource.IsArray(path)))
            {
                throw new UsageException(
                    $"{path} is {(ImageFile.IsImage(path) ? "an image" : "an array")}, but the model reads the columns of a table by their names; the input must be CSV, Parquet or Arrow."
                );
            }

            if (ImageFile.IsImage(path))
            {
                throw new UsageException(
                    $"{path} is a single image; the input must be its folder, or a pattern such as '{Path.GetDirectoryName(path)}/*{Path.GetExtension(path)}'."
                );
            }
        }

        if (input == "-" && !settings.Shard.IsWhole)
            throw new UsageException("--shard cannot split standard input, whose length is unknown; the input must be a file or a folder.");
        if (settings.Inputs.Count > 1 || !ArraySource.IsArray(input))
        {
            return TableList.Open(
                settings.Inputs,
                settings.Table with
                {
                    Table = table,
                    Label = settings.Table.Label ?? LabelColumn(settings, bundle),
                    LabelIsTruth = settings.Table.LabelIsTruth && bundle.Manifest.Input.Classes is null,
                },
                bundle.Manifest.Input.Columns,
                bundle.InputLength,
                settings.Shard,
                settings.BatchSize
            );
        }

        if (!plain)
            throw new UsageException($"{TableOptionNames} are for tables, but the input is an array.");
        if (bundle.Manifest.Input.Classes is { } classes && settings.Condition is null)
        {
            throw new UsageException(
                $"{input} is an array, whose rows have no labels, but those of {bundle.Name} are conditioned on them; --condition must be one of {string.Join(", ", classes)}."
            );
        }

        var array = new ArraySource(input, settings.Shard, settings.BatchSize);
        if (array.RowLength == bundle.InputLength)
            return array;
        array.Dispose();
        throw new LatentException($"{input} has rows of {array.RowLength} values, but the model takes {bundle.InputLength}.");
    }

    private static string? LabelColumn(ScoreSettings settings, LatentBundle bundle) =>
        bundle.Manifest.Input.Classes is null || settings.Condition is not null ? null
        : bundle.Manifest.Recipe.Data.Label is { } label && bundle.Manifest.Recipe.Data.Source == DataSourceKind.Csv ? label
        : throw new UsageException(
            $"The rows of {bundle.Name} are conditioned on labels; --label must name their column, or --condition the label of all rows."
        );
}
