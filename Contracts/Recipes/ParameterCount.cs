namespace Latent.Contracts.Recipes;

/// <summary>Counts weights without making them.</summary>
internal static class ParameterCount
{
    /// <summary>Weights and biases of a layer that are learned.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">Shape of what it is given.</param>
    public static long Of(LayerRecipe layer, IReadOnlyList<int> input)
    {
        long inputs = input[0], outputs = layer.Out ?? 0, bias = layer.Bias ?? true ? outputs : 0, kernel = layer.Kernel ?? 0;
        return layer.Type switch
        {
            LayerType.Linear => inputs * outputs + bias,
            LayerType.Conv2d or LayerType.ConvTranspose2d => inputs * outputs * kernel * kernel + bias,
            LayerType.BatchNorm1d or LayerType.BatchNorm2d => 2 * inputs,
            _ => 0,
        };
    }

    /// <summary>Weights and biases of a whole model; a double, since a recipe may ask for more than there are whole numbers of 64 bits.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="shapes">Its layers' shapes.</param>
    public static double Of(Recipe recipe, LayerShapes shapes)
    {
        var heads = recipe.Kind == Bundles.ModelKind.Variational ? 2d : recipe.Latent.Linear ? 1 : 0;
        return Sum(recipe.Encoder, shapes.Input, shapes.Encoder)
            + heads * (shapes.EncoderFeatures + 1d) * shapes.LatentDimension
            + Sum(recipe.Decoder, [shapes.LatentDimension], shapes.Decoder);
    }

    private static double Sum(IReadOnlyList<LayerRecipe> layers, IReadOnlyList<int> input, IReadOnlyList<IReadOnlyList<int>> outputs) =>
        layers.Select((layer, i) => (double)Of(layer, i == 0 ? input : outputs[i - 1])).Sum();
}
