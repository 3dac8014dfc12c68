using Latent.Data.Tables;

namespace Latent.Data.Columns;

/// <summary>Holds the values of a column in one part of a table; rows are counted from the part's first.</summary>
internal abstract class ColumnBlock
{
    /// <summary>Gets the value of a row; NaN if it is missing.</summary>
    public abstract double Number(int row);

    /// <summary>Gets the value of a row as text; null if it is missing.</summary>
    public abstract string? Text(int row);

    /// <summary>Gets the value of a row as a date in UTC; null if it is missing or is none.</summary>
    public virtual DateTime? Moment(int row) =>
        DateText.Parse(Text(row).AsSpan().Trim(), out var moment) != DateFormat.None ? moment : null;

    /// <summary>Copies the values of consecutive rows into row-major order.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="values">Destination of the first value; the others follow <paramref name="stride"/> places apart.</param>
    /// <param name="stride">Number of values of a row.</param>
    public virtual void CopyTo(int from, int count, Span<float> values, int stride)
    {
        for (var i = 0; i < count; i++)
            values[i * stride] = (float)Number(from + i);
    }
}
