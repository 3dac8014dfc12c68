using Latent.CommandLine;
using Latent.Contracts.Files;
using Latent.Data.Arrays;
using Latent.Data.Columns;
using Latent.Data.Files;
using Latent.Data.Images;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Scorer.Commands;
using Latent.Scorer.Inputs;

namespace Latent.Scorer.Outputs;

/// <summary>Creates outputs by their kind: tables, arrays or folders of images.</summary>
internal static class Sinks
{
    private static readonly string[] s_tables = [".csv", ".csv.gz", ".csv.zst"];

    public static RowSink Create(ScoreSettings settings, LatentBundle bundle, RowSource source, IReadOnlyList<ResultColumn> results)
    {
        var path = settings.Output;
        if (settings.Operation == Operation.Drift)
            return Guard(() => new DriftSink(settings, bundle));
        var numbered = settings.RowNumbers && source is not (ImageSource or CodeSource);
        if (path == "-" || IsTable(path))
        {
            return Guard(() =>
                new CsvSink(
                    path,
                    source.KeptNames,
                    results,
                    numbered,
                    settings.ExcelSafe,
                    settings.Shard.IsFirst || settings.Part is not null
                )
            );
        }

        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            return Guard(() => new ParquetSink(path, source.KeptNames, results, numbered));
        if (path.EndsWith(".arrow", StringComparison.OrdinalIgnoreCase))
            return Guard(() => new ArrowSink(path, source.KeptNames, results, numbered));
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            if (results.FirstOrDefault(column => column.Kind == ResultKind.Text) is { } texts)
            {
                throw new UsageException(
                    $"--output is {path}, which holds only numbers, but the column {texts.Name} holds texts; it must be a .csv, .csv.gz, .parquet or .arrow file, or -."
                );
            }

            return settings.Table.Keep is null
                ? Guard(() => new NpySink(path, results.Count))
                : throw new UsageException("--keep needs a CSV, Parquet or Arrow output; an NPY file holds only numbers.");
        }

        if (Path.HasExtension(path) && !Directory.Exists(path) && !Path.EndsInDirectorySeparator(path))
        {
            throw new UsageException(
                $"--output is {path}; it must end in .csv, .csv.gz, .parquet, .arrow or .npy, be - for standard output, or be a folder for images."
            );
        }

        if (settings.Operation is Operation.Encode or Operation.Score)
        {
            throw new UsageException(
                $"--output is {path}, a folder for images, but this command computes numbers; it must be a .csv, .csv.gz, .parquet, .arrow or .npy file, or -."
            );
        }

        if (settings.Table.Keep is not null)
        {
            throw new UsageException(
                $"--keep needs a CSV, Parquet or Arrow output, but --output is {path}, a folder of images named by row."
            );
        }

        if (source is TableList)
        {
            throw new UsageException(
                $"--output is {path}, a folder of images named by row, but the input is several tables; it must be a .csv, .csv.gz, .parquet, .arrow or .npy file, or -."
            );
        }

        return bundle.Manifest.Input.Image is { } image
            ? Guard(() => new ImageSink(path, image))
            : throw new UsageException(
                $"--output is {path}, a folder for images, but the bundle {bundle.Name} produces tables; it must be a .csv, .csv.gz, .parquet, .arrow or .npy file, or -."
            );

        T Guard<T>(Func<T> make)
        {
            try
            {
                return make();
            }
            catch (Exception e) when (FileError.Is(e))
            {
                throw FileError.CannotWrite(path, e);
            }
        }
    }

    /// <summary>
    /// Refuses an output that, or whose list of skipped inputs, would replace an input or be read with the inputs next time.
    /// </summary>
    /// <exception cref="UsageException">The output is such a one.</exception>
    public static void RefuseInput(ScoreSettings settings)
    {
        if (settings.Output == "-")
            return;
        var output = RealPath.Of(settings.Output);
        foreach (var path in settings.Inputs.Where(path => path != "-"))
        {
            if (InputFolder.IsPattern(path) && !Directory.Exists(path))
            {
                if (InputFolder.Includes(path, settings.Output))
                    throw new UsageException($"--output is {settings.Output}, which the input {path} includes; choose another name.");
                continue;
            }

            var input = RealPath.Of(path);
            if (RealPath.AreSame(input, output))
                throw new UsageException($"--output is {settings.Output}, the input itself, which would be lost; choose another name.");
            if (RealPath.AreSame(input, RealPath.Of(settings.SkippedPath)))
            {
                throw new UsageException(
                    $"--output is {settings.Output}, whose list of skipped inputs would replace the input {path}; choose another name."
                );
            }

            if (RealPath.IsInside(input, output))
                throw new UsageException($"--output is {settings.Output}, which lies inside the input {path}; choose a path outside it.");
        }
    }

    /// <summary>Tells whether a path is that of a CSV table.</summary>
    public static bool IsTable(string path) => s_tables.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
