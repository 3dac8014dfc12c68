using Latent.Contracts;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Inputs;

/// <summary>Opens whatever the input is.</summary>
internal static class Sources
{
    public static RowSource Open(ScoreSettings settings, LatentBundle bundle)
    {
        if (settings.Operation == Operation.Sample)
        {
            if (!bundle.IsVariational)
                throw new LatentException($"The bundle {bundle.Name} is a plain autoencoder, which has no prior to draw from; a variational one has.");
            var (from, to) = settings.Shard.Range(settings.Count, settings.BatchSize);
            return new CodeSource(settings.Seed, from, to);
        }
        var input = settings.Input!;
        if (input != "-" && (Directory.Exists(input) || PictureFiles.IsPattern(input)))
        {
            if (bundle.Manifest.Input.Image is not { } image)
                throw new LatentException($"{input} holds pictures, but the bundle {bundle.Name} takes tables; the input must be a CSV or NPY file.");
            if (settings.Csv != new CsvOptions())
                throw new UsageException("--columns, --keep, --label, --separator and --header are for tables, and the input holds pictures.");
            return new PictureSource(input, image, settings.Shard, settings.BatchSize);
        }
        if (input != "-" && !File.Exists(input))
            throw new LatentException($"There is no file or folder {input}.");
        if (input == "-" && !settings.Shard.IsWhole)
            throw new UsageException("--shard cannot cut standard input, whose length nobody knows; the input must be a file or a folder.");
        if (PictureFile.IsPicture(input))
            throw new UsageException($"{input} is one picture; the input must be its folder, or a pattern such as '{Path.GetDirectoryName(input)}/*{Path.GetExtension(input)}'.");
        if (!input.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            return new CsvSource(input, settings.Csv, bundle.Manifest.Input.Columns, bundle.InputLength, settings.Shard, settings.BatchSize);
        return settings.Csv == new CsvOptions()
            ? new NpySource(input, bundle.InputLength, settings.Shard, settings.BatchSize)
            : throw new UsageException("--columns, --keep, --label, --separator and --header are for CSV files, and the input is an NPY file.");
    }
}
