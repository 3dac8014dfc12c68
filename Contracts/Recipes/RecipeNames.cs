using System.Text.Json;

namespace Latent.Contracts.Recipes;

/// <summary>Kinds as recipe files name them.</summary>
public static class RecipeNames
{
    /// <summary>The name in a recipe file: conv2d for <see cref="LayerType.Conv2d"/>.</summary>
    /// <param name="kind">A member of one of the recipe's enumerations.</param>
    public static string Of(Enum kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
