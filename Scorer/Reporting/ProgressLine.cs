using System.Diagnostics;
using System.Globalization;

namespace Latent.Scorer.Reporting;

/// <summary>Says on standard error how far a run has come: one line that renews itself on a terminal, a line every ten seconds elsewhere.</summary>
internal sealed class ProgressLine(string what, bool quiet)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private TimeSpan _last;
    private int _width;

    public double Seconds => _clock.Elapsed.TotalSeconds;

    public void Show(long rows, double? progress)
    {
        if (quiet || _clock.Elapsed - _last < TimeSpan.FromSeconds(_terminal ? 0.2 : 10))
            return;
        _last = _clock.Elapsed;
        var text = $"{what}: {Number(rows)} rows, {Number(rows / Seconds)} rows/s";
        if (progress is > 0 and < 1)
            text += string.Create(CultureInfo.InvariantCulture, $", {progress:P0}, {Left(Seconds * (1 - progress.Value) / progress.Value)} left");
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

    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Left(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(seconds, 1e8));
        return seconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s")
            : seconds < 3600 ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}");
    }
}
