using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Data.Rows;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Parts;

/// <summary>
/// Represents one of the N parts of an output in a folder: part-00003-of-00016.csv, and then its record and, where inputs were skipped,
/// their list, whose names begin with an underscore so that engines that read folders don't take them for tables.
/// </summary>
internal sealed class PartFile
{
    private readonly string _folder;
    private readonly PartRecord _record;

    private PartFile(string folder, PartRecord record)
    {
        (_folder, _record) = (folder, record);
        var name = NameOf(record.Part, record.Parts);
        FilePath = Path.Combine(folder, $"{name}.{record.Options["--format"]}");
        SkippedPath = Path.Combine(folder, $"_{name}.skipped.csv");
        RecordPath = Path.Combine(folder, $"_{name}.json");
    }

    /// <summary>Gets the path of the part.</summary>
    public string FilePath { get; }

    /// <summary>Gets the path of the list of skipped inputs.</summary>
    public string SkippedPath { get; }

    /// <summary>Gets the path of the record.</summary>
    public string RecordPath { get; }

    /// <summary>Gets a part's name without its ending.</summary>
    public static string NameOf(int part, int parts) => $"part-{part:D5}-of-{parts:D5}";

    /// <summary>Gets the part that settings ask for; null if the output is none of parts in a folder.</summary>
    /// <exception cref="UsageException">The settings ask for what can't be.</exception>
    /// <exception cref="LatentException">The bundle or the input can't be read.</exception>
    public static PartFile? Of(ScoreSettings settings)
    {
        if (!IsFor(settings))
        {
            var (option, what) = settings.Format is not null ? ("--format", "the parts' format") : ("--shard auto", "parts");
            return settings is { Format: null, ShardIsAuto: false }
                ? null
                : throw new UsageException(
                    $"{option} is for {what} in a folder, so --shard must be given, and --output, {settings.Output}, be a folder that gets them."
                );
        }

        return new PartFile(settings.Output, PartRecord.Of(settings, settings.Format ?? "csv"));
    }

    /// <summary>Reads the record of the part if it is complete and was made in the same way.</summary>
    /// <returns>The record; null if the part must be made.</returns>
    public PartRecord? Complete()
    {
        if (!File.Exists(RecordPath))
            return null;
        try
        {
            var found = PartRecord.Read(RecordPath);
            var isSame =
                (found.Part, found.Parts) == (_record.Part, _record.Parts)
                && found.File!.Name == Path.GetFileName(FilePath)
                && found.Difference(_record, "") is null
                && found.File.Problem(_folder) is null
                && found.SkippedList?.Problem(_folder) is null;
            return isSame ? found : null;
        }
        catch (LatentException)
        {
            // A damaged record is that of a part which must be made again.
            return null;
        }
    }

    /// <summary>Makes the folder, and removes a record that will no longer be true.</summary>
    /// <exception cref="LatentException">The folder can't be written.</exception>
    public void Begin()
    {
        try
        {
            Directory.CreateDirectory(_folder);
            File.Delete(RecordPath);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(_folder, e);
        }
    }

    /// <summary>Writes the record of the part, whose file and list are in place.</summary>
    /// <param name="rows">Number of rows that were scored.</param>
    /// <param name="written">Number of rows in the file.</param>
    /// <param name="skipped">Number of inputs that were skipped.</param>
    /// <param name="source">What was read.</param>
    public void Finish(long rows, long written, long skipped, RowSource source) =>
        (
            _record with
            {
                File = WholeFile.Of(FilePath),
                SkippedList = skipped == 0 ? null : WholeFile.Of(SkippedPath),
                Rows = rows,
                Written = written,
                Skipped = skipped,
                Kept = source.KeptNames.Count,
            }
        ).Write(RecordPath);

    // A folder was also for images before there were parts, and is so where the model makes images, unless a format is given.
    private static bool IsFor(ScoreSettings settings) =>
        settings.ShardIsGiven
        && settings.Operation != Operation.Drift
        && settings.Output != "-"
        && (!Path.HasExtension(settings.Output) || Directory.Exists(settings.Output) || Path.EndsInDirectorySeparator(settings.Output))
        && (
            settings.Format is not null
            || settings.Operation is Operation.Encode or Operation.Score
            || ManifestFile.Read(settings.Model).Input.Image is null
        );
}
