using Latent.Contracts;

namespace Latent.Data.Tables;

/// <summary>Finds columns whose values differ by less than the precision of 32-bit floats, in which models work.</summary>
internal sealed class FloatPrecision(int columns)
{
    // Rounding that moves a value by 1 % of the column's spread doesn't matter.
    private const double MaxOfSpread = 0.01;

    private readonly double[] _first = new double[columns];
    private readonly double[] _sum = new double[columns];
    private readonly double[] _squares = new double[columns];
    private readonly double[] _error = new double[columns];
    private readonly long[] _count = new long[columns];

    /// <summary>Adds a value of a column; NaN, a missing one, doesn't count.</summary>
    public void Add(int column, double value)
    {
        if (double.IsNaN(value))
            return;
        if (_count[column]++ == 0)
            _first[column] = value;
        // Differences from the first value: squares of Unix seconds would leave nothing of a spread of hours.
        var difference = value - _first[column];
        _sum[column] += difference;
        _squares[column] += difference * difference;
        _error[column] = Math.Max(_error[column], Math.Abs(value - (float)value));
    }

    /// <summary>Refuses the first column that floats would merge.</summary>
    /// <exception cref="LatentException">There is such a column.</exception>
    public void Check(string source, Func<int, string> nameOf)
    {
        for (var i = 0; i < columns; i++)
        {
            if (_count[i] == 0)
                continue;
            var mean = _sum[i] / _count[i];
            var spread = Math.Sqrt(Math.Max(0, _squares[i] / _count[i] - mean * mean));
            if (spread > 0 && _error[i] > MaxOfSpread * spread)
            {
                throw new LatentException(
                    FormattableString.Invariant(
                        $"{source}, column {nameOf(i)}, has values around {_first[i] + mean:G10} that differ by {spread:G2} or so, which 32-bit floats can't tell apart; subtract {_first[i]:G17} or so from the column first, or leave it out."
                    )
                );
            }
        }
    }
}
