using System.Runtime.InteropServices;

namespace Latent.Data.Tables.Profile;

/// <summary>Gathers what the values of a column tell of its kind.</summary>
/// <param name="name">The column's name.</param>
/// <param name="position">The column's position in the table.</param>
/// <param name="decimalSeparator">The decimal separator of numbers.</param>
/// <param name="maxDistinct">Number of different values that are counted; others that come later are not.</param>
/// <param name="hasLevels">Whether the values are counted as levels, even if they are numbers or dates.</param>
internal sealed class ColumnProfile(string name, int position, char decimalSeparator, int maxDistinct, bool hasLevels)
{
    // Beyond these, numbers and dates are no levels of anything, unless a value that is neither follows.
    private const int FewDistinct = 10_000;
    private const long MaxLetters = 1 << 24;
    private const int LongestLevel = 4096;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _distinctLetters;
    private bool _isFull;
    private bool _hasLong;
    private long _letters;
    private long _blanks;
    private double _last = double.NegativeInfinity;

    /// <summary>Gets the column's name.</summary>
    public string Name => name;

    /// <summary>Gets the column's position in the table.</summary>
    public int Position => position;

    /// <summary>Gets the number of values that are not missing.</summary>
    public long Count { get; private set; }

    /// <summary>Gets whether all values are numbers; those that no 32-bit float holds count as such, but not in what follows.</summary>
    public bool AreNumbers { get; private set; } = true;

    /// <summary>Gets whether all numbers are whole.</summary>
    public bool AreWhole { get; private set; } = true;

    /// <summary>Gets whether each number is larger than the one before.</summary>
    public bool IsAscending { get; private set; } = true;

    /// <summary>Gets the least number.</summary>
    public double Min { get; private set; } = double.PositiveInfinity;

    /// <summary>Gets the largest number.</summary>
    public double Max { get; private set; } = double.NegativeInfinity;

    /// <summary>Gets whether all values are dates.</summary>
    public bool AreMoments { get; private set; } = true;

    /// <summary>Gets how all dates are written; none if they are not written alike.</summary>
    public DateFormat Format { get; private set; }

    /// <summary>Gets the first date.</summary>
    public DateTime First { get; private set; } = DateTime.MaxValue;

    /// <summary>Gets the last date.</summary>
    public DateTime Last { get; private set; } = DateTime.MinValue;

    /// <summary>Gets the different values and how often each occurs.</summary>
    public IReadOnlyDictionary<string, long> Distinct => _counts;

    /// <summary>Gets whether there are more different values than are counted, or longer ones.</summary>
    public bool HasMore => _isFull || _hasLong;

    /// <summary>Gets whether no value that is counted occurs twice.</summary>
    public bool AreDistinct { get; private set; } = true;

    /// <summary>Gets the mean number of characters.</summary>
    public double MeanLength => _letters / (double)Math.Max(1, Count);

    /// <summary>Gets the mean number of words.</summary>
    public double MeanWords => 1 + _blanks / (double)Math.Max(1, Count);

    /// <summary>Gets the number that a value is; NaN if it is none.</summary>
    public double NumberOf(string value) => Number.TryParse(value, decimalSeparator, out var number) ? number : double.NaN;

    /// <summary>Adds the value of the next row.</summary>
    /// <param name="field">The text, without blanks around it.</param>
    public void Add(ReadOnlySpan<char> field)
    {
        if (CellParser.IsMissing(field))
            return;
        Count++;
        if (AreNumbers)
            AddNumber(field);
        if (AreMoments)
            AddMoment(field);
        AddText(field);
    }

    private void AddNumber(ReadOnlySpan<char> field)
    {
        AreNumbers = Number.TryParse(field, decimalSeparator, out var number);
        if (!float.IsFinite((float)number))
            return;
        AreWhole &= double.IsInteger(number);
        IsAscending &= number > _last;
        (_last, Min, Max) = (number, Math.Min(Min, number), Math.Max(Max, number));
    }

    private void AddMoment(ReadOnlySpan<char> field)
    {
        var format = DateText.Parse(field, out var moment);
        AreMoments = format != DateFormat.None;
        if (!AreMoments)
            return;
        Format = Count == 1 || format == Format ? format : DateFormat.None;
        First = moment < First ? moment : First;
        Last = moment > Last ? moment : Last;
    }

    private void AddText(ReadOnlySpan<char> field)
    {
        _letters += field.Length;
        _blanks += AreNumbers ? 0 : field.Count(' ');
        var isLevel = hasLevels || _counts.Count < FewDistinct || !(AreMoments || (AreNumbers && !(AreWhole && AreDistinct)));
        if (field.Length > LongestLevel)
        {
            // Whether it occurs twice isn't known.
            (_hasLong, AreDistinct) = (true, false);
            return;
        }

        if (!isLevel)
        {
            _isFull = true;
            return;
        }

        var lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!_isFull)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, field, out var exists);
            count++;
            AreDistinct &= !exists;
            if (exists)
                return;
            _distinctLetters += field.Length;
            _isFull = _counts.Count >= maxDistinct || _distinctLetters > MaxLetters;
        }
        else if (lookup.TryGetValue(field, out var known))
        {
            lookup[field] = known + 1;
            AreDistinct = false;
        }
    }
}
