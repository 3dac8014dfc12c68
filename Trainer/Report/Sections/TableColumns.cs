using System.Globalization;
using System.Net;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Report.Sections;

/// <summary>What the columns of a table were taken for, and which were left out.</summary>
internal static class TableColumns
{
    private const int Most = 200;
    private const int Levels = 5;

    public static Section? Build(ReportContext context)
    {
        if (context.Table is not { } table)
            return null;
        var lines = table
            .Columns.Take(Most)
            .Select(
                (column, i) =>
                    Line(
                        column.Name,
                        RecipeNames.Of(column.Kind),
                        RecipeNames.Of(column.Likelihood),
                        Values(context, i),
                        Missing(context, i)
                    )
            );
        var more = table.Columns.Count > Most ? $"<p class='note'>And {table.Columns.Count - Most} more.</p>" : "";
        var html =
            "<div class='scroll'><table class='columns'><tr><th>column</th><th>kind</th><th>likelihood</th><th>values</th><th>missing</th></tr>"
            + $"{string.Concat(lines)}</table></div>{more}";
        if (table.LeftOut.Count > 0)
        {
            var left = table.LeftOut.Take(Most).Select(column => Line(column.Name, RecipeNames.Of(column.Kind), column.Reason));
            html +=
                "<h3>Left out</h3><div class='scroll'><table><tr><th>column</th><th>kind</th><th>reason</th></tr>"
                + $"{string.Concat(left)}</table></div>";
            if (table.LeftOut.Count > Most)
                html += $"<p class='note'>And {table.LeftOut.Count - Most} more.</p>";
        }

        return new Section("kinds", "Columns", html);
    }

    private static string Line(string name, params string[] cells) =>
        $"<tr><th scope='row'>{Text(name)}</th>{string.Concat(cells.Select(cell => $"<td>{Text(cell)}</td>"))}</tr>";

    private static string Values(ReportContext context, int index)
    {
        var column = context.Table!.Columns[index];
        if (column.Levels is not { } levels)
        {
            return column is { Min: { } min, Max: { } max }
                ? $"{context.Cells!.Number(index, min)} to {context.Cells.Number(index, max)}"
                : "";
        }

        var more = levels.Count > Levels ? $" and {levels.Count - Levels} more" : "";
        return string.Join(", ", levels.Take(Levels)) + more;
    }

    private static string Missing(ReportContext context, int index)
    {
        if (context.Manifest.Training?.Columns[index] is not { } distribution)
            return context.Table!.Columns[index].HasMissing ? "some" : "none";
        var share = (double)distribution.Missing / Math.Max(1, distribution.Rows());
        return share == 0 ? "none" : share.ToString(share < 0.1 ? "0.0 %" : "0 %", CultureInfo.InvariantCulture);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
