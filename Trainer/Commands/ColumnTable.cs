using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Spectre.Console;
using TableColumn = Latent.Contracts.Tables.TableColumn;

namespace Latent.Trainer.Commands;

/// <summary>Shows the columns of a table: what they were taken for, and which are left out.</summary>
internal static class ColumnTable
{
    private const int MaxColumns = 60;
    private const int MaxLevels = 3;

    /// <summary>Makes the table.</summary>
    /// <param name="description">The columns.</param>
    public static Table Of(TableDescription description)
    {
        var table = new Table().RoundedBorder().AddColumns("column", "kind", "likelihood", "values");
        foreach (var column in description.Columns.Take(MaxColumns))
            Add(column.Name, RecipeNames.Of(column.Kind), RecipeNames.Of(column.Likelihood), Values(column));
        if (description.Columns.Count > MaxColumns)
            Add($"and {description.Columns.Count - MaxColumns:N0} more", "", "", "");
        foreach (var column in description.LeftOut.Take(MaxColumns))
            Add(column.Name, RecipeNames.Of(column.Kind), "left out", column.Reason);
        if (description.LeftOut.Count > MaxColumns)
            Add($"and {description.LeftOut.Count - MaxColumns:N0} more", "", "left out", "");
        return table;

        void Add(params string[] cells) => table.AddRow(Array.ConvertAll(cells, cell => Markup.Escape(Printable.Of(cell))));
    }

    private static string Values(TableColumn column)
    {
        var missing = column.HasMissing ? ", some missing" : "";
        if (column.Levels is not { } levels)
            return $"{Number(column, column.Min)} to {Number(column, column.Max)}{missing}";
        var more = levels.Count > MaxLevels ? $" and {levels.Count - MaxLevels:N0} more" : "";
        return $"{string.Join(", ", levels.Take(MaxLevels))}{more}{missing}";
    }

    private static string Number(TableColumn column, double? value) =>
        column.Origin is { } origin
            ? origin.AddDays(value ?? 0).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : (value ?? 0).ToString("G6", CultureInfo.InvariantCulture);
}
