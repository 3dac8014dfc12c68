using System.Text.Json;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Commands;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Commands;

public sealed class RunSummaryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("digits-vae", "", "sample --model a/b --output samples")]
    [InlineData("faces-vae-2d", "x.npy", "sample --model a/b --output samples")]
    [InlineData("faces-ae", "x.npy", "encode --model a/b --input x.npy --output codes.csv")]
    [InlineData("faces-denoise", "my faces.npy", "denoise --model a/b --input \"my faces.npy\" --output denoised")]
    [InlineData("thyroid-anomaly", "x.csv", "score --model a/b --input x.csv --output scores.csv")]
    public void The_next_command_fits_the_recipe(string recipe, string data, string command) =>
        Assert.Equal($"dotnet run --project Scorer -- {command}", Next(recipe, data));

    [Fact]
    public void Of_a_folder_of_IDX_files_the_test_images_are_the_input()
    {
        var mnist = MadeData.Mnist(_folder, 4, 2);
        var images = Path.Combine(mnist, "t10k-images-idx3-ubyte");
        Assert.Equal(
            $"dotnet run --project Scorer -- encode --model a/b --input {images} --output codes.csv",
            Next("mnist-vae", mnist, "kind=autoencoder")
        );
    }

    [Fact]
    public void An_ensemble_of_images_has_no_samples()
    {
        Assert.Equal(
            "dotnet run --project Scorer -- encode --model a/b --input PATH --output codes.csv",
            Next("digits-vae", "", "ensemble=2")
        );
    }

    private static string Next(string name, string data, params string[] assignments)
    {
        var recipe = RecipeLibrary.Read(
            name,
            [.. data.Length > 0 ? (string[])[$"data.path={JsonSerializer.Serialize(data)}"] : [], .. assignments]
        );
        var image = recipe.Data.Source == DataSourceKind.Digits ? new ImageDescription(1, 28, 28) : recipe.Data.Image;
        return RunSummary.Next(
            "a/b",
            new BundleManifest
            {
                Name = recipe.Name,
                Kind = recipe.Kind,
                Input = new InputDescription
                {
                    Shape = [6],
                    Unit = image is null ? InputUnit.Table : InputUnit.Pixel,
                    Image = image,
                },
                LatentDimension = recipe.CodeLength(),
                Reconstruction = new ReconstructionDescription(ReconstructionKind.Bernoulli, ReductionKind.Sum),
                Recipe = recipe,
                Seed = 1,
                Engine = "an engine",
                DataFingerprint = "",
                Files = [],
            }
        );
    }
}
