using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Tests;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

/// <summary>Recipes, models and rows for tests.</summary>
internal static class Fixtures
{
    public static Recipe Recipe(
        string encoder,
        string decoder,
        int latent,
        string kind = "variational",
        string objective = "\"reconstruction\": \"meanSquaredError\"",
        string latentKeys = "",
        string data = "\"source\": \"npy\", \"scaling\": \"none\"",
        string more = ""
    ) =>
        RecipeFile.Parse(
            $$"""
            {
              "name": "test", "kind": "{{kind}}", "data": { {{data}} }, "encoder": [{{encoder}}], "latent": { "dimension": {{latent}}{{latentKeys}} },
              "decoder": [{{decoder}}], "objective": { {{objective}} }{{more}}
            }
            """,
            "test.json"
        );

    /// <summary>Four features, tanh, a code of two.</summary>
    public static Recipe Small(
        string objective,
        string latentKeys = "",
        string data = "\"source\": \"npy\", \"scaling\": \"none\"",
        string kind = "variational"
    ) =>
        Recipe(
            """{ "type": "linear", "out": 6 }, { "type": "tanh" }""",
            """{ "type": "linear", "out": 6 }, { "type": "tanh" }, { "type": "linear", "out": 4 }""",
            2,
            kind,
            objective,
            latentKeys,
            data
        );

    /// <summary>A U-shaped denoiser of colour images of 8 x 6.</summary>
    public static Recipe Denoiser(string predict, string objective = "\"reconstruction\": \"meanSquaredError\", \"reduction\": \"mean\"") =>
        RecipeFile.Parse(
            $$"""
            {
              "name": "test", "kind": "denoiser", "objective": { {{objective}} },
              "data": { "source": "npy", "image": { "channels": 3, "height": 8, "width": 6 } },
              "noise": { "kind": "gaussian", "amount": 0.1, "predict": "{{predict}}" },
              "encoder": [
                { "type": "conv2d", "out": 4, "kernel": 3, "padding": 1 }, { "type": "relu" },
                { "type": "skip", "layers": [
                  { "type": "maxPool2d", "kernel": 2 }, { "type": "conv2d", "out": 6, "kernel": 3, "padding": 1 }, { "type": "relu" },
                  { "type": "convTranspose2d", "out": 4, "kernel": 2, "stride": 2 }
                ] },
                { "type": "conv2d", "out": 3, "kernel": 3, "padding": 1 }
              ]
            }
            """,
            "test.json"
        );

    public static Autoencoder Model(Recipe recipe, params int[] shape) => Model(recipe, new Scaling([0], [1]), shape);

    public static Autoencoder Model(Recipe recipe, Scaling scaling, params int[] shape)
    {
        manual_seed(1);
        return Autoencoder.Create(
            recipe,
            new InputDescription
            {
                Shape = shape,
                Unit = recipe.Data.Scaling == ScalingKind.Unit ? InputUnit.Pixel : InputUnit.Table,
                Classes = Classes(recipe),
            },
            scaling
        );
    }

    public static Recipe TrainerRecipe(string name) => RecipeFile.Read(Path.Combine(World.Root, "Trainer", "recipes", name + ".json"));

    public static Autoencoder TrainerModel(string name)
    {
        var recipe = TrainerRecipe(name);
        var image = RecipeValidation.Image(recipe.Data)!;
        manual_seed(1);
        var shape = LayerShapes.RowShape(recipe, image);
        return Autoencoder.Create(
            recipe,
            new InputDescription
            {
                Shape = shape,
                Unit = InputUnit.Pixel,
                Image = image,
                Classes = Classes(recipe),
            },
            Scaling.For(recipe.Data.Scaling, [], shape.Aggregate((a, b) => a * b))
        );
    }

    /// <summary>Puts after the values of rows, of a model with a condition, the index of each label in turn.</summary>
    public static Tensor Labelled(Autoencoder model, Tensor raw) =>
        model.Input.Classes is { } classes
            ? cat(
                [
                    raw.flatten(1),
                    tensor([.. Enumerable.Range(0, (int)raw.shape[0]).Select(i => (float)(i % classes.Count))], [raw.shape[0], 1]),
                ],
                1
            )
            : raw;

    private static string[]? Classes(Recipe recipe) =>
        recipe.Condition is { } condition ? [.. Enumerable.Range(0, condition.Classes).Select(i => $"{i}")] : null;

    public static BundleManifest Manifest(Autoencoder model) =>
        new()
        {
            Name = model.Recipe.Name,
            Kind = model.Recipe.Kind,
            Input = model.Input,
            LatentDimension = model.Recipe.CodeLength(),
            Reconstruction = new ReconstructionDescription(model.Recipe.Objective.Reconstruction, model.Recipe.Objective.Reduction),
            Prior = model.IsVariational ? model.Prior().Description : null,
            PriorNoise = model.IsVariational ? model.Prior().Noise : null,
            Recipe = model.Recipe,
            Seed = 1,
            Engine = "TorchSharp",
            DataFingerprint = new string('0', 64),
            Files = [],
        };

    public static Generator Generator(long seed) => new((ulong)seed);

    public static float[] Values(Tensor t) => t.detach().cpu().contiguous().data<float>().ToArray();

    public static float Value(Tensor t) => t.detach().cpu().item<float>();

    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("latent-tests-").FullName;
}
