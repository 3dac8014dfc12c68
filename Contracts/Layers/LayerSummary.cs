using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;

namespace Latent.Contracts.Layers;

/// <summary>Represents one line of a model's layer table.</summary>
/// <param name="Part">Encoder, to which the heads and the code's activation belong, decoder or prior.</param>
/// <param name="Name">Position and kind of the layer, such as "encoder[0] conv2d" or "mean linear".</param>
/// <param name="OutputShape">Output shape, without the batch axis.</param>
/// <param name="Parameters">Number of values that the layer learns; a double, since a recipe may ask for more than a long has.</param>
public sealed record LayerSummary(NetworkPart Part, string Name, IReadOnlyList<int> OutputShape, double Parameters)
{
    /// <summary>
    /// Lists a model's layers in the order that rows pass through them: encoder, heads, the code's activation, decoder; then the prior.
    /// </summary>
    /// <param name="recipe">The model's recipe.</param>
    /// <param name="input">Shape of a row: [features] or [channels, height, width].</param>
    /// <exception cref="LatentException">A layer doesn't fit; the message names the layer.</exception>
    public static IReadOnlyList<LayerSummary> Of(Recipe recipe, IReadOnlyList<int> input) => Of(recipe, LayerShapes.Of(recipe, input), []);

    /// <summary>Lists a model's layers, after the embeddings of a table's words; of an ensemble those of one member.</summary>
    /// <param name="recipe">The model's recipe.</param>
    /// <param name="input">The description of a row.</param>
    /// <exception cref="LatentException">A layer doesn't fit; the message names the layer.</exception>
    public static IReadOnlyList<LayerSummary> Of(Recipe recipe, InputDescription input) =>
        Of(recipe, LayerShapes.Of(recipe, input), input.Table is null ? [] : Embeddings(input.Table));

    private static IEnumerable<LayerSummary> Embeddings(TableDescription table) =>
        from column in table.Columns
        let width = column.EmbeddingWidth ?? 0
        where width > 0
        let units = column.Levels!.Count + TableLayout.UnitsBeforeLevels
        select new LayerSummary(NetworkPart.Encoder, $"embedding of {column.Name}", [width], (double)width * units);

    private static List<LayerSummary> Of(Recipe recipe, LayerShapes shapes, IEnumerable<LayerSummary> before)
    {
        recipe = LayerShapes.Resolve(recipe, shapes.Input);
        IReadOnlyList<int> features = [shapes.EncoderFeatures],
            code = [shapes.LatentDimension];
        List<LayerSummary> lines = [.. before];
        Stack(NetworkPart.Encoder, recipe.Encoder, shapes.EncoderInput, shapes.Encoder);
        if (recipe.Kind == ModelKind.Variational)
        {
            Head("mean");
            Head(RecipeNames.Of(recipe.Latent.Head));
            AddFlow();
        }
        else if (recipe.Kind == ModelKind.Autoencoder)
        {
            if (recipe.Latent.Linear)
                Head("code");
            if (recipe.Latent.Activation is { } activation)
                Add(NetworkPart.Encoder, "code", new LayerRecipe { Type = activation }, code, code);
        }

        if (recipe.Latent.Upper is { } upper)
            AddUpper(upper);
        Stack(NetworkPart.Decoder, recipe.Decoder, shapes.DecoderInput, shapes.Decoder);
        if (recipe.Likelihood is { Scale: not SpreadKind.Fixed } likelihood)
        {
            var spreads = likelihood.Scale == SpreadKind.Learned ? 1 : shapes.Input.Aggregate(1d, (product, size) => product * size);
            lines.Add(new LayerSummary(NetworkPart.Decoder, "likelihood spread", shapes.Input, spreads));
        }

        if (recipe.Prior.Kind != PriorKind.StandardNormal)
        {
            var parameters = recipe.Prior.Parameters(shapes.Input, recipe.Latent.Upper?.Dimension ?? shapes.LatentDimension);
            lines.Add(new LayerSummary(NetworkPart.Prior, $"prior {RecipeNames.Of(recipe.Prior.Kind)}", code, parameters));
        }

        return lines;

        void AddFlow()
        {
            if (recipe.Latent.Posterior is not { Kind: not PosteriorKind.Normal } posterior)
                return;
            double steps = posterior.Steps ?? 4,
                hidden = posterior.Hidden ?? 100,
                latent = shapes.LatentDimension;
            var parameters =
                posterior.Kind == PosteriorKind.Planar
                    ? steps * ((2 * latent) + 1) * (shapes.EncoderFeatures + 1)
                    : steps * ((((3 * latent) + 1 + shapes.EncoderFeatures) * hidden) + (2 * latent));
            lines.Add(new LayerSummary(NetworkPart.Encoder, $"posterior {RecipeNames.Of(posterior.Kind)}", code, parameters));
        }

        void Head(string name) =>
            Add(NetworkPart.Encoder, name, new LayerRecipe { Type = LayerType.Linear, Out = shapes.LatentDimension }, features, code);

        void AddUpper(UpperRecipe second)
        {
            Heads(NetworkPart.Encoder, "upper encoder", second.Encoder, shapes.UpperInput, shapes.UpperEncoder, second.Dimension);
            Heads(NetworkPart.Prior, "upper decoder", second.Decoder, [second.Dimension], shapes.UpperDecoder, shapes.LatentDimension);
        }

        void Heads(
            NetworkPart part,
            string name,
            IReadOnlyList<LayerRecipe> layers,
            IReadOnlyList<int> given,
            IReadOnlyList<IReadOnlyList<int>> outputs,
            int length
        )
        {
            Stack(part, layers, given, outputs, name);
            var last = outputs.Count > 0 ? outputs[^1] : given;
            foreach (var head in (string[])["mean", RecipeNames.Of(recipe.Latent.Head)])
                Add(part, $"{name} {head}", new LayerRecipe { Type = LayerType.Linear, Out = length }, last, [length]);
        }

        void Stack(
            NetworkPart part,
            IReadOnlyList<LayerRecipe> layers,
            IReadOnlyList<int> given,
            IReadOnlyList<IReadOnlyList<int>> outputs,
            string? name = null
        )
        {
            for (var i = 0; i < layers.Count; i++)
            {
                Add(part, $"{name ?? RecipeNames.Of(part)}[{i}]", layers[i], given, outputs[i]);
                given = outputs[i];
            }
        }

        void Add(NetworkPart part, string place, LayerRecipe layer, IReadOnlyList<int> given, IReadOnlyList<int> output)
        {
            var parameters = LayerDefinition.Of(layer.Type).Parameters(layer, given);
            lines.Add(new LayerSummary(part, $"{place} {RecipeNames.Of(layer.Type)}", output, parameters));
        }
    }
}
