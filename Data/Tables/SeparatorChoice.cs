using System.Globalization;

namespace Latent.Data.Tables;

/// <summary>Detects the separator of a table's columns: the one with which the requested columns are found.</summary>
internal static class SeparatorChoice
{
    public static char Choose(ReadOnlySpan<char> record, TableOptions options, IReadOnlyList<string>? modelColumns, int? length)
    {
        if (options.Separator is { } said)
            return said;
        string[] wanted = [.. Names(options), .. options.Columns is null ? modelColumns ?? [] : []];
        var (best, bestFound, bestFits, bestCount) = ('\0', -1, false, 0);
        foreach (var separator in ",;\t|")
        {
            if (separator == ',' && options.DecimalComma)
                continue;
            var fields = Split(record, separator);
            var found = wanted.Count(fields.Contains);
            var fits = options.Table is { } table
                ? table.HasHeader || table.Columns.All(column => column.Position < fields.Count)
                : length == fields.Count;
            if (best == '\0' || (found, fits ? 1 : 0, fields.Count).CompareTo((bestFound, bestFits ? 1 : 0, bestCount)) > 0)
                (best, bestFound, bestFits, bestCount) = (separator, found, fits, fields.Count);
        }

        return best;
    }

    public static string NameOf(char separator) =>
        separator switch
        {
            ',' => "commas",
            ';' => "semicolons",
            '\t' => "tabs",
            _ => $"'{separator}'",
        };

    /// <summary>Lists the columns that the user requests by name, as far as that is known.</summary>
    public static IEnumerable<string> Names(TableOptions options) =>
        ((string?[])[.. options.Columns ?? [], .. options.Keep ?? [], options.Label])
            .Where(name => name is not null)
            .Select(name => name!.Trim())
            .Where(name =>
                !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && !name.Contains("..", StringComparison.Ordinal)
            );

    private static HashSet<string> Split(ReadOnlySpan<char> record, char separator)
    {
        var fields = new HashSet<string>(StringComparer.Ordinal);
        var (start, quoted) = (0, false);
        for (var i = 0; i <= record.Length && fields.Count <= CsvSource.MaxColumns; i++)
        {
            if (i < record.Length && record[i] == '"')
                quoted = !quoted;
            if (i < record.Length && (quoted || record[i] != separator))
                continue;
            var name = record[start..i].Trim().Trim('"').ToString();
            // Fields with the same name count separately.
            if (!fields.Add(name))
                fields.Add($"{name}\0{i}");
            start = i + 1;
        }

        return fields;
    }
}
