using Latent.Contracts.Files;
using Latent.Contracts.Json;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Reads and writes recipe files: JSON with camelCase keys, where comments and trailing commas are allowed and unknown keys are not.
/// </summary>
public static class RecipeFile
{
    /// <summary>Reads and validates a recipe.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LatentException">
    /// The file can't be read, isn't JSON, or contains an invalid value; the message says which.
    /// </exception>
    public static Recipe Read(string path) => Parse(SmallFile.ReadText(path), path);

    /// <summary>Reads and validates a recipe.</summary>
    /// <param name="json">The recipe's text.</param>
    /// <param name="source">Origin of the text, for messages.</param>
    /// <exception cref="LatentException">The text isn't JSON or contains an invalid value; the message says where.</exception>
    public static Recipe Parse(string json, string source)
    {
        var recipe = LikelihoodRecipe.Expand(ConvolutionRecipe.Expand(StrictJson.Parse<Recipe>(json, source), source), source);
        RecipeValidation.Check(recipe, source);
        return recipe;
    }

    /// <summary>Writes a recipe, with defaults filled in.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="LatentException">The file can't be written.</exception>
    public static void Write(Recipe recipe, string path) => AtomicFile.WriteText(path, ToJson(recipe));

    /// <summary>Formats a recipe as indented JSON, with defaults filled in and unset keys left out.</summary>
    /// <param name="recipe">The recipe.</param>
    public static string ToJson(Recipe recipe) => StrictJson.ToJson(recipe);
}
