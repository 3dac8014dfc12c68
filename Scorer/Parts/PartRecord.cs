using System.Reflection;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Contracts.Json;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Parts;

/// <summary>Represents the record of a complete part, which is written after the part itself.</summary>
internal sealed record PartRecord
{
    /// <summary>Gets the version of the record's schema, counted from 1.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Gets the number of the part, from 1: of a single table the part of its rows, of several tables that of the files.</summary>
    public required int Part { get; init; }

    /// <summary>Gets the number of parts.</summary>
    public required int Parts { get; init; }

    /// <summary>Gets the program that made the part, with its version.</summary>
    public required string Program { get; init; }

    /// <summary>Gets the bundle.</summary>
    public required UsedModel Model { get; init; }

    /// <summary>Gets the whole input.</summary>
    public required ReadInput Input { get; init; }

    /// <summary>Gets the options that change the output, by their names.</summary>
    public required SortedDictionary<string, string> Options { get; init; }

    /// <summary>Gets the part's file; null before it is complete.</summary>
    public WholeFile? File { get; init; }

    /// <summary>Gets the list of skipped inputs; null if none was skipped.</summary>
    public WholeFile? SkippedList { get; init; }

    /// <summary>Gets the number of rows that were scored.</summary>
    public long Rows { get; init; }

    /// <summary>Gets the number of rows in the part's file, which has fewer with --only-anomalies.</summary>
    public long Written { get; init; }

    /// <summary>Gets the number of inputs that were skipped.</summary>
    public long Skipped { get; init; }

    /// <summary>Gets the number of columns that were copied from the input.</summary>
    public int Kept { get; init; }

    /// <summary>Describes a part before it is made.</summary>
    /// <exception cref="LatentException">The bundle or the input can't be read.</exception>
    public static PartRecord Of(ScoreSettings settings, string format) =>
        new()
        {
            Part = settings.Shard.Index,
            Parts = settings.Shard.Count,
            Program =
                $"Latent {typeof(PartRecord).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}",
            Model = UsedModel.Of(settings.Model),
            Input = ReadInput.Of(settings.Inputs),
            Options = PartOptions.Of(settings, format),
        };

    /// <summary>Reads a record.</summary>
    /// <exception cref="LatentException">It can't be read, or is no record of a complete part.</exception>
    public static PartRecord Read(string path)
    {
        var record = StrictJson.Parse<PartRecord>(SmallFile.ReadText(path), path);
        return record is { SchemaVersion: 1, File: not null }
            ? record
            : throw new LatentException($"{path} is no record of a complete part that this version of Latent can read.");
    }

    /// <summary>Writes the record.</summary>
    /// <exception cref="LatentException">It can't be written.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, StrictJson.ToJson(this));

    /// <summary>Tells in what the making of two parts differs.</summary>
    /// <returns>The end of a sentence that begins with this part's name; null if they belong together.</returns>
    public string? Difference(PartRecord other, string nameOfOther)
    {
        if (Program != other.Program)
            return $"was made by {Program}, but {nameOfOther} by {other.Program}";
        if (Model != other.Model)
            return $"was made by another model ({Model}) than {nameOfOther} ({other.Model})";
        if (Input.Sha256 != other.Input.Sha256 || !Input.Paths.SequenceEqual(other.Input.Paths))
        {
            return $"was made from another input ({Text(Input)}) than {nameOfOther} ({Text(other.Input)})";
        }

        var option = Options.Keys.Union(other.Options.Keys).FirstOrDefault(name => Value(this, name) != Value(other, name));
        return option is null
            ? null
            : $"was made with {option} {Value(this, option) ?? "left out"}, but {nameOfOther} with {Value(other, option) ?? "none"}";

        static string? Value(PartRecord record, string option) => record.Options.GetValueOrDefault(option);

        static string Text(ReadInput input) => $"{string.Join(' ', input.Paths)}, {input.Bytes:N0} bytes";
    }
}
