using System.Text.Json;
using System.Text.Json.Serialization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;
using Latent.Inference.Pipeline;
using Latent.Inference.Scoring;
using static Latent.Inference.Saving.OnnxFields;

namespace Latent.Inference.Saving;

/// <summary>Represents the metadata of a saved graph, which describe its transformer.</summary>
internal sealed record SavedMapping(
    string Operation,
    string Input,
    bool ReadsCodes,
    int BatchSize,
    IReadOnlyList<SavedMapping.Column> Outputs,
    string? PlainRefusal,
    bool IsPlain
)
{
    private const string MappingKey = "latent.mapping",
        ManifestKey = "latent.manifest";
    private static readonly JsonSerializerOptions s_strict = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    public sealed record Column(
        string Name,
        OutputKind Kind,
        IReadOnlyList<int> Shape,
        long Seed,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Threshold = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Explanations = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? TableColumn = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsDrawn = null
    );

    public static void Write(Mapping mapping, bool isPlain, WireMessage model)
    {
        var saved = new SavedMapping(
            mapping.Operation,
            mapping.Input,
            mapping.ReadsCodes,
            mapping.BatchSize,
            [.. mapping.Outputs.Select(ToColumn)],
            mapping.PlainRefusal,
            isPlain
        );
        model.Fields.RemoveAll(f =>
            f.Number == Metadata && WireMessage.Parse(f.Payload).Strings(MetadataKey).FirstOrDefault() is MappingKey or ManifestKey
        );
        Add(MappingKey, JsonSerializer.Serialize(saved, s_strict));
        Add(ManifestKey, ManifestFile.ToJson(mapping.Bundle.Manifest));

        void Add(string key, string value) => model.Add(Metadata, new WireMessage().Add(MetadataKey, key).Add(MetadataValue, value));
    }

    /// <summary>Refuses, before ONNX Runtime loads it, a graph of Latent that contains what a bundle's may not contain.</summary>
    /// <exception cref="LatentException">The graph contains something that is refused.</exception>
    public static void Check(byte[] graph, string source, LatentBundleOptions? options)
    {
        if (WireMessage.Parse(graph).Messages(Metadata).Any(m => m.Strings(MetadataKey).FirstOrDefault() == MappingKey))
            GraphContents.Check(graph, source, options?.AllowAnyOperator ?? false);
    }

    /// <summary>Reads the mapping of a saved graph, and whether it was saved for plain ML.NET; null if the graph is not Latent's.</summary>
    /// <exception cref="LatentException">The graph is Latent's, but damaged or newer.</exception>
    public static (Mapping Mapping, bool IsPlain)? Read(byte[] graph, string source, LatentBundleOptions? options)
    {
        var metadata = WireMessage
            .Parse(graph)
            .Messages(Metadata)
            .Select(m => (Key: m.Strings(MetadataKey).FirstOrDefault(""), Value: m.Strings(MetadataValue).FirstOrDefault("")))
            .GroupBy(m => m.Key)
            .ToDictionary(g => g.Key, g => g.First().Value);
        if (!metadata.TryGetValue(MappingKey, out var mapping) || !metadata.TryGetValue(ManifestKey, out var manifest))
            return null;
        SavedMapping saved;
        try
        {
            saved = JsonSerializer.Deserialize<SavedMapping>(mapping, s_strict) ?? throw new JsonException("it is null");
            if (saved.BatchSize is < 1 or > 65_536 || saved.Outputs.Count == 0 || saved.Outputs.Any(o => o.Shape.Any(n => n < 1)))
                throw new JsonException("a number is out of its range");
        }
        catch (JsonException e)
        {
            throw new LatentException($"The metadata {MappingKey} of a graph in {source} cannot be read: {FileError.Reason(e)}.", e);
        }

        var bundle = new LatentBundle(
            source,
            ManifestFile.Parse(manifest, $"{ManifestKey} of a graph in {source}"),
            options,
            role =>
                role == Mapping.SavedRole
                    ? (source, graph)
                    : throw new LatentException($"{source} holds a saved pipeline, not the {RecipeNames.Of(role)} of a bundle.")
        );
        var read = new Mapping(
            bundle,
            saved.Operation,
            saved.Input,
            saved.ReadsCodes,
            [.. saved.Outputs.Select(o => FromColumn(o, bundle.Manifest))],
            saved.BatchSize
        )
        {
            IsSaved = true,
            PlainRefusal = saved.PlainRefusal,
        };
        var table = bundle.Manifest.Input.Table;
        var isWrong = read.Outputs.Any(o =>
            (o.Kind is OutputKind.Explanation or OutputKind.Cell && table is null)
            || (o.Kind == OutputKind.PValue && o.Scores is null)
            || o.Explanations < 1
            || o.Column < 0
            || o.Column >= (table?.Columns.Count ?? 1)
        );
        return isWrong
            ? throw new LatentException($"The metadata {MappingKey} of a graph in {source} has columns that its bundle cannot give.")
            : (read, saved.IsPlain);
    }

    // What a column does not have is left out, so that a file is the same as before there was such a thing.
    private static Column ToColumn(OutputColumn column) =>
        new(
            column.Name,
            column.Kind,
            column.Shape,
            column.Seed,
            column.Kind == OutputKind.IsAnomaly ? column.Threshold : null,
            column.Kind == OutputKind.Explanation ? column.Explanations : null,
            column.Kind == OutputKind.Cell ? column.Column : null,
            column.Kind == OutputKind.Cell ? column.IsDrawn : null
        );

    private static OutputColumn FromColumn(Column column, BundleManifest manifest) =>
        new(column.Name, column.Kind, column.Shape, column.Seed)
        {
            Table = manifest.Input.Table,
            Scores = manifest.Scores,
            Threshold = column.Threshold ?? double.NaN,
            Explanations = column.Explanations ?? 1,
            Column = column.TableColumn ?? 0,
            IsDrawn = column.IsDrawn ?? false,
        };
}
