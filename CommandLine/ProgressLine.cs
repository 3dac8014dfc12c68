using System.Diagnostics;
using System.Globalization;

namespace Latent.CommandLine;

/// <summary>
/// Shows on standard error how many rows are done: one line that is rewritten on a terminal, or a new line every ten seconds elsewhere.
/// </summary>
/// <param name="what">What is done, as a verb, such as "encode".</param>
/// <param name="quiet">Whether nothing is shown.</param>
internal sealed class ProgressLine(string what, bool quiet)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private TimeSpan _last;
    private int _width;

    /// <summary>Gets the seconds since the line was made.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>Shows the line if enough time has passed since it was last shown.</summary>
    /// <param name="rows">Rows done.</param>
    /// <param name="progress">Fraction done, 0 to 1; null where it is unknown.</param>
    public void Show(long rows, double? progress)
    {
        if (quiet || _clock.Elapsed - _last < TimeSpan.FromSeconds(_terminal ? 0.2 : 10))
            return;
        _last = _clock.Elapsed;
        var text = $"{what}: {ProgressText.Number(rows)} rows, {ProgressText.Number(rows / Seconds)} rows/s";
        if (progress is > 0 and < 1)
        {
            var left = TimeSpan.FromSeconds(Math.Min(Seconds * (1 - progress.Value) / progress.Value, 1e8));
            text += string.Create(CultureInfo.InvariantCulture, $", {100 * progress:0}%, {ProgressText.Time(left)} left");
        }

        if (_terminal)
            Console.Error.Write("\r" + text.PadRight(_width));
        else
            Console.Error.WriteLine(text);
        _width = text.Length;
    }

    /// <summary>Clears the line.</summary>
    public void End()
    {
        if (_terminal && _width > 0)
            Console.Error.Write("\r" + new string(' ', _width) + "\r");
    }
}
