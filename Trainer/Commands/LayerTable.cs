using System.Globalization;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Trainer.Training;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>A recipe's layers, each with its output shape and parameters, and the sums of encoder, decoder and whole.</summary>
internal static class LayerTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">What a row is.</param>
    public static Table Of(Recipe recipe, InputDescription input)
    {
        MemoryNeed.RefuseWeights(recipe, input.Shape);
        using var model = Autoencoder.Create(recipe, input, new Scaling([0], [1]));
        var layers = ModelSummary.Of(model);
        var table = new Table().RoundedBorder().AddColumn("layer").AddColumn("output shape").AddColumn(new TableColumn("parameters").RightAligned());
        table.AddRow("input", Markup.Escape(LayerShapes.Text(input.Shape)), "");
        foreach (var layer in layers)
            table.AddRow(Markup.Escape(layer.Name), Markup.Escape(LayerShapes.Text(layer.OutputShape)), Number(layer.Parameters));
        Sum("encoder", layers.Where(layer => layer.Part != "decoder"));
        Sum("decoder", layers.Where(layer => layer.Part == "decoder"));
        Sum("whole", layers);
        return table;

        void Sum(string part, IEnumerable<ModelSummary> of) => table.AddRow(part, "", Number(of.Sum(layer => layer.Parameters)));
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
