using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Latent.Contracts.Json;

/// <summary>Reads and writes Latent's JSON files: camelCase, comments and trailing commas allowed, unknown keys refused.</summary>
internal static class StrictJson
{
    public static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static readonly JsonSerializerOptions Options = MakeOptions();

    public static T Parse<T>(string json, string source)
    {
        using var document = ParseDocument(json, source);
        return FromElement<T>(document.RootElement, source);
    }

    public static T FromElement<T>(JsonElement element, string source)
    {
        try
        {
            var (type, check) = (Options.GetTypeInfo(typeof(T)), new StrictJsonCheck(Options, source));
            check.Check(element, type);
            return (check.MetFormerName ? Renamed<T>(element, type) : element.Deserialize<T>(Options))
                ?? throw new LatentException($"There is nothing but null in {source}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw Undecodable(e, source);
        }
    }

    /// <summary>Gets the value of a key of an object.</summary>
    /// <exception cref="LatentException">A key is not valid Unicode text.</exception>
    public static bool TryGet(JsonElement element, string key, string source, out JsonElement value)
    {
        try
        {
            return element.TryGetProperty(key, out value);
        }
        catch (InvalidOperationException e)
        {
            throw Undecodable(e, source);
        }
    }

    public static JsonDocument ParseDocument(string json, string source)
    {
        try
        {
            return JsonDocument.Parse(json, Reading);
        }
        catch (JsonException e)
        {
            throw SyntaxError(e, source);
        }
        catch (ArgumentException e)
        {
            throw new LatentException($"{source} is not valid Unicode text.", e);
        }
    }

    // Text that is valid JSON but not valid Unicode (lone surrogates) is found only where it is decoded.
    private static LatentException Undecodable(Exception e, string source) => new($"A text in {source} could not be read: {e.Message}", e);

    public static LatentException SyntaxError(JsonException e, string source)
    {
        var what = e.Message;
        var position = what.IndexOf(" LineNumber:", StringComparison.Ordinal);
        what = (position < 0 ? what : what[..position]).TrimEnd('.');
        return new LatentException($"{source}, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {what}.", e);
    }

    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";

    private static T? Renamed<T>(JsonElement element, JsonTypeInfo type)
    {
        var root = JsonObject.Create(element);
        FormerNames.Rename(root, type);
        return root.Deserialize<T>(Options);
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            ReadCommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }
}
