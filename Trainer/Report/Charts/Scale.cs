using System.Globalization;

namespace Latent.Trainer.Report.Charts;

/// <summary>Maps data to pixels along one axis and chooses round tick values.</summary>
internal readonly struct Scale
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;
    private readonly bool _logarithmic;

    /// <param name="low">Least value shown.</param>
    /// <param name="high">Greatest value shown; a constant series is widened.</param>
    /// <param name="from">Pixel of <paramref name="low"/>.</param>
    /// <param name="to">Pixel of <paramref name="high"/>.</param>
    /// <param name="whole">Whether ticks between whole numbers make no sense.</param>
    /// <param name="logarithmic">Whether equal factors are equally far apart; all values are above 0.</param>
    public Scale(double low, double high, double from, double to, bool whole = false, bool logarithmic = false)
    {
        if (!(high > low))
        {
            var pad = Math.Max(Math.Abs(low) * 0.05, 1e-6);
            low -= pad;
            high += pad;
        }

        if (logarithmic)
        {
            var (min, max) = (low, high);
            double[] powers = [.. Enumerable.Range(-30, 60).Select(p => Math.Pow(10, p))];
            double[] ticks = [.. powers.SelectMany(p => new[] { p, 3 * p }).Where(Shown)];
            // More than four decades have no room for two ticks each, and half a decade has hardly one of them.
            Ticks =
                ticks.Length > 8 ? [.. powers.Where(Shown)]
                : ticks.Length < 2 ? Even(low, high, whole)
                : ticks;
            bool Shown(double tick) => tick >= min && tick <= max;
            low = Math.Log10(low);
            high = Math.Log10(high);
        }
        else
        {
            Ticks = Even(low, high, whole);
        }

        _logarithmic = logarithmic;
        _low = low;
        _high = high;
        _from = from;
        _to = to;
    }

    /// <summary>Round values within the range: about five, or 1 and 3 times powers of ten.</summary>
    public double[] Ticks { get; }

    public double this[double value] => _from + Fraction(value) * (_to - _from);

    /// <summary>Where a value lies between the least, 0, and the greatest, 1.</summary>
    public double Fraction(double value) => ((_logarithmic ? Math.Log10(value) : value) - _low) / (_high - _low);

    /// <summary>Least and greatest value and "linear", or their decimal logarithms and "log".</summary>
    public string Description => string.Create(CultureInfo.InvariantCulture, $"{_low:R} {_high:R} {(_logarithmic ? "log" : "linear")}");

    public static string Label(double value) =>
        Math.Abs(value) switch
        {
            < 1e-12 => "0",
            < 1e-3 or >= 1e6 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
            _ => value.ToString("0.####", CultureInfo.InvariantCulture),
        };

    private static double[] Even(double low, double high, bool whole)
    {
        var step = Math.Max(Step(low, high), whole ? 1 : 0);
        return [.. Enumerable.Range(0, 20).Select(i => (Math.Ceiling(low / step) + i) * step).TakeWhile(t => t <= high + step * 1e-9)];
    }

    private static double Step(double low, double high)
    {
        var rough = (high - low) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch
            {
                < 1.5 => 1,
                < 3.5 => 2,
                < 7.5 => 5,
                _ => 10,
            } * power;
    }
}
