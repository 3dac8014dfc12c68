using System.Text.Json;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Tests;

namespace Latent.Contracts.Tests;

public sealed class RecipeFileTests
{
    public static TheoryData<string> Recipes =>
        [.. Directory.GetFiles(Path.Combine(World.Root, "Trainer", "recipes"), "*.json").Select(p => Path.GetFileName(p)!)];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_recipe_of_the_trainer_is_valid_and_named_after_its_file(string file)
    {
        var recipe = RecipeFile.Read(Path.Combine(World.Root, "Trainer", "recipes", file));
        Assert.Equal(Path.GetFileNameWithoutExtension(file), recipe.Name);
    }

    [Fact]
    public void Comments_trailing_commas_and_schema_are_allowed_and_unset_keys_take_their_defaults()
    {
        var recipe = Samples.Recipe();
        Assert.Equal(
            (ModelKind.Variational, ScalingKind.Standard, 3, 32),
            (recipe.Kind, recipe.Data.Scaling, recipe.Training.Epochs, recipe.Training.BatchSize)
        );
        Assert.Equal((1e-3, OptimizerKind.Adam, 1.0), (recipe.Optimizer.LearningRate, recipe.Optimizer.Kind, recipe.Objective.Beta));
        Assert.Equal([LayerType.Linear, LayerType.Relu], recipe.Encoder.Select(l => l.Type));
    }

    [Fact]
    public void A_published_figure_is_read_with_its_source_and_what_others_obtained()
    {
        var about = RecipeFile.Read(Path.Combine(World.Root, "Trainer", "recipes", "iwae-paper-vae-1.json")).About;
        Assert.Equal(new PublishedFigure(86.76, "Burda et al., arXiv 1509.00519, Table 1"), about.Published);
        Assert.Equal("86.35 to 87.78", about.Others);
        Assert.Null(Samples.Recipe().About.Published);
    }

    [Fact]
    public void What_is_written_reads_as_the_same_recipe()
    {
        var folder = Samples.TemporaryFolder();
        var path = Path.Combine(folder, "r.json");
        RecipeFile.Write(Samples.Recipe(), path);
        Assert.Equal(RecipeFile.ToJson(Samples.Recipe()), RecipeFile.ToJson(RecipeFile.Read(path)));
        Assert.Contains("\"checkpointSeconds\": 60", File.ReadAllText(path));
        Assert.DoesNotContain('\r', File.ReadAllText(path));
        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("\"epochs\": 3", "\"epoch\": 3", "training.epoch is not a known key (small.json); did you mean epochs?")]
    [InlineData("\"epochs\": 3", "\"epochs\": 3, \"epochs\": 4", "training.epochs is given twice (small.json).")]
    [InlineData("\"epochs\": 3", "\"epochs\": \"three\"", "training.epochs is \"three\"; it must be a whole number (small.json).")]
    [InlineData("\"epochs\": 3", "\"epochs\": 3.5", "training.epochs is 3.5; it must be a whole number (small.json).")]
    [InlineData("\"epochs\": 3", "\"epochs\": null", "training.epochs is null; it must be a whole number (small.json).")]
    [InlineData("\"epochs\": 3", "\"epochs\": -3", "training.epochs is -3; it must be at least 1 (small.json).")]
    [InlineData("\"epochs\": 3", "\"epochs\": 99999999999", "training.epochs is 99999999999; it must be a whole number (small.json).")]
    [InlineData("\"type\": \"relu\"", "\"type\": \"rellu\"", "it must be one of linear, conv2d, ")]
    [InlineData("\"type\": \"relu\"", "\"type\": \"rellu\"", "(small.json); did you mean relu?")]
    [InlineData("\"type\": \"relu\"", "\"type\": 3", "encoder[1].type is 3; it must be one of linear, ")]
    [InlineData("\"dimension\": 2", "", "latent.dimension is missing; it must be a whole number (small.json).")]
    [InlineData("{ \"dimension\": 2 }", "[2]", "latent is [2]; it must be an object in braces (small.json).")]
    [InlineData(
        "\"name\"",
        "\"about\": { \"published\": { \"nll\": 86.76 } }, \"name\"",
        "about.published.source is missing; it must be a text in quotes (small.json)."
    )]
    [InlineData(
        "\"name\"",
        "\"about\": { \"published\": { \"nll\": \"low\", \"source\": \"a\" } }, \"name\"",
        "about.published.nll is \"low\"; it must be a number (small.json)."
    )]
    [InlineData(
        "\"name\"",
        "\"about\": { \"other\": \"84\" }, \"name\"",
        "about.other is not a known key (small.json); did you mean others?"
    )]
    [InlineData(
        "\"kind\": \"variational\"",
        "\"kind\": \"vae\"",
        "kind is \"vae\"; it must be one of autoencoder, variational, denoiser (small.json)"
    )]
    [InlineData(
        "\"dimension\": 2",
        "\"dimension\": 2, \"colour\": 1",
        "latent.colour is not a known key (small.json); known are dimension, head, activation, linear"
    )]
    public void A_wrong_key_or_value_is_named_with_what_would_be_right(string right, string wrong, string message)
    {
        var e = Assert.Throws<LatentException>(() => RecipeFile.Parse(Samples.RecipeJson.Replace(right, wrong), "small.json"));
        Assert.Contains(message, e.Message);
    }

    [Fact]
    public void A_syntax_error_is_told_with_line_and_column()
    {
        var e = Assert.Throws<LatentException>(() => RecipeFile.Parse("{\n  \"name\": oops\n}", "bad.json"));
        Assert.StartsWith("bad.json, line 2, column 11: ", e.Message);
        Assert.DoesNotContain("LineNumber", e.Message);
    }

    [Theory]
    [InlineData("", "line 1, column 1")]
    [InlineData("null", "it must be an object in braces")]
    [InlineData("[]", "it must be an object in braces")]
    [InlineData("{\"name\": \"\\ud800\"}", "nonsense.json")]
    public void What_is_no_recipe_at_all_is_refused(string json, string message) =>
        Assert.Contains(message, Assert.Throws<LatentException>(() => RecipeFile.Parse(json, "nonsense.json")).Message);

    [Fact]
    public void A_missing_file_is_named()
    {
        var e = Assert.Throws<LatentException>(() => RecipeFile.Read("no/such/recipe.json"));
        Assert.Equal("no/such/recipe.json cannot be read: there is no such folder.", e.Message);
    }

    [Fact]
    public void Kinds_are_written_as_recipes_name_them() =>
        Assert.Equal("convTranspose2d", JsonSerializer.Deserialize<string>("\"" + RecipeNames.Of(LayerType.ConvTranspose2d) + "\""));
}
