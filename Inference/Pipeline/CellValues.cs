using Latent.Contracts.Tables;

namespace Latent.Inference.Pipeline;

/// <summary>Makes values of ML.NET's types out of the cells that a decoder gives.</summary>
/// <param name="column">The column of the table.</param>
/// <param name="isDrawn">
/// Whether values are made ones that the table has: within the range of the training rows, whole numbers and days, 0 or 1; else they are
/// what is expected on average.
/// </param>
internal sealed class CellValues(TableColumn column, bool isDrawn)
{
    private readonly ReadOnlyMemory<char>[] _words = [.. (column.Levels ?? []).Select(level => level.AsMemory())];

    // Dates whose first and last are days have no times.
    private readonly bool _isWhole =
        column.Kind == TableColumnKind.Integer
        || (column.Kind == TableColumnKind.DateTime && column.Min is { } min && column.Max is { } max && min % 1 == 0 && max % 1 == 0);

    /// <summary>Gets the word of a level; empty if there is none.</summary>
    public ReadOnlyMemory<char> Word(float cell) => cell >= 0 && cell < _words.Length ? _words[(int)cell] : default;

    /// <summary>Gets the date of a number of days, to a second; the default date if there is none.</summary>
    public DateTime Moment(float cell)
    {
        var seconds = Math.Round(Drawn(cell) * 86_400) + (column.Origin!.Value.Ticks / TimeSpan.TicksPerSecond);
        return seconds >= 0 && seconds <= DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond
            ? new DateTime((long)seconds * TimeSpan.TicksPerSecond)
            : default;
    }

    /// <summary>Gets a number.</summary>
    public float Number(float cell) => (float)Drawn(cell);

    private double Drawn(double cell)
    {
        if (!isDrawn || double.IsNaN(cell))
            return cell;
        if (column.Kind == TableColumnKind.Boolean)
            return cell >= 0.5 ? 1 : 0;
        cell = Math.Min(Math.Max(cell, column.Min ?? cell), column.Max ?? cell);
        // Adding 0 makes -0 the 0 that it is.
        return _isWhole ? Math.Round(cell) + 0d : cell;
    }
}
