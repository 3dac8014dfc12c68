using System.Globalization;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>A recipe's layers, each with its output shape and parameters, and the sums of encoder, decoder and whole.</summary>
internal static class LayerTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">Shape of a row.</param>
    public static Table Of(Recipe recipe, IReadOnlyList<int> input)
    {
        var layers = LayerSummary.Of(recipe, input);
        var table = new Table().RoundedBorder().AddColumn("layer").AddColumn("output shape")
            .AddColumn(new TableColumn("parameters").RightAligned());
        table.AddRow("input", Markup.Escape(LayerShapes.Text(input)), "");
        foreach (var layer in layers)
            table.AddRow(Markup.Escape(layer.Name), Markup.Escape(LayerShapes.Text(layer.OutputShape)), Number(layer.Parameters));
        Sum("encoder", layers.Where(layer => layer.Part == NetworkPart.Encoder));
        Sum("decoder", layers.Where(layer => layer.Part == NetworkPart.Decoder));
        Sum("whole", layers);
        return table;

        void Sum(string part, IEnumerable<LayerSummary> of) => table.AddRow(part, "", Number(of.Sum(layer => layer.Parameters)));
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
