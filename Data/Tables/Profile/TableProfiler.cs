using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;

namespace Latent.Data.Tables.Profile;

/// <summary>Infers from the values of a table what its columns are.</summary>
internal static class TableProfiler
{
    /// <summary>The largest number of different values that are counted in a column.</summary>
    public const int MaxDistinct = 100_000;

    // In all columns together, but for the levels that each may have.
    private const int MaxDistinctInAll = 4_000_000;

    /// <summary>
    /// Reads all rows of a table, and describes the columns that a model reads and those that are left out. Whether a column has missing
    /// cells, its range and its conversion are left to be found from the training rows.
    /// </summary>
    /// <param name="inputs">Files, folders and patterns; several tables have one description, and the columns of the first.</param>
    /// <param name="options">How the tables are read; labels and kept columns are not described.</param>
    /// <param name="recipe">Kinds and likelihoods that are requested, and how many levels a column may have.</param>
    /// <param name="cancellation">Cancels reading.</param>
    /// <exception cref="LatentException">
    /// A table can't be read, a request contradicts the values, or there is nothing to learn from.
    /// </exception>
    public static TableDescription Profile(
        IReadOnlyList<string> inputs,
        TableOptions options,
        TableRecipe recipe,
        CancellationToken cancellation
    )
    {
        if (inputs.Contains("-"))
        {
            throw new LatentException(
                "Standard input can't be read twice, as a table with columns of several kinds is; the input must be a file."
            );
        }

        var (files, _) = TableList.Find(inputs);
        options = options with { Table = null };
        if (options.Header is null && TableFile.Columnar(files[0]) is null)
            options = options with { Header = HeaderGuess.IsHeader(files[0], options) };
        var (profiles, leftOut, hasHeader, read) = Read(files, options, recipe, cancellation);
        var source = files.Length == 1 ? files[0] : $"{files[0]} and {files.Length - 1} more";
        if (read == 0)
            throw new LatentException($"{source} has no rows; a table to learn from must have some.");
        var requests = new ColumnRequests(source, recipe, profiles, (column, isBad) => Find(files, options, profiles, column, isBad));
        var columns = new List<TableColumn>();
        foreach (var profile in profiles)
        {
            var (kind, reason) = requests.Kind(profile) ?? ColumnKinds.Of(profile, recipe.MaxLevels);
            if (reason is null)
                columns.Add(requests.Describe(profile, kind));
            else
                leftOut.Add((profile.Position, requests.LeaveOut(profile, kind, reason)));
        }

        if (columns.Count == 0)
        {
            throw new LatentException(
                $"{source} has no column to learn from: {string.Join("; ", leftOut.Take(10).Select(column => $"{CsvSource.Short(column.Column.Name)} is left out because {column.Column.Reason}"))}."
            );
        }

        return new TableDescription
        {
            Columns = [.. columns.OrderBy(column => column.Position)],
            LeftOut = [.. leftOut.OrderBy(column => column.Position).Select(column => column.Column)],
            HasHeader = hasHeader,
        };
    }

    private static (ColumnProfile[] Profiles, List<(int Position, LeftOutColumn Column)> LeftOut, bool HasHeader, long Rows) Read(
        string[] files,
        TableOptions options,
        TableRecipe recipe,
        CancellationToken cancellation
    )
    {
        ColumnProfile[]? profiles = null;
        var (leftOut, hasHeader, rows) = (new List<(int, LeftOutColumn)>(), true, 0L);
        foreach (var file in files)
        {
            try
            {
                using var fields = FieldReader.Open(file, Options(file, options));
                if (profiles is null)
                {
                    hasHeader = fields.Names is not null;
                    var (columns, _, _) = new ColumnChoice(fields.Source, fields.Names, fields.Count).Choose(options, null, null);
                    foreach (var column in columns.Where(column => fields.Unreadable(column) is not null))
                        leftOut.Add((column, new LeftOutColumn(fields.Names![column], TableColumnKind.Text, fields.Unreadable(column)!)));
                    int[] readable = [.. columns.Where(column => fields.Unreadable(column) is null)];
                    var most = Math.Clamp(MaxDistinctInAll / Math.Max(1, readable.Length), recipe.MaxLevels + 1, MaxDistinct + 1);
                    var point = options.DecimalComma ? ',' : '.';
                    var levels = (recipe.Kinds ?? new Dictionary<string, TableColumnKind>())
                        .Where(request => request.Value == TableColumnKind.Category)
                        .Select(request => request.Key.Trim())
                        .ToHashSet(StringComparer.Ordinal);
                    profiles =
                    [
                        .. readable
                            .Select(i => (Position: i, Name: fields.Names?[i] ?? i.ToString(CultureInfo.InvariantCulture)))
                            .Select(c => new ColumnProfile(c.Name, c.Position, point, most, levels.Contains(c.Name))),
                    ];
                }

                rows += ReadFile(fields, profiles, cancellation);
            }
            catch (LatentException) when (files.Length > 1 && profiles is not null)
            {
                // Whoever reads the rows reports, or refuses, a table that can't be read, or not beyond some row.
            }
        }

        return (profiles!, leftOut, hasHeader, rows);
    }

    private static long ReadFile(FieldReader fields, ColumnProfile[] profiles, CancellationToken cancellation)
    {
        var (columns, rows) = (Positions(fields, profiles), 0L);
        while (fields.Next(columns))
        {
            if ((rows++ & 1023) == 0)
                cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < columns.Length; i++)
                profiles[i].Add(fields.Field(i));
        }

        return rows;
    }

    // The first value of a column that a request can't be reconciled with, and where it is.
    private static (string Place, string Value) Find(
        string[] files,
        TableOptions options,
        ColumnProfile[] profiles,
        ColumnProfile column,
        Func<string, bool> isBad
    )
    {
        foreach (var file in files)
        {
            using var fields = FieldReader.Open(file, Options(file, options));
            var columns = Positions(fields, [profiles[Array.IndexOf(profiles, column)]]);
            while (fields.Next(columns))
            {
                var value = fields.Field(0);
                if (!CellParser.IsMissing(value) && isBad(value.ToString()))
                    return (fields.Place, value.ToString());
            }
        }

        throw new LatentException($"{files[0]} has changed while it was read.");
    }

    private static int[] Positions(FieldReader fields, ColumnProfile[] profiles)
    {
        var choice = new ColumnChoice(fields.Source, fields.Names, fields.Count);
        return choice.Find(
            new TableDescription
            {
                Columns =
                [
                    .. profiles.Select(profile => new TableColumn
                    {
                        Name = profile.Name,
                        Position = profile.Position,
                        Kind = TableColumnKind.Text,
                    }),
                ],
                HasHeader = fields.Names is not null,
            }
        );
    }

    // What is said of separated values doesn't concern tables that are stored column by column; reading the rows refuses it.
    private static TableOptions Options(string file, TableOptions options) =>
        TableFile.Columnar(file) is null ? options : options with { Header = null };
}
