using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Latent.Contracts.Json;

/// <summary>Compares JSON with the type that it is to become, and reports where the first difference is and what would be right.</summary>
internal sealed class StrictJsonCheck(JsonSerializerOptions options, string source)
{
    private const string SchemaKey = "$schema";

    // Files written by hand never have so many, and each of a million costs memory and time.
    private const int MaxEntries = 10_000;

    /// <summary>Gets whether the JSON had a key under its former name.</summary>
    public bool MetFormerName { get; private set; }

    public void Check(JsonElement element, JsonTypeInfo type) => Check(element, type, "", false);

    private void Check(JsonElement element, JsonTypeInfo type, string path, bool nullable)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            if (!nullable)
                throw Wrong(element, type, path);
        }
        else if (type.Kind == JsonTypeInfoKind.Object)
        {
            CheckObject(element, type, path);
        }
        else if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            if (element.ValueKind != JsonValueKind.Array)
                throw Wrong(element, type, path);
            var (index, itemType) = (0, options.GetTypeInfo(type.ElementType!));
            if (itemType.Kind == JsonTypeInfoKind.Object)
                RefuseMany(element.GetArrayLength(), path);
            foreach (var item in element.EnumerateArray())
                Check(item, itemType, $"{path}[{index++}]", false);
        }
        else if (type.Kind == JsonTypeInfoKind.Dictionary)
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw Wrong(element, type, path);
            RefuseMany(element.GetPropertyCount(), path);
            foreach (var member in element.EnumerateObject())
                Check(member.Value, options.GetTypeInfo(type.ElementType!), Join(path, member.Name), false);
        }
        else if (!Fits(element, Bare(type.Type)))
        {
            if (
                !Bare(type.Type).IsEnum
                || element.ValueKind != JsonValueKind.String
                || FormerNames.FindValue(Bare(type.Type), element.GetString()) is null
            )
            {
                throw Wrong(element, type, path);
            }

            MetFormerName = true;
        }
    }

    private void RefuseMany(int entries, string path)
    {
        if (entries > MaxEntries)
            throw new LatentException($"{path} has {entries} entries, more than the {MaxEntries} that it may have ({source}).");
    }

    private void CheckObject(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong(element, type, path);
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (path.Length == 0 && member.Name == SchemaKey)
                continue;
            var property =
                type.Properties.FirstOrDefault(p => p.Name == member.Name)
                ?? FormerNames.Find(type, member.Name, FormerNames.KindOf(element))
                ?? throw new LatentException($"{Join(path, member.Name)} is not a known key ({source}){Hint(member.Name, type)}");
            if (!seen.TryAdd(property.Name, member.Name))
                throw GivenTwice(path, property.Name, seen[property.Name], member.Name);
            MetFormerName |= property.Name != member.Name;
            if (property.CustomConverter is WidthConverter && member.Value.ValueKind != JsonValueKind.Null)
                CheckWidth(member.Value, Join(path, member.Name));
            else
                Check(member.Value, options.GetTypeInfo(property.PropertyType), Join(path, member.Name), property.IsSetNullable);
        }

        if (type.Properties.FirstOrDefault(p => IsRequired(p) && !seen.ContainsKey(p.Name)) is { } missing)
            throw new LatentException($"{Join(path, missing.Name)} is missing; it must be {Expected(missing.PropertyType)} ({source}).");
    }

    private void CheckWidth(JsonElement element, string path)
    {
        if (!WidthConverter.Fits(element))
            throw new LatentException($"{path} is {Short(element)}; it must be {WidthConverter.Expected} ({source}).");
    }

    private LatentException GivenTwice(string path, string key, string first, string second)
    {
        if (first == second)
            return new LatentException($"{Join(path, first)} is given twice ({source}).");
        var (today, former) = (Join(path, key), Join(path, first == key ? second : first));
        return new LatentException($"{former} is the former name of {today}, which is given too; leave the former out ({source}).");
    }

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };

    private static string Hint(string name, JsonTypeInfo type) => NearestName.Hint(name, [.. type.Properties.Select(p => p.Name)]);

    private LatentException Wrong(JsonElement element, JsonTypeInfo type, string path)
    {
        var nearest =
            Bare(type.Type).IsEnum && element.ValueKind == JsonValueKind.String
                ? NearestName.Suggest(element.GetString()!, EnumNames(Bare(type.Type)))
                : null;
        var end = nearest is null ? "." : $"; did you mean {nearest}?";
        return new LatentException(
            $"{(path.Length == 0 ? "The file" : path)} is {Short(element)}; it must be {Expected(type.Type)} ({source}){end}"
        );
    }

    private static string Short(JsonElement element)
    {
        var text = element.GetRawText();
        return (text.Length <= 60 ? text : text[..57] + "...").ReplaceLineEndings(" ");
    }

    private static bool Fits(JsonElement element, Type type) =>
        type.IsEnum ? element.ValueKind == JsonValueKind.String && EnumNames(type).Contains(element.GetString())
        : type == typeof(string) ? element.ValueKind == JsonValueKind.String && element.GetString() is not null
        : type == typeof(bool) ? element.ValueKind is JsonValueKind.True or JsonValueKind.False
        : type == typeof(int) ? element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out _)
        : type == typeof(long) ? element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out _)
        : type == typeof(double)
            ? element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number)
        : type == typeof(DateTime) ? element.ValueKind == JsonValueKind.String && element.TryGetDateTime(out _)
        : type == typeof(DateTimeOffset) ? element.ValueKind == JsonValueKind.String && element.TryGetDateTimeOffset(out _)
        : throw new InvalidOperationException($"{type} has no place in a JSON file of ours.");

    private static string Expected(Type type)
    {
        type = Bare(type);
        return type.IsEnum ? $"one of {string.Join(", ", EnumNames(type))}"
            : type == typeof(string) ? "a text in quotes"
            : type == typeof(bool) ? "true or false"
            : type == typeof(int) || type == typeof(long) ? "a whole number"
            : type == typeof(double) ? "a number"
            : type == typeof(DateTime) ? "a date and time such as \"2026-01-31T12:00:00\""
            : type == typeof(DateTimeOffset) ? "a date and time such as \"2026-01-31T12:00:00Z\""
            : StrictJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable ? "a list in square brackets"
            : "an object in braces";
    }

    internal static string[] EnumNames(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];

    internal static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
