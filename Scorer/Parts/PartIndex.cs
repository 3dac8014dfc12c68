using Latent.Contracts.Files;
using Latent.Contracts.Json;

namespace Latent.Scorer.Parts;

/// <summary>Represents the index of a folder of parts, for engines that read them where they are.</summary>
internal sealed record PartIndex
{
    /// <summary>The name of the index in the folder; engines that read folders leave out names with an underscore.</summary>
    public const string Name = "_index.json";

    /// <summary>Gets the format of the parts, such as "csv" or "parquet"; every CSV part has a header.</summary>
    public required string Format { get; init; }

    /// <summary>Gets the number of rows of all parts.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets the number of inputs that were skipped.</summary>
    public required long Skipped { get; init; }

    /// <summary>Gets the bundle that made the parts.</summary>
    public required UsedModel Model { get; init; }

    /// <summary>Gets the input that the parts were made from.</summary>
    public required ReadInput Input { get; init; }

    /// <summary>Gets the parts' files, in the order of the rows.</summary>
    public required IReadOnlyList<WholeFile> Files { get; init; }

    /// <summary>Writes the index of a folder.</summary>
    /// <exception cref="Contracts.LatentException">It can't be written.</exception>
    public static string Write(PartFolder folder)
    {
        var index = new PartIndex
        {
            Format = folder.Format,
            Rows = folder.Parts.Sum(part => part.Written),
            Skipped = folder.Parts.Sum(part => part.Skipped),
            Model = folder.Parts[0].Model,
            Input = folder.Parts[0].Input,
            Files = [.. folder.Parts.Select(part => part.File!)],
        };
        var path = Path.Combine(folder.Path, Name);
        AtomicFile.WriteText(path, StrictJson.ToJson(index));
        return path;
    }
}
