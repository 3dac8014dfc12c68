using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Shows a recipe, defaults filled in, and its layers.</summary>
internal static class ShowCommand
{
    public static int Run(string name, IAnsiConsole console)
    {
        var recipe = RecipeLibrary.Read(name);
        console.Profile.Out.Writer.Write(Printable.Lines(RecipeFile.ToJson(recipe)));
        if (RecipeValidation.Image(recipe.Data) is { } image)
            console.Write(LayerTable.Of(recipe, new InputDescription { Shape = LayerShapes.RowShape(recipe, image), Unit = "pixel", Image = image }));
        else
            console.WriteLine("Its layers depend on the number of columns of the data.");
        return ExitCodes.Done;
    }
}
