using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Commands;

/// <summary>Each of the eight recipes, shortened to a few steps on little data, through export check, bundle and report.</summary>
public sealed class PublishedRecipesTests : IDisposable
{
    private const int People = 3;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bernoulli-mnist", 793_294, "prior-sample", "posterior-predictive")]
    [InlineData("dynamic-mnist-2d", 218_644, "manifold", "prior-mean")]
    [InlineData("faces-ae", 823_396, "encoder-weights", "decoder-weights", "generated-pca")]
    [InlineData("faces-deep-ae", 2_112_020, "interpolations", "traversals")]
    [InlineData("faces-conv-ae", 884_257, "encoder-weights", "reconstructions")]
    [InlineData("faces-denoise", 884_257, "denoising")]
    [InlineData("faces-vae-2d", 4_202_500, "manifold", "mean-at-zero")]
    [InlineData("conv-vae-128", 237_481, "generated-prior")]
    public void A_few_steps_end_in_a_bundle_with_its_report(string name, long parameters, params string[] images)
    {
        var recipe = RecipeLibrary.Read(
            name,
            $"data.path={Data(name)}",
            "training.epochs=1",
            "training.batchSize=16",
            "training.lineSeconds=0"
        );
        var display = new RecordingDisplay();
        var options = new RunOptions { Output = _folder.File("bundle"), Display = display };
        TrainingRun.Execute(recipe, DataLoader.Load(recipe), options, TestContext.Current.CancellationToken);

        var manifest = BundleFolder.Open(_folder.File("bundle")).Manifest;
        Assert.Equal(parameters, manifest.Metrics["parameters"]);
        Assert.InRange(manifest.Metrics["export.max_relative_difference"], 0, 1e-4);
        Assert.True(double.IsFinite(manifest.Metrics["test.loss"]));
        Assert.Equal(
            manifest.Metrics["steps"],
            display.Said.Count(line => line.Contains("of a random minibatch of", StringComparison.Ordinal))
        );
        var html = File.ReadAllText(_folder.File("bundle/report.html"));
        foreach (
            var title in new[] { "Learning curves", "Latent usage", "Generation", "Inputs and codes in the plane", "Weights", "Metrics" }
        )
        {
            Assert.Contains($"<h2>{title}</h2>", html);
        }

        foreach (var image in images)
            Assert.True(File.Exists(_folder.File($"bundle/pictures/{image}.png")), $"{image}.png is missing");
        // Ten rows to learn from and their mirror images have no more components than that.
        Assert.Equal(name is "faces-deep-ae" or "faces-vae-2d" or "conv-vae-128", manifest.Metrics.ContainsKey("test.pca_mse"));
        Assert.Equal(name == "faces-denoise", manifest.Metrics.ContainsKey("test.denoised.ssim"));
    }

    [Fact]
    public void Bernoulli_mnist_says_minus_elbo_of_a_minibatch_every_30_seconds() =>
        Assert.Equal(30, RecipeLibrary.Read("bernoulli-mnist").Training.LineSeconds);

    [Fact]
    public void Every_recipe_of_the_library_says_what_the_list_needs()
    {
        foreach (var name in RecipeLibrary.Names)
        {
            var recipe = RecipeLibrary.Read(name);
            Assert.InRange(recipe.About.Summary.Length, 10, 36);
            Assert.Equal(recipe.Data.Source == DataSourceKind.Digits, recipe.About.Data.Length == 0);
        }
    }

    [Theory]
    [InlineData("iwae-paper-vae-1", 86.76, "86.35 to 87.78")]
    [InlineData("iwae-paper-vae-5", 86.47, null)]
    [InlineData("iwae-paper-vae-50", 86.35, null)]
    [InlineData("iwae-paper-iwae-1", 86.76, null)]
    [InlineData("iwae-paper-iwae-5", 85.54, "85.18 to 85.46")]
    [InlineData("iwae-paper-iwae-50", 84.78, "84.37 to 84.78")]
    [InlineData("iwae-dreg-50", null, "84.32")]
    public void Recipes_of_the_published_table_say_what_they_are_held_against(string name, double? published, string? others)
    {
        var about = RecipeLibrary.Read(name).About;
        Assert.Equal((published, others), (about.Published?.Nll, about.Others));
    }

    private string Data(string name) =>
        name.Contains("mnist", StringComparison.Ordinal) ? MadeData.Mnist(_folder, 80, 20)
        : name == "conv-vae-128" ? MadeData.Images(_folder, People)
        : MadeData.Olivetti(_folder, People);
}
