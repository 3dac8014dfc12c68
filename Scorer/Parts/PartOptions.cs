using System.Globalization;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Parts;

/// <summary>Lists the options that change a part's bytes.</summary>
internal static class PartOptions
{
    /// <summary>Gets the options that were given, and the command as "command", by their names.</summary>
    public static SortedDictionary<string, string> Of(ScoreSettings settings, string format)
    {
        var (options, table) = (new SortedDictionary<string, string>(StringComparer.Ordinal), settings.Table);
        Add("command", settings.Operation.ToString().ToLowerInvariant());
        Add("--format", format);
        Add("--batch-size", settings.BatchSize);
        Add("--columns", List(table.Columns));
        Add("--keep", List(table.Keep));
        Add("--label", table.Label);
        Add("--condition", settings.Condition);
        Add("--separator", table.Separator);
        Add("--header", table.Header);
        Add("--encoding", table.Encoding);
        Add("--decimal-comma", Flag(table.DecimalComma));
        Add("--excel-safe", Flag(settings.ExcelSafe));
        Add("--no-row-number", Flag(!settings.RowNumbers));
        Add("--max-pixels", settings.MaxPixels);
        Add("--gpu", settings.Gpu);
        Add("--on-error", settings.SkipErrors ? "skip" : null);
        Add("--alarm-rate", settings.AlarmRate);
        Add("--contamination", settings.Contamination);
        Add("--threshold", settings.Threshold);
        Add("--explain", settings.Explain == 0 ? null : settings.Explain);
        Add("--only-anomalies", Flag(settings.OnlyAnomalies));
        if (settings.Operation == Operation.Sample)
        {
            Add("--seed", settings.Seed);
            Add("--count", settings.Count);
        }

        return options;

        void Add(string name, object? value)
        {
            if (value is not null)
                options[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }

        static string? List(IReadOnlyList<string>? names) => names is null ? null : string.Join(',', names);

        static string? Flag(bool given) => given ? "given" : null;
    }
}
