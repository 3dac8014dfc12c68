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

/// <summary>Begins whatever the output is.</summary>
internal static class Sinks
{
    private static readonly string[] s_tables = [".csv", ".csv.gz", ".csv.zst"];

    public static RowSink Create(ScoreSettings settings, LatentBundle bundle, RowSource source, IEnumerable<string> resultNames)
    {
        var (path, names) = (settings.Output, resultNames.ToArray());
        if (path.Length == 0)
            throw new UsageException("--output is empty; it must be a file, - for standard output, or a folder for images.");
        RefuseInput(settings);
        var numbered = settings.RowNumbers && source is not (ImageSource or CodeSource);
        if (path == "-" || IsTable(path))
            return Guard(() => new CsvSink(path, settings.Shard.IsFirst ? source.KeptNames.Concat(names) : null, names.Length, numbered, settings.ExcelSafe));
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            return Guard(() => new ParquetSink(path, source.KeptNames, names, numbered));
        if (path.EndsWith(".arrow", StringComparison.OrdinalIgnoreCase))
            return Guard(() => new ArrowSink(path, source.KeptNames, names, numbered));
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return settings.Table.Keep is null
                ? Guard(() => new NpySink(path, names.Length))
                : throw new UsageException("--keep needs a CSV, Parquet or Arrow output; an NPY file holds only numbers.");
        }
        if (Path.HasExtension(path) && !Directory.Exists(path) && !Path.EndsInDirectorySeparator(path))
            throw new UsageException($"--output is {path}; it must end in .csv, .csv.gz, .parquet, .arrow or .npy, be - for standard output, or be a folder for images.");
        if (settings.Operation is Operation.Encode or Operation.Score)
            throw new UsageException($"--output is {path}, a folder; what this command computes are numbers, so it must be a .csv, .csv.gz, .parquet, .arrow or .npy file, or -.");
        if (settings.Table.Keep is not null)
            throw new UsageException($"--keep needs a CSV, Parquet or Arrow output, and --output is {path}, a folder; its images are named by row.");
        if (source is TableList)
            throw new UsageException($"--output is {path}, a folder, whose images are named by row; of several tables the output must be a .csv, .csv.gz, .parquet, .arrow or .npy file, or -.");
        return bundle.Manifest.Input.Image is { } image
            ? Guard(() => new ImageSink(path, image))
            : throw new UsageException($"--output is {path}, a folder for images, but the bundle {bundle.Name} makes tables; it must be a .csv, .csv.gz, .parquet, .arrow or .npy file, or -.");

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

    // What the output, or the list of skipped inputs beside it, would take the place of, or would be read with the next time.
    private static void RefuseInput(ScoreSettings settings)
    {
        if (settings.Output == "-")
            return;
        var output = RealPath.Of(settings.Output);
        foreach (var path in settings.Inputs.Where(path => path != "-"))
        {
            if (InputFolder.IsPattern(path) && !Directory.Exists(path))
            {
                if (InputFolder.Includes(path, settings.Output))
                    throw new UsageException($"--output is {settings.Output}, which the input {path} includes; it must have another name.");
                continue;
            }
            var input = RealPath.Of(path);
            if (RealPath.AreSame(input, output))
                throw new UsageException($"--output is {settings.Output}, the input itself, which would be lost; it must have another name.");
            if (RealPath.AreSame(input, RealPath.Of(SkippedFile.PathFor(settings.Output))))
                throw new UsageException($"--output is {settings.Output}, whose list of skipped inputs would replace the input {path}; it must have another name.");
            if (RealPath.IsInside(input, output))
                throw new UsageException($"--output is {settings.Output}, which lies inside the input {path}; it must lie beside it.");
        }
    }

    private static bool IsTable(string path) => s_tables.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
