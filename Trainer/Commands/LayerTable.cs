using System.Globalization;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Formats a recipe's layers with output shapes and parameter counts, and the totals of encoder, decoder and model.</summary>
internal static class LayerTable
{
    /// <summary>Formats the table.</summary>
    /// <param name="layers">The layers, those of one member of an ensemble.</param>
    /// <param name="input">Shape of a row.</param>
    /// <param name="members">The number of members.</param>
    public static Table Of(IReadOnlyList<LayerSummary> layers, IReadOnlyList<int> input, int members)
    {
        var table = new Table()
            .RoundedBorder()
            .AddColumn("layer")
            .AddColumn("output shape")
            .AddColumn(new TableColumn("parameters").RightAligned());
        table.AddRow("input", Markup.Escape(LayerShapes.Text(input)), "");
        foreach (var layer in layers)
            table.AddRow(Markup.Escape(layer.Name), Markup.Escape(LayerShapes.Text(layer.OutputShape)), Number(layer.Parameters));
        Sum("encoder", layers.Where(layer => layer.Part == NetworkPart.Encoder));
        Sum("decoder", layers.Where(layer => layer.Part == NetworkPart.Decoder));
        if (layers.Any(layer => layer.Part == NetworkPart.Prior))
            Sum("prior", layers.Where(layer => layer.Part == NetworkPart.Prior));
        Sum(members == 1 ? "total" : "each member", layers);
        if (members > 1)
            table.AddRow($"{members} members", "", Number(members * layers.Sum(layer => layer.Parameters)));
        return table;

        void Sum(string part, IEnumerable<LayerSummary> of) => table.AddRow(part, "", Number(of.Sum(layer => layer.Parameters)));
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
