using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

/// <summary>Small recipes and manifests that are right, for tests to spoil.</summary>
internal static class Samples
{
    public const string RecipeJson = """
        {
          // comments and trailing commas are allowed
          "$schema": "recipe.schema.json",
          "name": "small-vae",
          "kind": "variational",
          "data": { "source": "csv", "scaling": "standard", },
          "encoder": [ { "type": "linear", "out": 16 }, { "type": "relu" } ],
          "latent": { "dimension": 2 },
          "decoder": [ { "type": "linear", "out": 16 }, { "type": "relu" }, { "type": "linear", "out": 8 } ],
          "objective": { "reconstruction": "meanSquaredError" },
          "training": { "epochs": 3, "batchSize": 32 },
        }
        """;

    public static Recipe Recipe() => RecipeFile.Parse(RecipeJson, "small-vae.json");

    public static Recipe With(params string[] assignments) =>
        RecipeFile.Parse(assignments.Aggregate(RecipeJson, RecipeOverrides.Apply), "recipes/x.json");

    public static BundleManifest Manifest() =>
        new()
        {
            Name = "small-vae",
            Kind = ModelKind.Variational,
            Input = new InputDescription
            {
                Shape = [8],
                Unit = InputUnit.Table,
                Columns = ["a", "b", "c", "d", "e", "f", "g", "h"],
            },
            LatentDimension = 2,
            Reconstruction = new ReconstructionDescription(ReconstructionKind.MeanSquaredError, ReductionKind.Sum),
            Prior = "standard normal",
            Recipe = Recipe(),
            Seed = 1,
            StartedFrom = new InitialWeights("smaller-vae", 10, new string('b', 64)),
            Engine = "TorchSharp 0.107.0",
            Machine = "AMD EPYC 7763, 2 processors, .NET 10.0.12",
            DataFingerprint = new string('0', 64),
            Created = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
            Metrics = new Dictionary<string, double> { ["test.loss"] = 1.25 },
            Files = [],
        };

    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("latent-tests-").FullName;
}
