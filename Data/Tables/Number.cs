using System.Globalization;
using csFastFloat;

namespace Latent.Data.Tables;

/// <summary>Parses numbers as tables write them.</summary>
internal static class Number
{
    private const int MaxDigits = 15;

    private static ReadOnlySpan<double> PowersOfTen => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Parses a complete field, ignoring blanks around it.</summary>
    public static bool TryParse(ReadOnlySpan<char> field, char decimalSeparator, out double value)
    {
        // Up to 15 digits are a whole number that a double holds, and so is the power of ten that divides it: their quotient is exact.
        var (whole, digits, point, i) = (0L, 0, -1, 0);
        var negative = field.Length > 0 && field[0] == '-';
        for (i = negative ? 1 : 0; i < field.Length; i++)
        {
            var digit = (uint)(field[i] - '0');
            if (digit <= 9)
                (whole, digits) = (10 * whole + digit, digits + 1);
            else if (field[i] == decimalSeparator && point < 0)
                point = digits;
            else
                break;
            if (digits > MaxDigits)
                break;
        }

        if (i == field.Length && digits > 0)
        {
            value = point < 0 ? whole : whole / PowersOfTen[digits - point];
            value = negative ? -value : value;
            return true;
        }

        return TryParseAny(field.Trim(), decimalSeparator, out value);
    }

    private static bool TryParseAny(ReadOnlySpan<char> field, char decimalSeparator, out double value) =>
        FastDoubleParser.TryParseDouble(field, out var used, out value, NumberStyles.Float, decimalSeparator) && used == field.Length;

    /// <summary>Tells whether a field is a number, including infinities and NaN.</summary>
    public static bool Is(ReadOnlySpan<char> field, char decimalSeparator) => TryParse(field, decimalSeparator, out _);
}
