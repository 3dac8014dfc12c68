using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Latent.Contracts.Json;

namespace Latent.Contracts.Recipes;

/// <summary>Changes single keys of a recipe, as --set does.</summary>
public static partial class RecipeOverrides
{
    /// <summary>Sets one key of a recipe's JSON.</summary>
    /// <param name="json">The recipe's text.</param>
    /// <param name="assignment">
    /// "dotted.key=value", such as "training.epochs=3" or "decoder[2].out=784"; text needs no quotes, and null resets a key to its default.
    /// </param>
    /// <returns>The recipe's text with the key set; validate it with <see cref="RecipeFile.Parse"/>.</returns>
    /// <exception cref="LatentException">There is no such key, or the assignment doesn't have this form.</exception>
    public static string Apply(string json, string assignment)
    {
        var equals = assignment.IndexOf('=');
        var key = equals < 0 ? "" : assignment[..equals].Trim();
        if (!KeyPattern().IsMatch(key))
            throw new LatentException($"--set {assignment} is not of the form key=value, such as training.epochs=3.");
        try
        {
            var root =
                JsonNode.Parse(json, documentOptions: StrictJson.Reading) as JsonObject
                ?? throw new LatentException("The recipe is not an object in braces.");
            FormerNames.Rename(root, StrictJson.Options.GetTypeInfo(typeof(Recipe)));
            Set(root, key, assignment[(equals + 1)..].Trim());
            return root.ToJsonString(StrictJson.Options) + "\n";
        }
        catch (JsonException e)
        {
            throw StrictJson.SyntaxError(e, "The recipe");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new LatentException("The recipe gives a key twice, or has text that is no Unicode.", e);
        }
    }

    private static void Set(JsonNode root, string key, string value)
    {
        var steps = StepPattern().Matches(key).Select(m => m.Value).ToArray();
        var (node, type) = (root, StrictJson.Options.GetTypeInfo(typeof(Recipe)));
        for (var i = 0; i < steps.Length; i++)
        {
            var (step, last) = (steps[i], i == steps.Length - 1);
            if (node is JsonObject current && FormerNames.Find(type, step, FormerNames.KindOf(current)) is { } renamed)
                step = renamed.Name;
            type = TypeOf(type, step, key);
            if (node is JsonArray list)
            {
                var index = int.Parse(step, CultureInfo.InvariantCulture);
                if (index >= list.Count)
                    throw new LatentException($"--set {key}: there is no [{step}]; the list has {list.Count} entries, counted from 0.");
                if (last)
                    list[index] = ValueOf(value, type.Type);
                else
                    node = list[index] ??= NewNode(type);
            }
            else if (node is JsonObject owner)
            {
                if (!last)
                    node = owner[step] ??= NewNode(type);
                else if (value == "null")
                    owner.Remove(step);
                else
                    owner[step] = ValueOf(value, type.Type);
            }
            else
            {
                throw new LatentException($"--set {key}: what stands before {step} is a single value in this recipe.");
            }
        }
    }

    private static JsonTypeInfo TypeOf(JsonTypeInfo type, string step, string key)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            return step.All(char.IsAsciiDigit)
                ? StrictJson.Options.GetTypeInfo(type.ElementType!)
                : throw new LatentException($"--set {key}: {step} follows a list; it must be an index such as [0].");
        }

        if (type.Kind == JsonTypeInfoKind.Dictionary)
            return StrictJson.Options.GetTypeInfo(type.ElementType!);
        // A former key may be set before the type that decides its current name.
        var property = type.Properties.FirstOrDefault(p => p.Name == step) ?? FormerNames.FindAny(type, step);
        return property is not null
            ? StrictJson.Options.GetTypeInfo(property.PropertyType)
            : throw new LatentException(
                $"--set {key}: {step} is not a known key{NearestName.Hint(step, [.. type.Properties.Select(p => p.Name)])}"
            );
    }

    private static JsonNode NewNode(JsonTypeInfo type) => type.Kind == JsonTypeInfoKind.Enumerable ? new JsonArray() : new JsonObject();

    private static JsonNode? ValueOf(string value, Type type)
    {
        if (type == typeof(string) && !value.StartsWith('"') && value != "null")
            return JsonValue.Create(value);
        try
        {
            return JsonNode.Parse(value, documentOptions: StrictJson.Reading);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9]+(\[\d{1,6}\]|\.\d{1,6}|\.[A-Za-z][A-Za-z0-9]*)*$")]
    private static partial Regex KeyPattern();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex StepPattern();
}
