using System.Globalization;
using System.Text.RegularExpressions;
using Latent.Contracts;
using Latent.Contracts.Files;

namespace Latent.Scorer.Parts;

/// <summary>Represents a folder of parts that are all complete and belong together.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Parts">The records of the parts, in order.</param>
internal sealed partial record PartFolder(string Path, IReadOnlyList<PartRecord> Parts)
{
    private const int MostNamed = 10;

    /// <summary>Gets the ending of the parts' names, such as "csv" or "csv.gz".</summary>
    public string Format => Parts[0].Options["--format"];

    /// <summary>Reads all records, and compares every part with its record.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="LatentException">A part is missing, incomplete, or made in another way; the message says which.</exception>
    public static PartFolder Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new LatentException($"There is no folder {folder}.");
        var records = Find(folder);
        var (parts, first) = (records.Max(record => record.Of), records[0]);
        if (records.FirstOrDefault(record => record.Of != first.Of) is { Name: { } other })
        {
            throw new LatentException(
                $"{folder} has parts of several runs, such as {first.Name} and {other}; each number of parts needs a folder of its own."
            );
        }

        int[] missing = [.. Enumerable.Range(1, parts).Except(records.Select(record => record.Part))];
        if (missing.Length > 0)
        {
            var (one, named) = (missing.Length == 1, string.Join(", ", missing.Take(MostNamed)));
            var more = missing.Length > MostNamed ? $" and {missing.Length - MostNamed} more" : "";
            throw new LatentException(
                $"{folder} lacks {(one ? "part" : "parts")} {named}{more} of {parts}: {(one ? "it is" : "they are")} not complete and must be run again."
            );
        }

        var read = records
            .Select(record => PartRecord.Read(System.IO.Path.Combine(folder, $"_{record.Name}.json")))
            .OrderBy(record => record.Part)
            .ToList();
        for (var i = 0; i < parts; i++)
        {
            var (record, name) = (read[i], PartFile.NameOf(i + 1, parts));
            if (record.Part != i + 1 || record.Parts != parts || !record.File!.Name.StartsWith(name + '.', StringComparison.Ordinal))
                throw new LatentException($"The record _{name}.json in {folder} is that of another part, {record.File!.Name}.");
            if (record.Difference(read[0], read[0].File!.Name) is { } difference)
                throw new LatentException($"{record.File.Name} in {folder} {difference}; all parts must be made in the same way.");
        }

        for (var i = 0; i < parts; i++)
        {
            foreach (var file in new[] { read[i].File!, read[i].SkippedList }.OfType<WholeFile>())
            {
                if (file.Problem(folder) is { } problem)
                    throw new LatentException($"{file.Name} in {folder} {problem}; part {i + 1} must be run again.");
            }
        }

        return new PartFolder(folder, read);
    }

    /// <summary>Gets the path of a file of the folder.</summary>
    public string PathOf(WholeFile file) => System.IO.Path.Combine(Path, file.Name);

    private static List<(string Name, int Part, int Of)> Find(string folder)
    {
        try
        {
            var found = Directory
                .EnumerateFiles(folder, "_part-*.json")
                .Select(path => RecordName().Match(System.IO.Path.GetFileName(path)))
                .Where(match => match.Success)
                .Select(match => (match.Groups["name"].Value, Number(match, "part"), Number(match, "of")))
                .Order()
                .ToList();
            return found.Count > 0
                ? found
                : throw new LatentException(
                    $"{folder} has no part that is complete; --shard I/N with --output {folder} makes parts in it."
                );
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotRead(folder, e);
        }

        static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^_(?<name>part-(?<part>\d{5,9})-of-(?<of>\d{5,9}))\.json$")]
    private static partial Regex RecordName();
}
