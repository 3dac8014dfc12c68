using Latent.Contracts;
using Latent.Contracts.Tables;

namespace Latent.Data.Tables;

/// <summary>Turns the fields of a table into cells, as <see cref="TableDescription"/> says what they are.</summary>
internal sealed class CellParser
{
    private static readonly string[] s_missingTexts = ["", "?", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "#N/A"];
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_missing = new HashSet<string>(
        s_missingTexts,
        StringComparer.Ordinal
    ).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly char _decimal;
    private readonly ColumnCells[] _columns;

    /// <summary>Prepares to parse.</summary>
    /// <param name="table">The columns.</param>
    /// <param name="decimalSeparator">The decimal separator of numbers in texts.</param>
    /// <exception cref="LatentException">A column of dates has no origin.</exception>
    public CellParser(TableDescription table, char decimalSeparator)
    {
        _decimal = decimalSeparator;
        _columns = [.. table.Columns.Select(column => new ColumnCells(column))];
    }

    /// <summary>Tells whether a text, without blanks around it, stands for a missing cell.</summary>
    public static bool IsMissing(ReadOnlySpan<char> text) => text.Length == 0 || (text.Length <= 4 && s_missing.Contains(text));

    /// <summary>Tells whether a column is one of words.</summary>
    public bool HasLevels(int column) => _columns[column].HasLevels;

    /// <summary>Tells whether a column is one of dates.</summary>
    public bool HasMoments(int column) => _columns[column].HasMoments;

    /// <summary>Parses a field, with or without blanks around it.</summary>
    /// <param name="column">The column's index in the description.</param>
    /// <param name="field">The text.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="number">The number before it is rounded to 32 bits; NaN if it is missing or the column is not one of numbers.</param>
    /// <returns>Whether the field can be a cell of the column.</returns>
    public bool TryParse(int column, ReadOnlySpan<char> field, out float cell, out double number)
    {
        var cells = _columns[column];
        field = field.Trim();
        number = double.NaN;
        if (cells.HasLevels)
        {
            cell = cells.OfWord(field, _decimal);
            return true;
        }

        if (cells.HasMoments)
        {
            cell = DateText.Parse(field, out var moment) != DateFormat.None ? cells.OfMoment(moment) : float.NaN;
            return !float.IsNaN(cell) || IsMissing(field);
        }

        if (Number.TryParse(field, _decimal, out number))
            return !float.IsInfinity(cell = (float)number);
        cell = float.NaN;
        if (IsMissing(field))
        {
            number = double.NaN;
            return true;
        }

        if (!cells.IsBoolean || Truth.OfWord(field) is not { } truth)
            return false;
        number = cell = truth ? 1 : 0;
        return true;
    }

    /// <summary>Gets the cell of a number in a column of words; NaN is missing.</summary>
    /// <param name="column">The column's index in the description.</param>
    /// <param name="number">The number.</param>
    public float OfNumber(int column, double number) => double.IsNaN(number) ? TableDescription.Missing : _columns[column].LevelOf(number);

    /// <summary>Gets the cell of yes or no in a column of words.</summary>
    /// <param name="column">The column's index in the description.</param>
    /// <param name="truth">Yes or no; null if it is missing.</param>
    public float OfTruth(int column, bool? truth) => truth is null ? TableDescription.Missing : _columns[column].LevelOf(truth.Value);

    /// <summary>Gets the cell of a date.</summary>
    /// <param name="column">The column's index in the description.</param>
    /// <param name="moment">The date, in UTC.</param>
    public float OfMoment(int column, DateTime moment) => _columns[column].OfMoment(moment);

    /// <summary>Tells what a field should have been, to end "it must be".</summary>
    /// <param name="column">The column's index in the description.</param>
    /// <param name="field">The field.</param>
    public string Wanted(int column, ReadOnlySpan<char> field) =>
        _columns[column].HasMoments ? "a date such as 2019-03-23 or 2019-03-23 20:21:09, or empty where it is missing"
        : Number.TryParse(field, _decimal, out var number) && double.IsFinite(number) ? "a number that a 32-bit float holds"
        : "a finite number, or empty where it is missing";

    private sealed class ColumnCells
    {
        private readonly long _origin;
        private readonly Dictionary<string, float>.AlternateLookup<ReadOnlySpan<char>> _levels;
        private readonly Dictionary<double, float> _numbers = [];
        private readonly bool _areNumbers;
        private readonly float _yes = TableDescription.Unseen;
        private readonly float _no = TableDescription.Unseen;

        public ColumnCells(TableColumn column)
        {
            IsBoolean = column.Kind == TableColumnKind.Boolean;
            HasLevels = column.Levels is not null;
            HasMoments = !HasLevels && column.Kind == TableColumnKind.DateTime;
            if (HasMoments)
            {
                _origin =
                    column.Origin?.Ticks
                    ?? throw new LatentException($"Column {CsvSource.Short(column.Name)} has dates but no origin to count days from.");
            }

            if (column.Levels is not { } levels)
                return;
            var cells = new Dictionary<string, float>(levels.Count + s_missingTexts.Length, StringComparer.Ordinal);
            var numbers = new Dictionary<double, float>(levels.Count);
            foreach (var (i, level) in levels.Index())
            {
                cells.TryAdd(level, i);
                if (Number.TryParse(level, '.', out var number) && !double.IsNaN(number))
                    numbers.TryAdd(number, i);
                if (IsBoolean && Truth.OfWord(level) is { } truth)
                {
                    _yes = truth ? i : _yes;
                    _no = truth ? _no : i;
                }
            }

            foreach (var missing in s_missingTexts)
                cells.TryAdd(missing, TableDescription.Missing);
            _levels = cells.GetAlternateLookup<ReadOnlySpan<char>>();
            _numbers = numbers;
            _areNumbers = levels.All(level => Number.Is(level, '.'));
        }

        public bool HasLevels { get; }

        public bool HasMoments { get; }

        public bool IsBoolean { get; }

        public float OfWord(ReadOnlySpan<char> word, char decimalSeparator)
        {
            if (_levels.TryGetValue(word, out var cell))
                return cell;
            if (IsBoolean)
                return Truth.OfWord(word) is { } truth ? LevelOf(truth) : TableDescription.Unseen;
            // Where all levels are numbers, 3, 3.0 and 03 are the same.
            return _areNumbers && Number.TryParse(word, decimalSeparator, out var number) ? LevelOf(number) : TableDescription.Unseen;
        }

        public float LevelOf(double number) =>
            _numbers.TryGetValue(number, out var cell) ? cell
            : IsBoolean && number is 0 or 1 ? LevelOf(number == 1)
            : TableDescription.Unseen;

        public float LevelOf(bool truth) => truth ? _yes : _no;

        public float OfMoment(DateTime moment) => (float)((moment.Ticks - _origin) / (double)TimeSpan.TicksPerDay);
    }
}
