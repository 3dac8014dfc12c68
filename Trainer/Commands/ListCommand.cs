using Latent.Contracts.Recipes;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Shows all recipes as a table.</summary>
internal static class ListCommand
{
    public static int Run(IAnsiConsole console)
    {
        var table = new Table().RoundedBorder().ShowRowSeparators().AddColumn(new TableColumn("recipe").NoWrap()).AddColumn("data").AddColumn(new TableColumn("code").RightAligned())
            .AddColumn("what it is");
        foreach (var name in RecipeLibrary.Names)
        {
            var recipe = RecipeLibrary.Read(name);
            table.AddRow(
                Markup.Escape(name), RecipeNames.Of(recipe.Data.Source), FormattableString.Invariant($"{recipe.Latent.Dimension}"), Markup.Escape(recipe.Description));
        }

        console.Write(table);
        console.WriteLine("Train one with: dotnet run --project Trainer -- RECIPE --data PATH (digits-vae needs no data).");
        return ExitCodes.Done;
    }
}
