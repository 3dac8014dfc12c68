using System.Globalization;
using Latent.Contracts.Tables;
using Latent.Data.Tables;

namespace Latent.Trainer.Report;

/// <summary>Turns the cells of a table into what people read, and into numbers that can be compared.</summary>
internal sealed class Cells(TableDescription table)
{
    /// <summary>Words of a column that are numbers of their own, the most frequent ones.</summary>
    public const int MaxLevels = 8;

    private const int Digits = 4;
    private readonly CellText _text = new(table);

    /// <summary>Tells whether a cell is missing.</summary>
    /// <param name="column">The column.</param>
    /// <param name="cell">The cell.</param>
    public bool IsMissing(int column, float cell) =>
        float.IsNaN(cell) || (table.Columns[column].Levels is not null && cell == TableDescription.Missing);

    /// <summary>Gets the text of a cell of the data.</summary>
    /// <param name="column">The column.</param>
    /// <param name="cell">The cell.</param>
    public string Value(int column, float cell) =>
        IsMissing(column, cell) ? "missing"
        : table.Columns[column].Levels is not null && cell == TableDescription.Unseen ? "a new word"
        : _text.Text(column, cell);

    /// <summary>Gets the text of a cell of a reconstruction, in which numbers have a few digits.</summary>
    /// <param name="column">The column.</param>
    /// <param name="cell">The cell.</param>
    public string Expected(int column, float cell)
    {
        var described = table.Columns[column];
        var isNumber = described.Levels is null && described.Kind is not (TableColumnKind.DateTime or TableColumnKind.Integer);
        return !isNumber || !float.IsFinite(cell) ? Value(column, cell)
            : described.Likelihood == ColumnLikelihood.Bernoulli ? cell.ToString("0.000", CultureInfo.InvariantCulture)
            : Short(cell);
    }

    /// <summary>Gets a number of the column's own unit as text: a few digits, or a date.</summary>
    /// <param name="column">The column, of numbers or dates.</param>
    /// <param name="number">The number.</param>
    public string Number(int column, double number) =>
        table.Columns[column].Origin is null ? Short(number) : _text.Text(column, (float)number);

    /// <summary>
    /// Gets rows as standardized numbers, in which missing cells are at the mean, and of words the most frequent as 1 where they are and 0
    /// where they are not.
    /// </summary>
    /// <param name="rows">Whole rows of cells.</param>
    /// <returns>The numbers, row by row, and how many a row has.</returns>
    public (float[] Values, int Width) Numbers(float[] rows)
    {
        var columns = table.Columns;
        int[] widths = [.. columns.Select(column => column.Levels is { } levels ? Math.Min(levels.Count, MaxLevels) : 1)];
        var (width, count) = (widths.Sum(), rows.Length / columns.Count);
        var values = new float[count * width];
        for (var (c, first) = (0, 0); c < columns.Count; first += widths[c], c++)
        {
            if (columns[c].Levels is null)
            {
                var units = Units(c, rows);
                var known = units.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
                var mean = known.Average();
                var deviation = Math.Sqrt(known.Average(unit => (unit - mean) * (unit - mean)));
                for (var row = 0; row < count; row++)
                {
                    values[(row * width) + first] =
                        double.IsFinite(units[row]) && deviation > 0 ? (float)((units[row] - mean) / deviation) : 0;
                }

                continue;
            }

            for (var row = 0; row < count; row++)
            {
                var level = rows[(row * columns.Count) + c];
                if (level >= 0 && level < widths[c])
                    values[(row * width) + first + (int)level] = 1;
            }
        }

        return (values, width);
    }

    /// <summary>
    /// Finds the columns whose reconstructions come nearer than the mean, of words the most frequent one, of the rows themselves would;
    /// columns
    /// that don't change are left out.
    /// </summary>
    /// <param name="rows">Whole rows of cells.</param>
    /// <param name="outputs">Their reconstructions.</param>
    /// <returns>The columns that do, and those that don't.</returns>
    public (IReadOnlyList<string> Better, IReadOnlyList<string> Worse) Judge(float[] rows, float[] outputs)
    {
        var (better, worse) = (new List<string>(), new List<string>());
        foreach (var (c, column) in table.Columns.Index())
        {
            var (error, baseline) = column.Levels is null ? Squares(c, rows, outputs) : Mistakes(c, rows, outputs);
            if (baseline > 0)
                (error < baseline ? better : worse).Add(column.Name);
        }

        return (better, worse);
    }

    private (double Error, double Baseline) Squares(int column, float[] rows, float[] outputs)
    {
        var known = Units(column, rows).Zip(Units(column, outputs)).Where(pair => double.IsFinite(pair.First)).ToList();
        if (known.Count == 0)
            return (0, 0);
        var mean = known.Average(pair => pair.First);
        return (
            known.Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second)),
            known.Sum(pair => (pair.First - mean) * (pair.First - mean))
        );
    }

    private (double Error, double Baseline) Mistakes(int column, float[] rows, float[] outputs)
    {
        var known = Column(column, rows).Zip(Column(column, outputs)).Where(pair => !IsMissing(column, pair.First)).ToList();
        var frequent = known.CountBy(pair => pair.First).Select(count => count.Value).DefaultIfEmpty(0).Max();
        return (known.Count(pair => pair.First != pair.Second), known.Count - frequent);
    }

    private double[] Units(int column, float[] rows)
    {
        var transform = table.Columns[column].Log ?? table.Columns[column].Transform!;
        return [.. Column(column, rows).Select(cell => float.IsNaN(cell) ? double.NaN : transform.Forward(cell))];
    }

    private IEnumerable<float> Column(int column, float[] rows) =>
        Enumerable.Range(0, rows.Length / table.Columns.Count).Select(row => rows[(row * table.Columns.Count) + column]);

    private static string Short(double number) =>
        Math.Abs(number) is >= 1000 and < 1e15
            ? Math.Round(number).ToString("0", CultureInfo.InvariantCulture)
            : number.ToString($"G{Digits}", CultureInfo.InvariantCulture);
}
