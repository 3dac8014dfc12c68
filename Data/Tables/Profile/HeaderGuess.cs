using Latent.Contracts;

namespace Latent.Data.Tables.Profile;

/// <summary>Finds out whether the first line of a CSV names the columns, by comparing it with the rows that follow.</summary>
internal static class HeaderGuess
{
    private const int Rows = 100;

    /// <summary>
    /// Tells whether the first line is a header: if it has all columns that are asked for by name, or something else where a column has
    /// only numbers, or only dates; or if no column has either.
    /// </summary>
    /// <param name="input">A file.</param>
    /// <param name="options">How the table is read.</param>
    /// <exception cref="LatentException">The table can't be read as requested.</exception>
    public static bool IsHeader(string input, TableOptions options)
    {
        using var records = new CsvRecords(input, options with { Header = false }, null, null);
        var first = Fields(records);
        if (first is null)
            return true;
        var asked = SeparatorChoice.Names(options).ToArray();
        if ((asked.Length > 0 && asked.All(first.Contains)) || HeaderChoice.IsCount(first))
            return true;
        var rows = new List<string[]>();
        while (rows.Count < Rows && Fields(records) is { } row)
            rows.Add(row);
        var named = true;
        for (var i = 0; i < first.Length; i++)
        {
            var column = i;
            string[] values = [.. rows.Select(row => row[column]).Where(field => !CellParser.IsMissing(field))];
            if (CellParser.IsMissing(first[i]))
                continue;
            Func<string, bool>? isValue =
                values.Length == 0 ? null
                : values.All(IsNumber) ? IsNumber
                : values.All(IsDate) ? IsDate
                : null;
            if (isValue is null)
                continue;
            if (!isValue(first[i]))
                return true;
            named = false;
        }

        // Of a single line, numbers are all that can be told.
        return named && !(rows.Count == 0 && first.Any(IsNumber));

        bool IsNumber(string field) => Number.Is(field, records.Decimal);
    }

    private static bool IsDate(string field) => DateText.Parse(field, out _) != DateFormat.None;

    // Rows that are none tell nothing.
    private static string[]? Fields(CsvRecords records)
    {
        while (records.Next())
        {
            if (records.Problem(out _) is not null)
                continue;
            var row = records.Current;
            var fields = new string[records.Fields];
            for (var i = 0; i < fields.Length; i++)
                fields[i] = CsvRecords.Text(row[i].Span).Trim();
            return fields;
        }

        return null;
    }
}
