using System.Globalization;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Shows a recipe, defaults filled in, and its layers.</summary>
internal static class ShowCommand
{
    public static int Run(string name, IAnsiConsole console)
    {
        var recipe = RecipeLibrary.Read(name);
        console.Profile.Out.Writer.Write(RecipeFile.ToJson(recipe));
        if (RecipeValidation.Image(recipe.Data) is not { } image)
        {
            console.WriteLine("Its layers depend on the number of columns of the data.");
            return ExitCodes.Done;
        }

        var input = new InputDescription { Shape = LayerShapes.RowShape(recipe, image), Unit = "pixel", Image = image };
        using var model = Autoencoder.Create(recipe, input, new Scaling([0], [1]));
        console.Write(Layers(ModelSummary.Of(model)));
        return ExitCodes.Done;
    }

    private static Table Layers(IReadOnlyList<ModelSummary> layers)
    {
        var table = new Table().RoundedBorder().AddColumn("layer").AddColumn("output shape").AddColumn(new TableColumn("parameters").RightAligned());
        foreach (var layer in layers)
            table.AddRow(Markup.Escape(layer.Name), Markup.Escape(LayerShapes.Text(layer.OutputShape)), Number(layer.Parameters));
        foreach (var (part, sum) in new[] { ("encoder", layers.Where(l => l.Part != "decoder")), ("decoder", layers.Where(l => l.Part == "decoder")), ("whole", layers) })
            table.AddRow($"[bold]{part}[/]", "", $"[bold]{Number(sum.Sum(l => l.Parameters))}[/]");
        return table;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
