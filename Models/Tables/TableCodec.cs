using System.Numerics;
using Latent.Contracts.Tables;

namespace Latent.Models.Tables;

/// <summary>Converts cells of a table to model units, and what a decoder gives to cells.</summary>
internal sealed class TableCodec(TableLayout layout)
{
    private const double DaysPerWeek = 7;

    /// <summary>
    /// Gets the number of values of a row that is trained on: its model units, then 1 for each cell that is present, else 0.
    /// </summary>
    public int RowLength => layout.Width + layout.Columns;

    /// <summary>Converts cells, row by row.</summary>
    /// <param name="cells">[rows, columns].</param>
    /// <returns>[rows, <see cref="RowLength"/>].</returns>
    public float[] Encode(ReadOnlySpan<float> cells)
    {
        var rows = cells.Length / layout.Columns;
        var units = new float[rows * RowLength];
        for (var row = 0; row < rows; row++)
            Encode(cells.Slice(row * layout.Columns, layout.Columns), units.AsSpan(row * RowLength, RowLength));
        return units;
    }

    /// <summary>Converts a decoder's output to the most likely cells, row by row: expected numbers, probabilities of 1, levels.</summary>
    /// <param name="raw">[rows, width].</param>
    /// <returns>[rows, columns].</returns>
    public float[] Decode(ReadOnlySpan<float> raw)
    {
        var rows = raw.Length / layout.Width;
        var cells = new float[rows * layout.Columns];
        for (var row = 0; row < rows; row++)
            Decode(raw.Slice(row * layout.Width, layout.Width), cells.AsSpan(row * layout.Columns, layout.Columns));
        return cells;
    }

    /// <summary>
    /// Converts an ensemble's outputs to cells: the means of its members' numbers, and the levels of largest mean probability.
    /// </summary>
    /// <param name="raw">[rows, members, width].</param>
    /// <param name="members">The number of members.</param>
    /// <returns>[rows, columns].</returns>
    public float[] Decode(ReadOnlySpan<float> raw, int members)
    {
        var (own, columns) = (Decode(raw), layout.Columns);
        var cells = new float[own.Length / members];
        for (var row = 0; row < cells.Length / columns; row++)
        {
            foreach (var column in layout.Numbers)
            {
                for (var member = 0; member < members; member++)
                    cells[(row * columns) + column] += own[(((row * members) + member) * columns) + column] / members;
            }

            var from = layout.WordsFrom;
            for (var i = 0; i < layout.Categories.Length; i++)
            {
                var sums = new double[layout.CategoryWidths[i]];
                for (var member = 0; member < members; member++)
                    AddProbabilities(raw.Slice((((row * members) + member) * layout.Width) + from, sums.Length), sums);
                cells[(row * columns) + layout.Categories[i]] = IndexOfMax<double>(sums.AsSpan(TableLayout.UnitsBeforeLevels));
                from += layout.CategoryWidths[i];
            }
        }

        return cells;
    }

    private void Encode(ReadOnlySpan<float> cells, Span<float> row)
    {
        var present = row[layout.Width..];
        for (var i = 0; i < layout.Numbers.Length; i++)
        {
            var cell = cells[layout.Numbers[i]];
            if (float.IsNaN(cell))
                continue;
            row[i] = (float)layout.Table.Columns[layout.Numbers[i]].Transform!.Forward(cell);
            present[layout.Numbers[i]] = 1;
        }

        for (var i = 0; i < layout.Logs; i++)
        {
            var column = layout.Numbers[layout.Numbers.Length - layout.Dates - layout.Logs + i];
            if (!float.IsNaN(cells[column]))
                row[layout.LogsFrom + i] = (float)layout.Table.Columns[column].Log!.Forward(cells[column]);
        }

        for (var i = 0; i < layout.Dates; i++)
        {
            var days = cells[layout.Numbers[^(layout.Dates - i)]];
            if (float.IsNaN(days))
                continue;
            var extra = row.Slice(layout.DatesFrom + (TableLayout.UnitsPerDate * i), TableLayout.UnitsPerDate);
            (extra[0], extra[1]) = Circle(days);
            (extra[2], extra[3]) = Circle(days / DaysPerWeek);
        }

        for (var i = 0; i < layout.WithMissing.Length; i++)
            row[layout.MissingFrom + i] = 1 - present[layout.Numbers[layout.WithMissing[i]]];
        var from = layout.WordsFrom;
        for (var i = 0; i < layout.Categories.Length; i++)
        {
            var cell = cells[layout.Categories[i]];
            row[from + TableLayout.UnitsBeforeLevels + (int)cell] = 1;
            present[layout.Categories[i]] = cell == TableDescription.Missing ? 0 : 1;
            from += layout.CategoryWidths[i];
        }
    }

    private void Decode(ReadOnlySpan<float> raw, Span<float> cells)
    {
        for (var i = 0; i < layout.Numbers.Length; i++)
        {
            var column = layout.Table.Columns[layout.Numbers[i]];
            cells[layout.Numbers[i]] = column.Likelihood switch
            {
                ColumnLikelihood.Bernoulli => 1 / (1 + MathF.Exp(-raw[i])),
                ColumnLikelihood.Poisson => MathF.Exp(Math.Clamp(raw[i], -ColumnErrors.MaxLogRate, ColumnErrors.MaxLogRate)),
                _ => (float)column.Transform!.Inverse(raw[i]),
            };
        }

        var from = layout.WordsFrom;
        for (var i = 0; i < layout.Categories.Length; i++)
        {
            cells[layout.Categories[i]] = IndexOfMax(raw.Slice(from, layout.CategoryWidths[i])[TableLayout.UnitsBeforeLevels..]);
            from += layout.CategoryWidths[i];
        }
    }

    private static int IndexOfMax<T>(ReadOnlySpan<T> values)
        where T : INumber<T>
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
            best = values[i] > values[best] ? i : best;
        return best;
    }

    private static void AddProbabilities(ReadOnlySpan<float> logits, Span<double> sums)
    {
        var (most, total) = (float.NegativeInfinity, 0.0);
        foreach (var logit in logits)
            most = Math.Max(most, logit);
        foreach (var logit in logits)
            total += Math.Exp(logit - most);
        for (var i = 0; i < logits.Length; i++)
            sums[i] += Math.Exp(logits[i] - most) / total;
    }

    private static (float Sine, float Cosine) Circle(double turns)
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (turns - Math.Floor(turns)));
        return ((float)sine, (float)cosine);
    }
}
