using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Runs;

/// <summary>Reads the recipes that come with the program, and recipe files of the user.</summary>
internal static class RecipeLibrary
{
    /// <summary>Name of the recipe that is trained when none is given.</summary>
    public const string Default = "digits-vae";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "recipes");

    /// <summary>Gets the names of the recipes, the default one first.</summary>
    public static IReadOnlyList<string> Names =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.json")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .OrderBy(name => name == Default ? 0 : 1)
                .ThenBy(name => name, StringComparer.Ordinal),
        ];

    /// <summary>Finds the file of a recipe.</summary>
    /// <param name="recipe">Name of a recipe, or path of a JSON file.</param>
    /// <param name="commands">Names of commands that may have been meant instead.</param>
    /// <exception cref="UsageException">There is no such recipe; the message suggests the nearest name.</exception>
    public static string PathOf(string recipe, params IEnumerable<string> commands)
    {
        if (recipe.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || recipe.AsSpan().ContainsAny('/', '\\'))
            return File.Exists(recipe) ? recipe : throw new UsageException($"The recipe file {recipe} does not exist.");
        if (Names.Contains(recipe))
            return Path.Combine(Folder, recipe + ".json");
        var near = NearestName.Suggest(recipe, Names.Concat(commands));
        var hint =
            near is null ? "the command list lists all recipes."
            : Names.Contains(near) ? $"did you mean {near}?"
            : $"did you mean the command {near}?";
        throw new UsageException($"There is no recipe '{recipe}'; {hint}");
    }

    /// <summary>Reads a recipe and sets keys of it.</summary>
    /// <param name="recipe">Name of a recipe, or path of a JSON file.</param>
    /// <param name="assignments">Keys and values as "dotted.key=value".</param>
    /// <exception cref="LatentException">There is no such recipe, or it or an assignment is wrong.</exception>
    public static Recipe Read(string recipe, params IEnumerable<string> assignments)
    {
        var path = PathOf(recipe);
        var json = SmallFile.ReadText(path);
        RecipeFile.Parse(json, path);
        return RecipeFile.Parse(assignments.Aggregate(json, RecipeOverrides.Apply), path);
    }
}
