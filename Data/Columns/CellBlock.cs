using Latent.Data.Tables;

namespace Latent.Data.Columns;

/// <summary>Copies the values of a column as cells.</summary>
internal static class CellBlock
{
    /// <summary>Copies the cells of consecutive rows into row-major order; infinity is what can't be a cell.</summary>
    /// <param name="cells">What the cells are.</param>
    /// <param name="index">The column's index among them.</param>
    /// <param name="column">The column of the file.</param>
    /// <param name="block">The column's values.</param>
    /// <param name="from">The first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="values">Destination of the first cell; the others follow <paramref name="stride"/> places apart.</param>
    /// <param name="stride">Number of cells of a row.</param>
    public static void Copy(
        CellParser cells,
        int index,
        Column column,
        ColumnBlock block,
        int from,
        int count,
        Span<float> values,
        int stride
    )
    {
        var (isNumber, hasLevels) = (column.Kind == ColumnKind.Number, cells.HasLevels(index));
        if (isNumber && !hasLevels && !cells.HasMoments(index))
        {
            block.CopyTo(from, count, values, stride);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            var row = from + i;
            values[i * stride] =
                !isNumber || !hasLevels ? Parse(row)
                : column.IsBoolean ? cells.OfTruth(index, block.Number(row) is var truth && double.IsNaN(truth) ? null : truth != 0)
                // The text of a fraction doesn't depend on the width of its type.
                : block.Number(row) is var number && double.IsNaN(number) || double.IsInteger(number) ? cells.OfNumber(index, number)
                : Parse(row);
        }

        float Parse(int row)
        {
            if (cells.HasMoments(index) && block.Moment(row) is { } moment)
                return cells.OfMoment(index, moment);
            return cells.TryParse(index, block.Text(row), out var cell, out _) ? cell : float.PositiveInfinity;
        }
    }
}
