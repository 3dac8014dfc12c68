using System.Globalization;
using Latent.Contracts.Tables;

namespace Latent.Data.Tables;

/// <summary>Turns cells into texts, as <see cref="TableDescription"/> says what they are.</summary>
internal sealed class CellText(TableDescription table)
{
    /// <summary>Gets the text of a cell.</summary>
    /// <param name="column">The column's index in the description.</param>
    /// <param name="cell">The cell; a level's position, and a whole number, are rounded.</param>
    /// <returns>
    /// A level; a date such as 2019-03-23, with its time to a second if it is not midnight; a whole number; another number with as many
    /// digits as it needs to be read back unchanged; empty if the cell is missing or is no level.
    /// </returns>
    public string Text(int column, float cell)
    {
        var described = table.Columns[column];
        if (float.IsNaN(cell))
            return "";
        if (described.Levels is { } levels)
            return MathF.Round(cell) is var level && level >= 0 && level < levels.Count ? levels[(int)level] : "";
        return described.Kind switch
        {
            TableColumnKind.DateTime => Moment(described.Origin ?? default, cell),
            // Adding 0 makes -0 the 0 that it is.
            TableColumnKind.Integer => (Math.Round((double)cell) + 0d).ToString("0", CultureInfo.InvariantCulture),
            _ => cell.ToString(CultureInfo.InvariantCulture),
        };
    }

    // Float days have no more than seconds.
    private static string Moment(DateTime origin, float days)
    {
        var seconds = origin.Ticks / TimeSpan.TicksPerSecond + Math.Round(days * 86_400d);
        if (!(seconds >= 0 && seconds <= DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond))
            return "";
        var moment = new DateTime((long)seconds * TimeSpan.TicksPerSecond);
        return moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
