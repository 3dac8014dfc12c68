using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;

namespace Latent.Trainer.Tests.Helpers;

/// <summary>Recipes that train in a blink.</summary>
internal static class Recipes
{
    public static Recipe Tiny { get; } =
        RecipeFile.Parse(
            """
            {
              "name": "tiny", "kind": "variational",
              "data": { "source": "digits", "count": 150 },
              "encoder": [ { "type": "linear", "out": 16 }, { "type": "relu" } ],
              "latent": { "dimension": 3 },
              "decoder": [ { "type": "linear", "out": 16 }, { "type": "relu" }, { "type": "linear", "out": 784 } ],
              "objective": { "reconstruction": "bernoulli" },
              "training": { "epochs": 3, "batchSize": 32 }
            }
            """,
            "a test"
        );

    public static Recipe Reading(DataRecipe data) => Tiny with { Data = data };

    public static DataRecipe Data(DataSourceKind source, string path) => new() { Source = source, Path = path };

    /// <summary>Twelve rows of two features, labelled 0 to 11.</summary>
    public static DataSet Table(int count = 12) =>
        new(
            new InputDescription
            {
                Shape = [2],
                Unit = InputUnit.Table,
                Columns = ["a", "b"],
            },
            [.. Enumerable.Range(0, count).SelectMany(i => new[] { i, i * 0.5f })],
            [.. Enumerable.Range(0, count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))]
        );
}
