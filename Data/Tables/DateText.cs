namespace Latent.Data.Tables;

/// <summary>Parses dates as tables write them.</summary>
internal static class DateText
{
    /// <summary>
    /// Parses a date, 2019-03-23, 23.03.2019 or 03/23/2019, with or without a time, 20:21 or 20:21:09.5 after a blank or a T, which may end
    /// in Z or an offset such as +02:00. Digits beyond 100 nanoseconds are dropped.
    /// </summary>
    /// <param name="text">The complete text, without blanks around it.</param>
    /// <param name="moment">The date in UTC; as it is written if it states no offset.</param>
    /// <returns>How the date is written; <see cref="DateFormat.None"/> if the text is none.</returns>
    public static DateFormat Parse(ReadOnlySpan<char> text, out DateTime moment)
    {
        moment = default;
        if (text.Length < 8 || !char.IsAsciiDigit(text[0]))
            return DateFormat.None;
        var (year, month, day) = (0, 0, 0);
        DateFormat format;
        if (text[4] == '-')
        {
            if (!(Digits(ref text, 4, out year) && Skip(ref text, '-') && Digits(ref text, 2, out month) && Skip(ref text, '-')))
                return DateFormat.None;
            if (!Digits(ref text, 2, out day))
                return DateFormat.None;
            format = DateFormat.Iso;
        }
        else
        {
            var separator = text[1] is '.' or '/' ? text[1] : text[2];
            if (separator is not ('.' or '/'))
                return DateFormat.None;
            format = separator == '.' ? DateFormat.DayFirst : DateFormat.MonthFirst;
            if (!(OneOrTwo(ref text, out var first) && Skip(ref text, separator) && OneOrTwo(ref text, out var second)))
                return DateFormat.None;
            if (!(Skip(ref text, separator) && Digits(ref text, 4, out year)))
                return DateFormat.None;
            (day, month) = format == DateFormat.DayFirst ? (first, second) : (second, first);
        }

        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return DateFormat.None;
        var ticks = new DateTime(year, month, day).Ticks;
        if (text.Length > 0 && !Time(text, ref ticks))
            return DateFormat.None;
        moment = new DateTime(ticks);
        return format;
    }

    private static bool Time(ReadOnlySpan<char> text, ref long ticks)
    {
        if (!Skip(ref text, 'T') && !Skip(ref text, 't') && !Skip(ref text, ' '))
            return false;
        if (!(Digits(ref text, 2, out var hour) && Skip(ref text, ':') && Digits(ref text, 2, out var minute)))
            return false;
        var (second, fraction) = (0, 0L);
        if (Skip(ref text, ':') && (!Digits(ref text, 2, out second) || (Skip(ref text, '.') && !Fraction(ref text, out fraction))))
            return false;
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        ticks += new TimeSpan(hour, minute, second).Ticks + fraction;
        return text.Length == 0 || (Offset(text, out var offset) && (ticks -= offset) is >= 0 and <= 3155378975999999999);
    }

    private static bool Offset(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text is "Z" or "z")
            return true;
        var sign =
            Skip(ref text, '+') ? 1
            : Skip(ref text, '-') ? -1
            : 0;
        if (sign == 0 || !Digits(ref text, 2, out var hours))
            return false;
        var minutes = 0;
        if (text.Length > 0)
        {
            Skip(ref text, ':');
            if (!Digits(ref text, 2, out minutes))
                return false;
        }

        ticks = sign * (hours * TimeSpan.TicksPerHour + minutes * TimeSpan.TicksPerMinute);
        return text.Length == 0 && hours <= 15 && minutes <= 59;
    }

    private static bool Fraction(ref ReadOnlySpan<char> text, out long ticks)
    {
        var (digits, unit) = (0, TimeSpan.TicksPerSecond);
        for (ticks = 0; digits < text.Length && char.IsAsciiDigit(text[digits]); digits++)
            ticks += (text[digits] - '0') * (unit /= 10);
        text = text[digits..];
        return digits > 0;
    }

    private static bool OneOrTwo(ref ReadOnlySpan<char> text, out int value) =>
        Digits(ref text, text.Length > 1 && char.IsAsciiDigit(text[1]) ? 2 : 1, out value);

    private static bool Digits(ref ReadOnlySpan<char> text, int count, out int value)
    {
        value = 0;
        if (text.Length < count)
            return false;
        for (var i = 0; i < count; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit > 9)
                return false;
            value = 10 * value + (int)digit;
        }

        text = text[count..];
        return true;
    }

    private static bool Skip(ref ReadOnlySpan<char> text, char character)
    {
        if (text.Length == 0 || text[0] != character)
            return false;
        text = text[1..];
        return true;
    }
}
