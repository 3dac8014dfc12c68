using System.Text.RegularExpressions;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Json;
using Latent.Contracts.Layers;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Refuses recipes that can't be run. Ranges of single keys are attributes of the types; rules about several keys are here.
/// </summary>
public static partial class RecipeValidation
{
    /// <summary>Checks every range and every rule, and the layers' shapes if the recipe itself says how large a row is.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="source">Origin of the recipe, for messages.</param>
    /// <exception cref="LatentException">A value is invalid; the message names the key, its value and what would be right.</exception>
    public static void Check(Recipe recipe, string source)
    {
        RangeCheck.Check(recipe, "", source);
        Require(
            NamePattern().IsMatch(recipe.Name),
            "name",
            $"\"{recipe.Name}\"",
            "lower-case letters and digits with single hyphens between",
            source
        );
        CheckLayers("encoder", recipe.Encoder, source);
        CheckLayers("decoder", recipe.Decoder, source);
        CheckLayers("latent.upper.encoder", recipe.Latent.Upper?.Encoder ?? [], source);
        CheckLayers("latent.upper.decoder", recipe.Latent.Upper?.Decoder ?? [], source);
        CheckKind(recipe, source);
        CheckData(recipe.Data, source);
        CheckNoise(recipe, source);
        CheckObjective(recipe, source);
        CheckPrior(recipe, source);
        CheckPosterior(recipe, source);
        CheckSampler(recipe, source);
        CheckUpper(recipe, source);
        CheckCodebook(recipe, source);
        CheckCondition(recipe, source);
        CheckLikelihood(recipe, source);
        CheckRegularizers(recipe, source);
        Require(
            (long)recipe.Latent.Dimension * recipe.Ensemble <= LatentRecipe.MaxDimension,
            "ensemble",
            recipe.Ensemble,
            $"at most {LatentRecipe.MaxDimension} divided by latent.dimension, {recipe.Latent.Dimension}",
            source
        );
        if (recipe.Latent.Activation is { } activation)
        {
            Require(
                LayerDefinition.Of(activation) is { Takes: LayerInput.Values, Keys.Length: 0 },
                "latent.activation",
                RecipeNames.Of(activation),
                "an activation without keys",
                source
            );
        }

        if (Image(recipe.Data) is { } image)
            CheckShapes(() => LayerShapes.Of(recipe, LayerShapes.RowShape(recipe, image)), source);
    }

    /// <summary>
    /// Gets the size of the images if the recipe states it: data.image, or 28 by 28 for drawn digits; null if the data decide.
    /// </summary>
    /// <param name="data">The recipe's data.</param>
    public static ImageDescription? Image(DataRecipe data) =>
        data.Image ?? (data.Source == DataSourceKind.Digits ? new ImageDescription(1, 28, 28) : null);

    /// <summary>Checks the layers' keys and ranges, and that they take a row of a shape and return the same shape.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">The description of a row.</param>
    /// <param name="source">Origin of the recipe, for messages.</param>
    /// <exception cref="LatentException">A key or a shape is invalid.</exception>
    internal static void CheckLayers(Recipe recipe, InputDescription input, string source)
    {
        (string, IReadOnlyList<LayerRecipe>)[] parts =
        [
            ("recipe.encoder", recipe.Encoder),
            ("recipe.decoder", recipe.Decoder),
            ("recipe.latent.upper.encoder", recipe.Latent.Upper?.Encoder ?? []),
            ("recipe.latent.upper.decoder", recipe.Latent.Upper?.Decoder ?? []),
        ];
        foreach (var (part, layers) in parts)
        {
            CheckLayers(part, layers, source);
            for (var i = 0; i < layers.Count; i++)
                RangeCheck.Check(layers[i], $"{part}[{i}]", source);
        }

        CheckShapes(() => LayerShapes.Of(recipe, input), source);
    }

    private static void CheckShapes(Func<LayerShapes> shapes, string source)
    {
        try
        {
            shapes();
        }
        catch (LatentException e)
        {
            throw new LatentException($"{FileError.Reason(e)} ({source}).", e);
        }
    }

    private static void CheckLayers(string part, IReadOnlyList<LayerRecipe> layers, string source)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            var (path, type, definition) = ($"{part}[{i}]", RecipeNames.Of(layer.Type), LayerDefinition.Of(layer.Type));
            string[] given = [.. LayerDefinition.GivenKeys(layer)];
            if (given.Except(definition.Keys).FirstOrDefault() is { } stray)
            {
                var hint = definition.Keys.Length == 0 ? ", which has no keys" : $"; it takes {string.Join(", ", definition.Keys)}";
                throw new LatentException($"{path}.{stray} does not apply to {type}{hint} ({source}).");
            }

            if (definition.RequiredKeys.Except(given).FirstOrDefault() is { } missing)
                throw new LatentException($"{path}.{missing} is missing; {type} needs it ({source}).");
            if (definition.Wrong(layer) is var (key, value, right))
                Require(false, $"{path}.{key}", value, right, source);
            CheckLayers($"{path}.layers", layer.Layers ?? [], source);
        }
    }

    private static void Require(bool holds, string path, object? value, string right, string source)
    {
        if (!holds)
            throw new LatentException(FormattableString.Invariant($"{path} is {value}; it must be {right} ({source})."));
    }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex NamePattern();
}
