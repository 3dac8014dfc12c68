using Latent.Contracts;
using Latent.Scorer.Commands;
using Latent.Scorer.Inputs;

namespace Latent.Scorer.Outputs;

/// <summary>Begins whatever the output is.</summary>
internal static class Sinks
{
    public static RowSink Create(ScoreSettings settings, LatentBundle bundle, RowSource source, IEnumerable<string> resultNames)
    {
        var (path, names) = (settings.Output, resultNames.ToArray());
        if (path.Length == 0)
            throw new UsageException("--output is empty; it must be a file, - for standard output, or a folder for pictures.");
        RefuseInput(settings);
        if (path == "-" || IsTable(path))
            return Guard(() => new CsvSink(path, settings.Shard.IsFirst ? source.KeptNames.Concat(names) : null, names.Length));
        if (path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return settings.Csv.Keep is null
                ? Guard(() => new NpySink(path, names.Length))
                : throw new UsageException("--keep needs a CSV output; an NPY file holds numbers alone.");
        }
        if (Path.HasExtension(path) && !Directory.Exists(path) && !Path.EndsInDirectorySeparator(path))
            throw new UsageException($"--output is {path}; it must end in .csv, .csv.gz or .npy, be - for standard output, or be a folder for pictures.");
        if (settings.Operation is Operation.Encode or Operation.Score)
            throw new UsageException($"--output is {path}, a folder; what this command computes are numbers, so it must be a .csv, .csv.gz or .npy file, or -.");
        if (settings.Csv.Keep is not null)
            throw new UsageException($"--keep needs a CSV output, and --output is {path}, a folder; its pictures are named by row.");
        return bundle.Manifest.Input.Image is { } image
            ? Guard(() => new PictureSink(path, image))
            : throw new UsageException($"--output is {path}, a folder for pictures, but the bundle {bundle.Name} makes tables; it must be a .csv, .csv.gz or .npy file, or -.");

        T Guard<T>(Func<T> make)
        {
            try
            {
                return make();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new LatentException($"{path} cannot be written: {e.Message.TrimEnd('.')}.", e);
            }
        }
    }

    // An input file that the output, or the list of skipped inputs beside it, would take the place of.
    private static void RefuseInput(ScoreSettings settings)
    {
        if (settings.Input is null or "-" || settings.Output == "-")
            return;
        var letters = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var input = Path.GetFullPath(settings.Input);
        if (string.Equals(input, Path.GetFullPath(settings.Output), letters))
            throw new UsageException($"--output is {settings.Output}, the input itself, which would be lost; it must have another name.");
        if (string.Equals(input, Path.GetFullPath(SkippedFile.PathFor(settings.Output)), letters))
            throw new UsageException($"--output is {settings.Output}, whose list of skipped inputs would replace the input {settings.Input}; it must have another name.");
    }

    private static bool IsTable(string path) =>
        path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);
}
