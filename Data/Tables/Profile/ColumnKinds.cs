using System.Globalization;
using Latent.Contracts.Tables;

namespace Latent.Data.Tables.Profile;

/// <summary>Infers the kinds of columns.</summary>
internal static class ColumnKinds
{
    // Below this number of values, that all differ is no sign of anything.
    private const int FewValues = 10;

    // Number of levels that a column of words may have however few rows there are.
    private const int FewLevels = 20;

    /// <summary>Infers the kind of a column, and why it is left out if it is.</summary>
    /// <param name="column">The values.</param>
    /// <param name="maxLevels">The largest number of levels.</param>
    public static (TableColumnKind Kind, string? Reason) Of(ColumnProfile column, int maxLevels)
    {
        if (column.Count == 0)
            return (TableColumnKind.Constant, "it has no value");
        if (column.Distinct.Count == 1 && !column.HasMore)
            return (TableColumnKind.Constant, $"its only value is '{CsvSource.Short(column.Distinct.Keys.First())}'");
        if (column.AreNumbers)
            return OfNumbers(column);
        if (column.AreMoments && column.Format != DateFormat.None)
        {
            return column.First == column.Last
                ? (TableColumnKind.Constant, FormattableString.Invariant($"its only date is {column.First:s}"))
                : (TableColumnKind.DateTime, null);
        }

        return AreYesNo(column) ? (TableColumnKind.Boolean, null) : OfWords(column, maxLevels);
    }

    /// <summary>Tells whether the values are two words for yes and no, in any case.</summary>
    public static bool AreYesNo(ColumnProfile column)
    {
        if (column.Distinct.Count != 2 || column.HasMore)
            return false;
        string[] words = [.. column.Distinct.Keys.Select(word => word.ToLowerInvariant()).Order(StringComparer.Ordinal)];
        return words is ["no", "yes"] or ["false", "true"] or ["f", "t"] or ["n", "y"];
    }

    /// <summary>Tells whether the values are the numbers 0 and 1.</summary>
    public static bool AreBits(ColumnProfile column) => column is { AreNumbers: true, AreWhole: true, Min: >= 0, Max: <= 1 };

    /// <summary>
    /// Lists the words by how often they occur, the most frequent first; of words that are one number, the most frequent.
    /// </summary>
    /// <param name="column">The values.</param>
    /// <param name="maxLevels">The largest number of levels.</param>
    public static string[] Levels(ColumnProfile column, int maxLevels)
    {
        var words = column.Distinct.OrderByDescending(word => word.Value).ThenBy(word => word.Key, StringComparer.Ordinal);
        if (!column.AreNumbers)
            return [.. words.Take(maxLevels).Select(word => word.Key)];
        return
        [
            .. words
                .GroupBy(word => column.NumberOf(word.Key))
                .OrderByDescending(number => number.Sum(word => word.Value))
                .ThenBy(number => number.First().Key, StringComparer.Ordinal)
                .Take(maxLevels)
                .Select(number => number.First().Key),
        ];
    }

    private static (TableColumnKind Kind, string? Reason) OfNumbers(ColumnProfile column)
    {
        var (min, max, count) = (column.Min, column.Max, column.Count);
        if (!(min < max))
        {
            return (
                TableColumnKind.Constant,
                double.IsFinite(min)
                    ? $"its only number is {min.ToString(CultureInfo.InvariantCulture)}"
                    : "it has no number that a 32-bit float holds"
            );
        }

        if (!column.AreWhole)
            return (TableColumnKind.Number, null);
        if (AreBits(column))
            return (TableColumnKind.Boolean, null);
        if (!IsCounter(column))
            return (TableColumnKind.Integer, null);
        return (
            TableColumnKind.Identifier,
            $"its whole numbers from {min.ToString(CultureInfo.InvariantCulture)} to {max.ToString(CultureInfo.InvariantCulture)} are another in each of {count} rows, as those of a counter are"
        );
    }

    // By chance, so many different numbers would not fill a range so well; gaps are left by rows that were removed.
    private static bool IsCounter(ColumnProfile column)
    {
        var (range, count) = (column.Max - column.Min + 1, column.Count);
        if (count < FewValues)
            return false;
        if (column.IsAscending)
            return range <= 10 * count;
        return column.AreDistinct && (column.HasMore ? range == count : range <= 2 * count);
    }

    private static (TableColumnKind Kind, string? Reason) OfWords(ColumnProfile column, int maxLevels)
    {
        var (count, distinct) = (column.Count, column.Distinct.Count);
        var different = $"{(column.HasMore ? "at least " : "")}{distinct}";
        var isProse = column.MeanLength > 40 || column.MeanWords > 4;
        if (column.AreDistinct && count >= FewValues)
        {
            return isProse
                ? (
                    TableColumnKind.Text,
                    $"it has a text of {column.MeanLength:0} characters, as a mean, of its own in each of {count} rows"
                )
                : (TableColumnKind.Identifier, $"it has a word of its own in each of {count} rows");
        }

        var few = !column.HasMore && distinct <= Math.Max(FewLevels, 0.2 * count) && (count < FewValues || distinct <= 0.8 * count);
        // Levels that are kept must say something of the rows.
        if (few && distinct > maxLevels)
        {
            var kept = column.Distinct.Values.OrderDescending().Take(maxLevels).Sum();
            if (kept < 0.5 * count)
                return (TableColumnKind.Text, $"the {maxLevels} most frequent of its {distinct} words are in {kept} of {count} rows");
        }

        return few ? (TableColumnKind.Category, null)
            : isProse ? (TableColumnKind.Text, $"its texts have {column.MeanLength:0} characters, as a mean")
            : (TableColumnKind.Text, $"it has {different} different texts in {count} rows");
    }
}
