using System.Globalization;
using Latent.Contracts;

namespace Latent.Data.Tables;

/// <summary>Turns names, positions and ranges of columns into positions.</summary>
internal sealed class ColumnChoice(string source, IReadOnlyList<string>? names, int count)
{
    /// <summary>The columns of a list such as "id", "3", "5..9", "first..last"; a name that a column has is a name before it is anything else.</summary>
    /// <exception cref="LatentException">There is no such column, or more than one.</exception>
    public int[] Parse(IReadOnlyList<string> list)
    {
        var columns = new List<int>();
        foreach (var part in list)
        {
            if (TryFind(part) is { } single)
            {
                columns.Add(single);
                continue;
            }
            var ends = part.Split("..");
            if (ends.Length != 2 || TryFind(ends[0]) is not { } first || TryFind(ends[1]) is not { } last || first > last)
                throw Missing(part);
            columns.AddRange(Enumerable.Range(first, last - first + 1));
        }
        return [.. columns];
    }

    /// <summary>The column of a name or a position.</summary>
    /// <exception cref="LatentException">There is no such column, or more than one.</exception>
    public int Find(string column) => TryFind(column) ?? throw Missing(column);

    /// <summary>The columns of names, which are nothing but names.</summary>
    /// <exception cref="LatentException">There is no such column, or more than one.</exception>
    public int[] FindNames(IReadOnlyList<string> columns)
    {
        var found = names!.Index().ToLookup(name => name.Item, name => name.Index);
        return [.. columns.Select(column => Only(column.Trim(), [.. found[column.Trim()]]) ?? throw Missing(column))];
    }

    private int? TryFind(string column)
    {
        column = column.Trim();
        return Only(column, names is null ? [] : [.. Enumerable.Range(0, names.Count).Where(i => names[i] == column)])
            ?? (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count ? index : null);
    }

    private int? Only(string column, int[] found) => found.Length <= 1 ? found.Length == 1 ? found[0] : null : throw new LatentException(
        $"{source} has {found.Length} columns named '{column}'; a position must say which: {string.Join(" or ", found.Take(20))}.");

    private LatentException Missing(string column) => new(names is null
        ? $"{source} has no column '{column}': its first line names none, so it must be a position from 0 to {count - 1} or a range of two."
        : $"{source} has no column '{column}'{Suggestion(column, names)}; it has {Some(names)}.");

    private static string Suggestion(string column, IReadOnlyList<string> names) =>
        names.Count <= 1000 && NearestName.Suggest(column, names) is { } near ? $" (is it {near}?)" : "";

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(20)) + (names.Count > 20 ? $" and {names.Count - 20} more" : "");
}
