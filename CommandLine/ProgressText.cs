using System.Globalization;

namespace Latent.CommandLine;

/// <summary>Formats the numbers of a progress display.</summary>
internal static class ProgressText
{
    /// <summary>Formats a count or a rate as "14,200".</summary>
    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a duration as "0:42", "1:02:03" or "30:00:00".</summary>
    public static string Time(TimeSpan time) =>
        time.TotalHours >= 1
            ? FormattableString.Invariant($"{(long)time.TotalHours}:{time:mm\\:ss}")
            : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>Joins parts of a line with two spaces, leaving out those that matter least until the line fits.</summary>
    /// <param name="width">Columns of the line, at most.</param>
    /// <param name="parts">
    /// The parts from left to right, each with its rank: rank 0 is always kept, and the highest rank is left out first.
    /// </param>
    public static string Fit(int width, params IEnumerable<(int Rank, string Text)> parts)
    {
        var kept = parts.Where(part => part.Text.Length > 0).ToList();
        while (kept.Sum(part => part.Text.Length + 2) - 2 > width && kept.Max(part => part.Rank) is > 0 and var min)
            kept.RemoveAt(kept.FindLastIndex(part => part.Rank == min));
        return string.Join("  ", kept.Select(part => part.Text));
    }
}
