using System.Globalization;

namespace Latent.Trainer.Progress;

/// <summary>Figures as people read them.</summary>
internal static class MetricFormat
{
    /// <summary>"132.41 (kl 22.2, reconstruction 110.2)".</summary>
    public static string Losses(IReadOnlyDictionary<string, double> losses)
    {
        var loss = losses.GetValueOrDefault("loss", double.NaN);
        var terms = losses.Where(term => term.Key != "loss" && term.Value != loss).Select(term => $"{term.Key} {Loss(term.Value)}").ToArray();
        return terms.Length == 0 ? Loss(loss) : $"{Loss(loss)} ({string.Join(", ", terms)})";
    }

    /// <summary>Five digits.</summary>
    public static string Loss(double value) => value == 0 ? "0" : Math.Abs(value) switch
    {
        >= 1e6 or < 1e-3 => value.ToString("0.000e0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.00", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00000", CultureInfo.InvariantCulture),
    };

    /// <summary>"14,200 samples/s".</summary>
    public static string Rate(double samplesPerSecond) => samplesPerSecond.ToString(samplesPerSecond < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture) + " samples/s";

    /// <summary>"0:42", "1:02:03" or "30:00:00".</summary>
    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? FormattableString.Invariant($"{(long)time.TotalHours}:{time:mm\\:ss}")
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
