using System.Globalization;
using Latent.Contracts;

namespace Latent.Scorer.Inputs;

/// <summary>Turns names, indices and ranges of columns into indices.</summary>
internal sealed class ColumnChoice(string source, IReadOnlyList<string>? names, int count)
{
    /// <summary>The columns of a list such as "id,3,5..9,first..last"; a name that a column has is a name before it is anything else.</summary>
    /// <exception cref="LatentException">There is no such column, or more than one.</exception>
    public int[] Parse(string list)
    {
        var columns = new List<int>();
        foreach (var part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
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

    /// <summary>The column of a name or an index.</summary>
    /// <exception cref="LatentException">There is no such column, or more than one.</exception>
    public int Find(string column) => TryFind(column) ?? throw Missing(column);

    private int? TryFind(string column)
    {
        column = column.Trim();
        int[] found = names is null ? [] : [.. Enumerable.Range(0, names.Count).Where(i => names[i] == column)];
        if (found.Length > 1)
            throw new LatentException($"{source} has {found.Length} columns named '{column}'; an index must say which: {string.Join(" or ", found.Take(20))}.");
        if (found.Length == 1)
            return found[0];
        return int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count ? index : null;
    }

    private LatentException Missing(string column) => new(names is null
        ? $"{source} has no column '{column}': its first line names none, so it must be an index from 0 to {count - 1} or a range of two."
        : $"{source} has no column '{column}'; it has {Some(names)}.");

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(20)) + (names.Count > 20 ? $" and {names.Count - 20} more" : "");
}
