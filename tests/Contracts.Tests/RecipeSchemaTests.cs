using Latent.Tests;

namespace Latent.Contracts.Tests;

public sealed class RecipeSchemaTests
{
    /// <summary>LATENT_WRITE=1 in the environment writes the file anew.</summary>
    [Fact]
    public void The_committed_schema_is_what_the_types_say()
    {
        var path = Path.Combine(World.Root, "Contracts", "Recipes", "recipe.schema.json");
        var schema = RecipeSchema.Generate();
        if (Environment.GetEnvironmentVariable("LATENT_WRITE") == "1")
            File.WriteAllText(path, schema);
        Assert.Equal(schema, File.ReadAllText(path));
    }

    [Fact]
    public void It_states_ranges_defaults_and_descriptions()
    {
        var schema = System.Text.Json.Nodes.JsonNode.Parse(RecipeSchema.Generate())!;
        var epochs = schema["properties"]!["training"]!["properties"]!["epochs"]!;
        Assert.Equal("Epochs: passes over the training rows, or as many as minStepsPerEpoch asks for.", (string)epochs["description"]!);
        Assert.Equal((1, 10), ((int)epochs["minimum"]!, (int)epochs["default"]!));
        Assert.False((bool)schema["additionalProperties"]!);
    }
}
