using System.Globalization;

namespace Latent.Trainer.Progress;

/// <summary>Formats metrics for reading.</summary>
internal static class MetricFormat
{
    /// <summary>Formats a loss with about five significant digits.</summary>
    public static string Loss(double value) => Format(value, "0.000e0", "0.00", "0.000", "0.00000");

    /// <summary>Formats a loss with about four significant digits, for lines that must be short.</summary>
    public static string Short(double value) => Format(value, "0.00e0", "0.0", "0.00", "0.0000");

    /// <summary>Formats a metric of any kind: whole numbers in full, others with six significant digits.</summary>
    public static string Value(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < 1e15
            ? value.ToString("N0", CultureInfo.InvariantCulture)
            : value.ToString(Math.Abs(value) is >= 1e-4 and < 1e6 ? "G6" : "0.000e0", CultureInfo.InvariantCulture);

    /// <summary>Formats a rate as "14,200 samples/s".</summary>
    public static string Rate(double samplesPerSecond) =>
        $"{samplesPerSecond.ToString(samplesPerSecond < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture)} samples/s";

    private static string Format(double value, string scientific, string hundreds, string ones, string fractions) =>
        value == 0
            ? "0"
            : value.ToString(
                Math.Abs(value) switch
                {
                    >= 1e6 or < 1e-3 => scientific,
                    >= 100 => hundreds,
                    >= 1 => ones,
                    _ => fractions,
                },
                CultureInfo.InvariantCulture
            );
}
