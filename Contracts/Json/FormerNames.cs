using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Latent.Contracts.Json;

/// <summary>Finds and renames keys and values that have a <see cref="FormerNameAttribute"/>.</summary>
internal static class FormerNames
{
    /// <summary>Finds the property that had a name in an object of a kind; null if there is none.</summary>
    /// <param name="type">Type of the object.</param>
    /// <param name="key">The former key.</param>
    /// <param name="kind">The value of the object's key "type", if it has one.</param>
    public static JsonPropertyInfo? Find(JsonTypeInfo type, string key, string? kind) =>
        Find(
            type,
            former => former.Name == key && (former.OfType is not { } of || JsonNamingPolicy.CamelCase.ConvertName($"{of}") == kind)
        );

    /// <summary>Finds a property that had a name in an object of any kind; null if there is none.</summary>
    /// <param name="type">Type of the object.</param>
    /// <param name="key">The former key.</param>
    public static JsonPropertyInfo? FindAny(JsonTypeInfo type, string key) => Find(type, former => former.Name == key);

    /// <summary>Gets the current name of an enumeration's value; null if none of its values had this name.</summary>
    /// <param name="type">The enumeration.</param>
    /// <param name="value">The former name.</param>
    public static string? FindValue(Type type, string? value) =>
        type.GetFields().FirstOrDefault(field => field.GetCustomAttributes<FormerNameAttribute>().Any(former => former.Name == value))
            is { } found
            ? JsonNamingPolicy.CamelCase.ConvertName(found.Name)
            : null;

    /// <summary>Gets the value of an object's key "type"; null if it has none.</summary>
    public static string? KindOf(JsonElement element) =>
        element.TryGetProperty("type", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;

    /// <summary>Gets the value of an object's key "type"; null if it has none.</summary>
    public static string? KindOf(JsonObject owner) => owner["type"] is JsonValue value && value.TryGetValue(out string? kind) ? kind : null;

    /// <summary>Gives every former key its current name, except where that is given too.</summary>
    /// <param name="node">The JSON.</param>
    /// <param name="type">The type that it is to become.</param>
    public static void Rename(JsonNode? node, JsonTypeInfo type)
    {
        if (node is JsonArray list && type.Kind == JsonTypeInfoKind.Enumerable)
        {
            foreach (var item in list)
                Rename(item, type.Options.GetTypeInfo(type.ElementType!));
        }
        else if (node is JsonObject owner && type.Kind == JsonTypeInfoKind.Object)
        {
            foreach (var key in owner.Select(member => member.Key).ToList())
            {
                if (type.Properties.FirstOrDefault(p => p.Name == key) is { } property)
                    RenameValue(owner, key, property);
                else if (Find(type, key, KindOf(owner)) is { } renamed && !owner.ContainsKey(renamed.Name))
                    Move(owner, key, renamed);
            }
        }
    }

    private static void Move(JsonObject owner, string key, JsonPropertyInfo renamed)
    {
        var value = owner[key];
        owner.Remove(key);
        owner[renamed.Name] = value;
        RenameValue(owner, renamed.Name, renamed);
    }

    private static void RenameValue(JsonObject owner, string key, JsonPropertyInfo property)
    {
        var type = StrictJsonCheck.Bare(property.PropertyType);
        if (!type.IsEnum)
            Rename(owner[key], property.Options.GetTypeInfo(property.PropertyType));
        else if (owner[key] is JsonValue value && value.TryGetValue(out string? name) && FindValue(type, name) is { } today)
            owner[key] = today;
    }

    private static JsonPropertyInfo? Find(JsonTypeInfo type, Func<FormerNameAttribute, bool> matches) =>
        type.Properties.FirstOrDefault(property =>
            property.AttributeProvider is PropertyInfo member && member.GetCustomAttributes<FormerNameAttribute>().Any(matches)
        );
}
