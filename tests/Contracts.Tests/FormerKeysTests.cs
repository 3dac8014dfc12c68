using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

/// <summary>Files from before a key was renamed.</summary>
public sealed class FormerKeysTests
{
    private const string Old = """
        {
          "name": "old-ae", "kind": "autoencoder", "data": { "source": "csv" }, "noise": { "kind": "gaussian", "amount": 0.5 },
          "encoder": [ { "type": "linear", "out": 16 }, { "type": "leakyRelu", "amount": 0.2 }, { "amount": 0.25, "type": "dropout" } ],
          "latent": { "dimension": 2 },
          "decoder": [ { "type": "leakyRelu" }, { "type": "linear", "out": 8 } ], "objective": { "reconstruction": "meanSquaredError" }
        }
        """;

    [Fact]
    public void A_former_key_is_read_and_the_key_of_today_written()
    {
        var recipe = RecipeFile.Parse(Old, "old.json");
        Check(recipe);
        var json = RecipeFile.ToJson(recipe);
        Assert.Contains("\"negativeSlope\": 0.2", json);
        Assert.Contains("\"p\": 0.25", json);
        Assert.DoesNotContain("amount", json.Replace("\"amount\": 0.5", ""));
    }

    [Fact]
    public void A_former_key_in_the_manifest_of_a_bundle_is_read()
    {
        var manifest = Samples.Manifest() with { Kind = ModelKind.Autoencoder, Recipe = RecipeFile.Parse(Old, "old.json") };
        var json = ManifestFile.ToJson(manifest);
        var old = json.Replace("\"negativeSlope\": 0.2", "\"amount\": 0.2").Replace("\"p\": 0.25", "\"amount\": 0.25");
        Assert.NotEqual(json, old);
        var read = ManifestFile.Parse(old, "manifest.json");
        Check(read.Recipe);
        Assert.Equal(json, ManifestFile.ToJson(read));
    }

    [Theory]
    [InlineData(
        "\"amount\": 0.2 }",
        "\"amount\": 0.2, \"negativeSlope\": 0.3 }",
        "encoder[1].amount is the former name of encoder[1].negativeSlope, which is given too; leave the former out (old.json)."
    )]
    [InlineData(
        "{ \"amount\": 0.25,",
        "{ \"p\": 0.3, \"amount\": 0.25,",
        "encoder[2].amount is the former name of encoder[2].p, which is given too; leave the former out (old.json)."
    )]
    [InlineData("\"amount\": 0.2 }", "\"amount\": 0.2, \"amount\": 0.3 }", "encoder[1].amount is given twice (old.json).")]
    [InlineData("\"amount\": 0.2 }", "\"amount\": \"much\" }", "encoder[1].amount is \"much\"; it must be a number (old.json).")]
    [InlineData("\"amount\": 0.25", "\"amount\": 1.5", "encoder[2].p is 1.5; it must be at least 0 and below 1 (old.json).")]
    [InlineData("\"out\": 16", "\"out\": 16, \"amount\": 1", "encoder[0].amount is not a known key (old.json); known are type, out, ")]
    [InlineData("\"out\": 16", "\"out\": 16, \"p\": 0.1", "encoder[0].p does not apply to linear; it takes out, bias (old.json).")]
    public void What_cannot_be_is_refused_in_one_sentence(string right, string wrong, string message)
    {
        Assert.Contains(right, Old);
        Assert.StartsWith(message, Assert.Throws<LatentException>(() => RecipeFile.Parse(Old.Replace(right, wrong), "old.json")).Message);
    }

    [Theory]
    [InlineData(0.3, "encoder[2].p=0.3")]
    [InlineData(0.3, "encoder[2].amount=0.3")]
    [InlineData(0.4, "encoder[2].p=0.3", "encoder[2].amount=0.4")]
    [InlineData(0.3, "encoder[2]={\"type\": \"dropout\", \"amount\": 0.3}")]
    [InlineData(0.3, "encoder[2]={}", "encoder[2].amount=0.3", "encoder[2].type=dropout")]
    public void Either_key_can_be_set(double p, params string[] assignments)
    {
        var recipe = RecipeFile.Parse(assignments.Aggregate(Old, RecipeOverrides.Apply), "old.json");
        Assert.Equal((p, 0.2), (recipe.Encoder[2].P, recipe.Encoder[1].NegativeSlope));
    }

    [Fact]
    public void Only_the_key_of_today_is_suggested()
    {
        var e = Assert.Throws<LatentException>(() => RecipeOverrides.Apply(Old, "encoder[1].negativeSlop=1"));
        Assert.Equal("--set encoder[1].negativeSlop: negativeSlop is not a known key; did you mean negativeSlope?", e.Message);
    }

    private static void Check(Recipe recipe)
    {
        Assert.Equal((0.2, null), (recipe.Encoder[1].NegativeSlope, recipe.Encoder[1].P));
        Assert.Equal((null, 0.25), (recipe.Encoder[2].NegativeSlope, recipe.Encoder[2].P));
        Assert.Equal(0.5, recipe.Noise.Amount);
    }
}
