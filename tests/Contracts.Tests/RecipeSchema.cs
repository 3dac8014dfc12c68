using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Latent.Contracts.Json;
using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

/// <summary>
/// The recipe's JSON schema as the types say it: descriptions from their documentation, ranges from their attributes, defaults from their
/// values.
/// </summary>
internal static partial class RecipeSchema
{
    public static string Generate()
    {
        var members = XDocument.Load(Path.ChangeExtension(typeof(Recipe).Assembly.Location, ".xml")).Descendants("member").ToList();
        var descriptions = members
            .Where(m => Name(m).StartsWith("P:Latent.", StringComparison.Ordinal) && m.Element("summary") is not null)
            .Select(m => (Name: Name(m), Text: Text(m.Element("summary")!)))
            .Concat(
                members
                    .Where(m => Name(m).StartsWith("T:Latent.", StringComparison.Ordinal))
                    .SelectMany(m => m.Elements("param").Select(p => (Name: $"P:{Name(m)[2..]}.{Name(p)}", Text: Text(p))))
            )
            .GroupBy(m => m.Name)
            .ToDictionary(m => m.Key, m => m.First().Text);
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, node, descriptions),
        };
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(StrictJson.Options, typeof(Recipe), options).AsObject();
        schema["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["type"] = "string" });
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A Latent recipe");
        return schema.ToJsonString(StrictJson.Options) + "\n";
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, Dictionary<string, string> descriptions)
    {
        // A width is a number, or the word for the input's.
        if (context.PropertyInfo?.CustomConverter is WidthConverter)
            node = new JsonObject { ["type"] = new JsonArray("integer", "string", "null"), ["pattern"] = "^input$" };
        if (node is not JsonObject schema)
            return node;
        if (schema.ContainsKey("properties"))
            schema["additionalProperties"] = false;
        if (context.PropertyInfo?.AttributeProvider is not PropertyInfo property)
            return node;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            Bound(schema, range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum", range.Minimum);
            if (Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture) < int.MaxValue)
                Bound(schema, range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum", range.Maximum);
        }

        if (
            !context.PropertyInfo.IsRequired
            && context.PropertyInfo.AssociatedParameter is null
            && property.DeclaringType is { IsAbstract: false } type
            && property.GetValue(Default(type)) is { } value
            && (value is string or Enum || value.GetType().IsPrimitive)
        )
        {
            schema["default"] = JsonSerializer.SerializeToNode(value, StrictJson.Options);
        }

        schema.Insert(0, "description", descriptions[$"P:{property.DeclaringType!.FullName}.{property.Name}"]);
        return schema;
    }

    // Records with parameters have none of their own, and their other properties begin as nothing.
    private static object Default(Type type) =>
        type.GetConstructor(Type.EmptyTypes) is null ? RuntimeHelpers.GetUninitializedObject(type) : Activator.CreateInstance(type)!;

    private static void Bound(JsonObject schema, string key, object bound) =>
        schema[key] = JsonValue.Create(Convert.ToDouble(bound, CultureInfo.InvariantCulture));

    private static string Name(XElement element) => element.Attribute("name")!.Value;

    private static string Text(XElement summary)
    {
        foreach (var see in summary.Descendants("see").ToList())
        {
            var name = see.Attribute("cref")!.Value.Split('.')[^1];
            see.ReplaceWith(new XText(JsonNamingPolicy.CamelCase.ConvertName(name)));
        }

        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
