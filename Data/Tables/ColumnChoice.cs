using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Tables;

namespace Latent.Data.Tables;

/// <summary>Turns names, positions and ranges of columns into positions.</summary>
internal sealed class ColumnChoice(string source, IReadOnlyList<string>? names, int count)
{
    /// <summary>Chooses the columns that make a row, the kept columns, and the column of labels.</summary>
    /// <param name="options">How the table is read.</param>
    /// <param name="modelColumns">The columns that a model requires by name; null if it names none.</param>
    /// <param name="length">Number of columns that the model takes; null when training.</param>
    /// <param name="isUsual">Tells whether a column is used if none are named; null if all are.</param>
    /// <exception cref="LatentException">There are no such columns, or their number is wrong.</exception>
    public (int[] Columns, int[] Keep, int? Label) Choose(
        TableOptions options,
        IReadOnlyList<string>? modelColumns,
        int? length,
        Func<int, bool>? isUsual = null
    )
    {
        var keep = options.Keep is null ? [] : Parse(options.Keep);
        int? label = options.Label is null ? null : Find(options.Label);
        var columns =
            options.Table is { } table && (options.Columns is null || length is null) ? Find(table)
            : options.Columns is not null ? Parse(options.Columns)
            : modelColumns is not null && names is not null ? FindNames(modelColumns)
            : [.. Enumerable.Range(0, count).Where(i => !keep.Contains(i) && i != label && isUsual?.Invoke(i) != false)];
        if (length is null && columns.Length == 0)
            throw new LatentException($"{source} has no column to learn from besides its label.");
        var twice = columns.CountBy(i => names?[i] ?? i.ToString(CultureInfo.InvariantCulture)).FirstOrDefault(name => name.Value > 1).Key;
        if (length is null && twice is not null)
        {
            throw new LatentException(
                $"{source} names more than one column '{CsvSource.Short(twice)}'; each that is read needs a name of its own."
            );
        }

        if (length is not null && options.Table is not null)
            length = options.Table.Columns.Count;
        if (length is { } wanted && columns.Length != wanted)
        {
            throw new LatentException(
                $"{source} has {columns.Length} columns to read, but the model takes {wanted}; --columns says which, --keep and --label leave some out."
            );
        }

        return (columns, keep, label);
    }

    /// <summary>
    /// Finds the columns of a list such as "id", "3", "5..9", "first..last"; a name that a column has is a name before it is anything else.
    /// </summary>
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

    /// <summary>Finds the column of a name or a position.</summary>
    /// <exception cref="LatentException">There is no such column, or more than one.</exception>
    public int Find(string column) => TryFind(column) ?? throw Missing(column);

    /// <summary>Finds the columns of a description, by name where there are names, and otherwise by the positions that they had.</summary>
    /// <exception cref="LatentException">There is no such column, or more than one.</exception>
    public int[] Find(TableDescription table)
    {
        if (names is null && table.HasHeader)
        {
            throw new LatentException(
                $"{source} has no line of names, by which the model's columns are found; --columns 0..{count - 1} says their positions."
            );
        }

        if (names is not null && (table.HasHeader || NamesOf(table).All(names.ToHashSet(StringComparer.Ordinal).Contains)))
            return FindNames(NamesOf(table));
        return table.Columns.FirstOrDefault(column => column.Position >= count) is { } missing
            ? throw new LatentException(
                $"{source} has {count} columns, but the model reads column {missing.Position} (counted from 0); it must have the columns of the training table in their order."
            )
            : [.. table.Columns.Select(column => column.Position)];
    }

    /// <summary>Finds the columns of names, which are never taken as positions or ranges.</summary>
    /// <exception cref="LatentException">There is no such column, or more than one.</exception>
    public int[] FindNames(IReadOnlyList<string> columns)
    {
        var found = names!.Index().ToLookup(name => name.Item, name => name.Index);
        return [.. columns.Select(column => Only(column.Trim(), [.. found[column.Trim()]]) ?? throw Missing(column))];
    }

    /// <summary>Lists the names of a table's columns.</summary>
    public static string[] NamesOf(TableDescription table) => [.. table.Columns.Select(column => column.Name)];

    private int? TryFind(string column)
    {
        column = column.Trim();
        return Only(column, names is null ? [] : [.. Enumerable.Range(0, names.Count).Where(i => names[i] == column)])
            ?? (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count ? index : null);
    }

    private int? Only(string column, int[] found) =>
        found.Length <= 1
            ? found.Length == 1
                ? found[0]
                : null
            : throw new LatentException(
                $"{source} has {found.Length} columns named '{column}'; a position must say which: {string.Join(" or ", found.Take(20))}."
            );

    private LatentException Missing(string column) =>
        new(
            names is null
                ? $"{source} has no column '{column}': its first line names none, so it must be a position from 0 to {count - 1} or a range of two."
                : $"{source} has no column '{column}'{Suggestion(column, names)}; it has {Some(names)}."
        );

    private static string Suggestion(string column, IReadOnlyList<string> names) =>
        names.Count <= 1000 && NearestName.Suggest(column, names) is { } near ? $" (is it {near}?)" : "";

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(20)) + (names.Count > 20 ? $" and {names.Count - 20} more" : "");
}
