using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

public sealed class PriorRecipeTests
{
    [Theory]
    [InlineData("{ \"kind\": \"mixture\" }", "")]
    [InlineData("{ \"kind\": \"realNvp\", \"steps\": 2, \"hidden\": 5 }", "")]
    [InlineData(
        "{ \"kind\": \"mixture\", \"pseudoInputs\": 5 }",
        "prior.pseudoInputs is 5; it must be left out, unless prior.kind is vampPrior (test.json)."
    )]
    [InlineData("{ \"steps\": 5 }", "prior.steps is 5; it must be left out, unless prior.kind is realNvp or maf (test.json).")]
    [InlineData(
        "{ \"kind\": \"mixture\", \"components\": 1 }",
        "prior.components is 1; it must be at least 2 and at most 100000 (test.json)."
    )]
    [InlineData(
        "{ \"kind\": \"vampPrior\" }, \"kind\": \"autoencoder\"",
        "prior.kind is vampPrior; it must be left out: a plain autoencoder has no prior (test.json)."
    )]
    [InlineData(
        "{ \"kind\": \"maf\" }, \"objective\": { \"reconstruction\": \"bernoulli\", \"freeBits\": 0.1 }",
        "objective.freeBits is 0.1; it must be 0, unless prior.kind is standardNormal, from which the KL is known dimension by dimension (test.json)."
    )]
    [InlineData(
        "{ \"kind\": \"realNvp\" }, \"latent\": { \"dimension\": 1 }",
        "latent.dimension is 1; it must be at least 2 with a realNvp prior, which transforms one half of a code by the other (test.json)."
    )]
    [InlineData(
        "{ \"kind\": \"vampPrior\" }, \"encoder\": [{ \"type\": \"residual\", \"layers\": [{ \"type\": \"dropout\", \"p\": 0.1 }] }]",
        "encoder[0] is residual, which encodes pseudo-inputs otherwise than rows; leave it out, or take another prior than vampPrior (test.json)."
    )]
    [InlineData(
        "{ }, \"latent\": { \"dimension\": 2, \"minLogVariance\": 3, \"maxLogVariance\": 2 }",
        "latent.minLogVariance is 3; it must be below latent.maxLogVariance, 2 (test.json)."
    )]
    public void A_prior_that_does_not_go_with_the_rest_is_refused(string prior, string message)
    {
        var keys = new Dictionary<string, string>
        {
            ["\"kind\":"] = "\"variational\"",
            ["\"objective\":"] = "{ \"reconstruction\": \"bernoulli\" }",
            ["\"latent\":"] = "{ \"dimension\": 2 }",
        };
        var rest = prior[(prior.IndexOf('}', StringComparison.Ordinal) + 1)..];
        var others = keys.Where(key => !rest.Contains(key.Key, StringComparison.Ordinal)).Select(key => $"{key.Key} {key.Value}, ");
        var json = $$"""
            { "name": "test", {{string.Concat(others)}} "data": { "source": "npy" }, "prior": {{prior}} }
            """;
        var refusal = Record.Exception(() => RecipeFile.Parse(json, "test.json"))?.Message ?? "";
        Assert.Equal(message, refusal);
    }

    [Theory]
    [InlineData(
        "{ \"type\": \"conv2d\", \"out\": 4, \"kernel\": 3 }",
        "encoder[0] skip is given [1, 6, 6], but its layers make [4, 4, 4] of it; they must keep height and width, since the channels of both are put together (test.json)."
    )]
    [InlineData(
        "{ \"type\": \"flatten\" }",
        "encoder[0] skip is given [1, 6, 6], but its layers make [36] of it; they must keep height and width, since the channels of both are put together (test.json)."
    )]
    [InlineData("", "encoder[0].layers is []; it must be a list of at least one layer (test.json).")]
    public void A_skip_connection_whose_layers_do_not_fit_is_refused(string inner, string message)
    {
        var json = $$"""
            {
              "name": "test", "kind": "autoencoder", "latent": { "dimension": 2 },
              "objective": { "reconstruction": "meanSquaredError" }, "data": { "source": "npy", "image": { "channels": 1, "height": 6, "width": 6 } },
              "encoder": [{ "type": "skip", "layers": [{{inner}}] }, { "type": "flatten" }]
            }
            """;
        Assert.Equal(message, Assert.Throws<LatentException>(() => RecipeFile.Parse(json, "test.json")).Message);
    }

    [Fact]
    public void A_residual_block_that_changes_the_shape_is_refused()
    {
        var layer = new LayerRecipe { Type = LayerType.Residual, Layers = [new LayerRecipe { Type = LayerType.Linear, Out = 3 }] };
        var e = Assert.Throws<LatentException>(() => Layers.LayerDefinition.Of(layer.Type).OutputOf("encoder[0] residual", layer, [4]));
        Assert.Equal(
            "encoder[0] residual is given [4], but its layers make [3] of it; they must keep the shape, since both are added.",
            e.Message
        );
    }
}
