using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Trainer.Runs;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Lists all recipes in a table.</summary>
internal static class ListCommand
{
    public static int Run(IAnsiConsole console)
    {
        var table = new Table()
            .RoundedBorder()
            .AddColumn(new TableColumn("recipe").NoWrap())
            .AddColumn("description")
            .AddColumn(new TableColumn("data").NoWrap())
            .AddColumn(new TableColumn("time").RightAligned().NoWrap());
        foreach (var name in RecipeLibrary.Names)
        {
            var recipe = RecipeLibrary.Read(name);
            table.AddRow(
                Markup.Escape(Printable.Of(name)),
                Markup.Escape(recipe.About.Summary),
                recipe.About.Data.Length == 0 ? "none" : Markup.Escape(recipe.About.Data),
                Time(recipe.About)
            );
        }

        console.Write(table);
        console.WriteLine("data: what --data expects; time: on two CPU cores (blank: hours).");
        console.WriteLine("Show one:  dotnet run --project Trainer -- show RECIPE");
        console.WriteLine("Train one: dotnet run -c Release --project Trainer -- RECIPE --data PATH");
        return ExitCodes.Done;
    }

    private static string Time(AboutRecipe about) =>
        about.Minutes switch
        {
            null => "",
            < 120 => $"{about.Minutes.Value.ToString("0.#", CultureInfo.InvariantCulture)} min",
            _ => $"{(about.Minutes.Value / 60).ToString("0", CultureInfo.InvariantCulture)} h",
        };
}
