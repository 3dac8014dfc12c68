using System.Globalization;

namespace Latent.Data.Columns;

/// <summary>Holds dates, with or without times, that are made on demand.</summary>
/// <param name="moments">Gets a row's date in UTC; null if it is missing.</param>
/// <param name="format">The format of dates as text.</param>
internal sealed class MomentBlock(Func<int, DateTime?> moments, string format) : ColumnBlock
{
    public override double Number(int row) => double.NaN;

    public override string? Text(int row) => moments(row)?.ToString(format, CultureInfo.InvariantCulture);

    public override DateTime? Moment(int row) => moments(row);
}
