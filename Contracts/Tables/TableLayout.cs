namespace Latent.Contracts.Tables;

/// <summary>Places a table's columns in the row of model units that encoder and decoder have.</summary>
/// <remarks>
/// One unit per column of numbers, ordered by likelihood with those that have a logarithm and dates last, then one for each logarithm and
/// <see cref="UnitsPerDate"/> for each date (sine and cosine of the time of day and of the day of the week), then one per column of numbers
/// with missing cells (1 where one is missing), then for each column of words one for missing, one for unseen and one per level, of which
/// one is 1.
/// </remarks>
internal sealed class TableLayout
{
    /// <summary>Units of a date besides its number.</summary>
    public const int UnitsPerDate = 4;

    /// <summary>Units of a column of words before its levels: missing and unseen.</summary>
    public const int UnitsBeforeLevels = 2;

    public TableLayout(TableDescription table)
    {
        Table = table;
        var columns = table.Columns;
        Numbers = [.. table.Numbers().OrderBy(i => Order(columns[i])).ThenBy(i => columns[i].Likelihood)];
        Logs = Numbers.Count(i => Order(columns[i]) == 1);
        Categories = [.. table.Categories()];
        Dates = Numbers.Count(i => Order(columns[i]) == 2);
        Groups =
        [
            .. Numbers
                .Index()
                .Where(number => Order(columns[number.Item]) == 0)
                .GroupBy(number => columns[number.Item].Likelihood)
                .Select(group => (group.Key, group.First().Index, group.Count())),
        ];
        WithMissing = [.. Enumerable.Range(0, Numbers.Length).Where(i => columns[Numbers[i]].HasMissing)];
        LogsFrom = Numbers.Length;
        DatesFrom = LogsFrom + Logs;
        MissingFrom = DatesFrom + (UnitsPerDate * Dates);
        WordsFrom = MissingFrom + WithMissing.Length;
        CategoryWidths = [.. Categories.Select(column => table.Columns[column].Levels!.Count + UnitsBeforeLevels)];
        Width = WordsFrom + CategoryWidths.Sum();
        EncoderWidth = WordsFrom + Categories.Select((column, i) => columns[column].EmbeddingWidth ?? CategoryWidths[i]).Sum();
    }

    public TableDescription Table { get; }

    /// <summary>Gets the columns of numbers in the order of their units, the first of which is unit 0.</summary>
    public int[] Numbers { get; }

    /// <summary>Gets the columns of words.</summary>
    public int[] Categories { get; }

    /// <summary>Gets the number of columns with a logarithm, which stand before the dates in <see cref="Numbers"/>.</summary>
    public int Logs { get; }

    /// <summary>Gets the number of dates, which are the last of <see cref="Numbers"/>.</summary>
    public int Dates { get; }

    /// <summary>
    /// Gets the likelihoods of numbers that are neither dates nor have a logarithm, each with its first position in <see cref="Numbers"/>.
    /// </summary>
    public (ColumnLikelihood Likelihood, int From, int Count)[] Groups { get; }

    /// <summary>Gets the positions, in <see cref="Numbers"/>, of columns with missing cells.</summary>
    public int[] WithMissing { get; }

    /// <summary>Gets the number of units of each column of words.</summary>
    public int[] CategoryWidths { get; }

    public int LogsFrom { get; }

    public int DatesFrom { get; }

    public int MissingFrom { get; }

    public int WordsFrom { get; }

    /// <summary>Gets the number of units of a row.</summary>
    public int Width { get; }

    /// <summary>Gets the number of values of a row that the encoder's first layer takes, which embeddings make fewer.</summary>
    public int EncoderWidth { get; }

    public int Columns => Table.Columns.Count;

    /// <summary>Gets, for each column of the table, its place among numbers and words as they are laid out.</summary>
    public int[] Places()
    {
        int[] order = [.. Numbers, .. Categories];
        return [.. Enumerable.Range(0, order.Length).Select(column => Array.IndexOf(order, column))];
    }

    /// <summary>Gets, for each unit, the column of the table that it belongs to.</summary>
    public int[] ColumnsOfUnits() =>
        [
            .. Numbers,
            .. Numbers[(Numbers.Length - Dates - Logs)..(Numbers.Length - Dates)],
            .. Numbers[(Numbers.Length - Dates)..].SelectMany(column => Enumerable.Repeat(column, UnitsPerDate)),
            .. WithMissing.Select(place => Numbers[place]),
            .. Categories.SelectMany((column, i) => Enumerable.Repeat(column, CategoryWidths[i])),
        ];

    private static int Order(TableColumn column) =>
        column.Kind == TableColumnKind.DateTime ? 2
        : column.Log is not null ? 1
        : 0;
}
