using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Data.Tables;
using Spectre.Console;

namespace Latent.Scorer.Reporting;

/// <summary>Shows what the columns of a table hold, and which of them a model leaves out.</summary>
internal static class ColumnOverview
{
    private const int Words = 5;

    public static Table Of(TableDescription description)
    {
        var table = new Table().RoundedBorder().AddColumn("column").AddColumn("kind").AddColumn("training rows");
        var texts = new CellText(description);
        foreach (var (i, column) in description.Columns.Index())
        {
            var holds =
                column.Levels is { } levels
                    ? string.Join(", ", levels.Take(Words))
                        + (levels.Count > Words ? string.Create(CultureInfo.InvariantCulture, $" and {levels.Count - Words:N0} more") : "")
                : column is { Min: { } min, Max: { } max } ? $"{texts.Text(i, (float)min)} to {texts.Text(i, (float)max)}"
                : "";
            Add(column.Name, column.Kind, holds + (column.HasMissing ? "; some missing" : ""));
        }

        foreach (var (name, kind, reason) in description.LeftOut)
            Add(name, kind, $"left out: {reason}");
        return table;

        void Add(string name, TableColumnKind kind, string holds) =>
            table.AddRow(Markup.Escape(Printable.Of(name)), RecipeNames.Of(kind), Markup.Escape(Printable.Of(holds)));
    }
}
