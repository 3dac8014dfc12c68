using System.Text.Json;

namespace Latent.Contracts.Recipes;

/// <summary>Gives the names of kinds in recipe files.</summary>
public static class RecipeNames
{
    /// <summary>Gets the name of a kind in a recipe file, such as conv2d for <see cref="LayerType.Conv2d"/>.</summary>
    /// <param name="kind">A member of one of the recipe's enumerations.</param>
    public static string Of(Enum kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
