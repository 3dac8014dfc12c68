using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

public sealed class ConvolutionRecipeTests
{
    private const string Json = """
        {
          "name": "conv", "kind": "variational", "latent": { "dimension": 4 }, "objective": { "reconstruction": "meanSquaredError" },
          "data": { "source": "images", "image": { "channels": 1, "height": 128, "width": 128 } },
          "convolution": { "filters": 8, "depth": 4, "outputActivation": "sigmoid" }
        }
        """;

    [Fact]
    public void Four_numbers_spell_out_a_network_that_ends_in_the_shape_it_began_with()
    {
        var recipe = RecipeFile.Parse(Json, "c.json");
        var shapes = LayerShapes.Of(recipe, [1, 128, 128]);
        Assert.Equal([64, 8, 8], shapes.Encoder[7]);
        Assert.Equal([32], shapes.Encoder[^1]);
        Assert.Equal([1, 128, 128], shapes.Decoder[^1]);
        Assert.Null(recipe.Convolution);
        Assert.Equal(RecipeFile.ToJson(recipe), RecipeFile.ToJson(RecipeFile.Parse(RecipeFile.ToJson(recipe), "again")));
    }

    [Theory]
    [InlineData("convolution.depth=5", 4 * 8)]
    [InlineData("latent.dimension=7", 7 * 8)]
    public void Its_keys_can_be_set(string assignment, int linear)
    {
        var recipe = RecipeFile.Parse(RecipeOverrides.Apply(Json, assignment), "c.json");
        Assert.Equal(linear, recipe.Encoder.Single(l => l.Type == LayerType.Linear).Out);
    }

    [Theory]
    [InlineData("convolution.depth=8", "convolution.depth is 8, but 120x120 images can't be halved so often")]
    [InlineData("convolution.kernel=4", "convolution.kernel is 4; it must be odd")]
    [InlineData("convolution.filters=0", "convolution.filters is 0; it must be at least 1")]
    public void What_can_not_be_is_refused(string assignment, string because)
    {
        var json = RecipeOverrides.Apply(Json.Replace("128", "120"), assignment);
        Assert.Contains(because, Assert.Throws<LatentException>(() => RecipeFile.Parse(json, "c.json")).Message);
    }

    [Fact]
    public void Layers_beside_it_are_refused()
    {
        var json = Json.Replace("\"convolution\"", "\"encoder\": [{ \"type\": \"relu\" }], \"convolution\"");
        Assert.Equal(
            "convolution stands beside encoder or decoder; it describes both, so leave them out (c.json).",
            Assert.Throws<LatentException>(() => RecipeFile.Parse(json, "c.json")).Message
        );
    }
}
