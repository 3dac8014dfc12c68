using System.Globalization;
using Latent.CommandLine;
using Latent.Trainer.Data;

namespace Latent.Trainer.Sweeps;

/// <summary>Represents a key of the recipe and the values that a sweep gives it.</summary>
/// <param name="Key">The key, such as "latent.dimension".</param>
/// <param name="Values">The values; for a range its two ends.</param>
/// <param name="IsRange">Whether values are drawn between two ends, rather than taken from a list.</param>
internal sealed record SweepAxis(string Key, IReadOnlyList<string> Values, bool IsRange)
{
    // Between ends this far apart, equal factors rather than equal differences are equally likely.
    private const double Logarithmic = 10;

    /// <summary>Reads an axis from "key=a,b,c", a list, or "key=low..high", a range.</summary>
    /// <exception cref="UsageException">The text has neither form.</exception>
    public static SweepAxis Parse(string text)
    {
        var equals = text.IndexOf('=');
        if (equals <= 0)
            throw new UsageException($"--set {text} is not of the form key=value,value,… such as latent.dimension=2,5,10.");
        var (key, value) = (text[..equals].Trim(), text[(equals + 1)..].Trim());
        if (value.Split("..") is [var low, var high] && Number(low) is { } from && Number(high) is { } to)
        {
            return from < to
                ? new SweepAxis(key, [low.Trim(), high.Trim()], true)
                : throw new UsageException($"--set {text} is a range whose first end, {low}, must be below its second, {high}.");
        }

        string[] values = [.. Split(value).Select(part => part.Trim())];
        return values.Distinct().Count() == values.Length
            ? new SweepAxis(key, values, false)
            : throw new UsageException($"--set {text} gives a value twice; each must be given once.");
    }

    /// <summary>Draws a value: one of the list or, from a range, a number of four digits, whole where both ends are.</summary>
    public string Draw(SeededRandom random)
    {
        if (!IsRange)
            return Values[random.Next(Values.Count)];
        var (low, high) = (Number(Values[0])!.Value, Number(Values[1])!.Value);
        var isLogarithmic = low > 0 && high / low >= Logarithmic;
        if (Values.All(value => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
        {
            var number = isLogarithmic ? Math.Exp(random.Between(Math.Log(low), Math.Log(high + 1))) : random.Between(low, high + 1);
            return Math.Clamp(Math.Floor(number), low, high).ToString("0", CultureInfo.InvariantCulture);
        }

        var drawn = isLogarithmic ? Math.Exp(random.Between(Math.Log(low), Math.Log(high))) : random.Between(low, high);
        return drawn.ToString("G4", CultureInfo.InvariantCulture);
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    // Commas within brackets, braces and quotes belong to a value.
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth, quoted) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            quoted ^= text[i] == '"';
            if (quoted)
                continue;
            depth += text[i] switch
            {
                '[' or '{' => 1,
                ']' or '}' => -1,
                _ => 0,
            };
            if (text[i] != ',' || depth > 0)
                continue;
            yield return text[start..i];
            start = i + 1;
        }

        yield return text[start..];
    }
}
