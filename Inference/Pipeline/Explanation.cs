using System.Globalization;
using System.Text;
using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Data.Tables;

namespace Latent.Inference.Pipeline;

/// <summary>
/// Explains the scores of a table's rows by the columns with the largest errors, as in "fare = 512.3, expected 30.1 (62%); deck = Z
/// (unseen), expected C (20%)".
/// </summary>
/// <param name="table">The table.</param>
/// <param name="count">The largest number of columns of an explanation.</param>
internal sealed class Explanation(TableDescription table, int count)
{
    private const int MaxTextLength = 60;

    // Columns with less of the row's error than this explain nothing.
    private const double MinShare = 0.01;

    private readonly CellText _cells = new(table);
    private readonly string[] _names = [.. table.Columns.Select(column => Short(column.Name))];

    /// <summary>Explains a row.</summary>
    /// <param name="cells">The row.</param>
    /// <param name="expected">Its reconstruction, as cells.</param>
    /// <param name="errors">The errors of its columns.</param>
    /// <param name="words">Words that no training row has, by column.</param>
    /// <returns>The columns, the largest error first; empty if no column has an error, as where all cells are missing.</returns>
    public string Of(ReadOnlySpan<float> cells, ReadOnlySpan<float> expected, ReadOnlySpan<float> errors, ReadOnlySpan<string?> words)
    {
        var sizes = new double[errors.Length];
        var order = new int[errors.Length];
        var total = 0.0;
        for (var i = 0; i < sizes.Length; i++)
        {
            // An error that is no number is larger than all.
            sizes[i] = float.IsNaN(errors[i]) ? double.NegativeInfinity : -Math.Max(0, errors[i]);
            order[i] = i;
            total -= sizes[i];
        }

        Array.Sort(sizes, order);
        var text = new StringBuilder();
        for (var i = 0; i < order.Length && i < count; i++)
        {
            var share = double.IsInfinity(sizes[i]) ? 1 : -sizes[i] / total;
            if (!(share >= MinShare))
                break;
            var column = order[i];
            text.Append(text.Length > 0 ? "; " : "")
                .Append(_names[column])
                .Append(" = ")
                .Append(Given(column, cells[column], words[column]))
                .Append(", expected ")
                .Append(Expected(column, expected[column]))
                .Append(CultureInfo.InvariantCulture, $" ({Math.Round(100 * share)}%)");
        }

        return text.ToString();
    }

    private string Given(int column, float cell, string? word) =>
        table.Columns[column].Levels is not null
            ? cell == TableDescription.Unseen
                ? word is null
                    ? "(unseen)"
                    : $"{Short(word)} (unseen)"
                : cell == TableDescription.Missing
                    ? "(missing)"
                    : Short(_cells.Text(column, cell))
            : float.IsNaN(cell)
                ? "(missing)"
                : table.Columns[column].Kind == TableColumnKind.DateTime
                    ? _cells.Text(column, cell)
                    : cell.ToString(CultureInfo.InvariantCulture);

    private string Expected(int column, float cell)
    {
        var described = table.Columns[column];
        if (described.Levels is not null || described.Kind is TableColumnKind.DateTime or TableColumnKind.Integer)
            return Short(_cells.Text(column, cell));
        return Rounded(cell, described.Kind == TableColumnKind.Boolean ? 2 : 4);
    }

    private static string Rounded(float value, int digits)
    {
        if (value == 0 || !float.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);
        var decimals = digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        var scale = Math.Pow(10, Math.Abs(decimals));
        var rounded = decimals >= 0 ? Math.Round(value * scale) / scale : Math.Round(value / scale) * scale;
        return ((float)rounded).ToString(CultureInfo.InvariantCulture);
    }

    private static string Short(string text) => Printable.Of(text.Length <= MaxTextLength ? text : $"{text.AsSpan(0, MaxTextLength)}…");
}
