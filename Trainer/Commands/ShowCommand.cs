using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Latent.Trainer.Runs;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Shows a recipe as it would be trained, with all its defaults, and the layers of its model; no engine is loaded.</summary>
internal static class ShowCommand
{
    public static int Run(string name, IReadOnlyList<string> assignments, IAnsiConsole console)
    {
        var recipe = RecipeLibrary.Read(name, assignments);
        console.Profile.Out.Writer.Write(Printable.Lines(RecipeFile.ToJson(recipe)));
        if (RecipeValidation.Image(recipe.Data) is { } image)
        {
            var row = LayerShapes.RowShape(recipe, image);
            console.Write(LayerTable.Of(LayerSummary.Of(recipe, row), row, recipe.Ensemble));
            return ExitCodes.Done;
        }

        console.WriteLine("The layers depend on the number of columns of the data.");
        return ExitCodes.Done;
    }
}
