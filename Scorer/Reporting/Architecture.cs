using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Scorer.Reporting;

/// <summary>A layer as inspect shows it.</summary>
/// <param name="Name">Where it is and what it is.</param>
/// <param name="Shape">Shape of its output, without the batch axis.</param>
/// <param name="Parameters">Number of weights and biases that are learned.</param>
internal sealed record Architecture(string Name, IReadOnlyList<int> Shape, long Parameters)
{
    /// <summary>The layers of a bundle, from its recipe.</summary>
    public static IEnumerable<Architecture> Of(BundleManifest manifest)
    {
        var (recipe, shapes) = (manifest.Recipe, LayerShapes.Of(manifest.Recipe, manifest.Input.Shape));
        var layers = new List<Architecture>();
        Add("encoder", recipe.Encoder, shapes.Input, shapes.Encoder);
        var (features, latent) = ((long)shapes.EncoderFeatures, shapes.LatentDimension);
        if (recipe.Kind == ModelKind.Variational)
        {
            layers.Add(new Architecture("mean linear", [latent], features * latent + latent));
            layers.Add(new Architecture($"{RecipeNames.Of(recipe.Latent.Head)} linear", [latent], features * latent + latent));
        }
        else
        {
            if (recipe.Latent.Linear)
                layers.Add(new Architecture("code linear", [latent], features * latent + latent));
            if (recipe.Latent.Activation is { } activation)
                layers.Add(new Architecture($"code {RecipeNames.Of(activation)}", [latent], 0));
        }
        Add("decoder", recipe.Decoder, [latent], shapes.Decoder);
        return layers;

        void Add(string part, IReadOnlyList<LayerRecipe> recipes, IReadOnlyList<int> input, IReadOnlyList<IReadOnlyList<int>> outputs)
        {
            for (var i = 0; i < recipes.Count; i++)
            {
                layers.Add(new Architecture($"{part} {RecipeNames.Of(recipes[i].Type)}", outputs[i], ParameterCount.Of(recipes[i], input)));
                input = outputs[i];
            }
        }
    }
}
