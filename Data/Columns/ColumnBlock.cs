namespace Latent.Data.Columns;

/// <summary>The values of a column in one part of a table; rows are counted from the part's first.</summary>
internal abstract class ColumnBlock
{
    /// <summary>The value of a row; NaN where there is none.</summary>
    public abstract double Number(int row);

    /// <summary>The value of a row as text; null where there is none.</summary>
    public abstract string? Text(int row);

    /// <summary>Puts the values of consecutive rows where those of a row lie side by side.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="values">Where the first goes; the others follow at every <paramref name="stride"/>th place.</param>
    /// <param name="stride">Number of values of a row.</param>
    public virtual void CopyTo(int from, int count, Span<float> values, int stride)
    {
        for (var i = 0; i < count; i++)
            values[i * stride] = (float)Number(from + i);
    }
}
