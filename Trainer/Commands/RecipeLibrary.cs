using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Commands;

/// <summary>The recipes that come with the program; they lie next to it.</summary>
public static class RecipeLibrary
{
    /// <summary>The recipe that runs when none is named.</summary>
    public const string Default = "digits-vae";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "recipes");

    /// <summary>Names of the recipes, the default one first.</summary>
    public static IReadOnlyList<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).OrderBy(name => name == Default ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>The file of a recipe.</summary>
    /// <param name="recipe">A name, or the path of a JSON file.</param>
    /// <exception cref="UsageException">There is no such recipe; the message suggests the nearest.</exception>
    public static string PathOf(string recipe)
    {
        if (recipe.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || recipe.Contains('/', StringComparison.Ordinal) || recipe.Contains('\\', StringComparison.Ordinal))
            return File.Exists(recipe) ? recipe : throw new UsageException($"The recipe file {recipe} does not exist.");
        return Names.Contains(recipe)
            ? Path.Combine(Folder, recipe + ".json")
            : throw new UsageException($"There is no recipe '{recipe}'{NearestName.Hint(recipe, Names)}");
    }

    /// <summary>Reads a recipe and changes the given keys.</summary>
    /// <param name="recipe">A name, or the path of a JSON file.</param>
    /// <param name="assignments">"dotted.key=value" each.</param>
    /// <exception cref="LatentException">The recipe, or a key, can't be.</exception>
    public static Recipe Read(string recipe, params IEnumerable<string> assignments)
    {
        var path = PathOf(recipe);
        var json = SmallFile.ReadText(path);
        RecipeFile.Parse(json, path);
        return RecipeFile.Parse(assignments.Aggregate(json, RecipeOverrides.Apply), path);
    }
}
