using System.Globalization;
using System.Numerics;

namespace Latent.Data.Columns;

/// <summary>Holds numbers of one type, as they are stored in memory.</summary>
/// <param name="values">The numbers; any value where one is missing.</param>
/// <param name="isMissing">Tells whether a row's number is missing; null if none is.</param>
/// <param name="scale">Number of decimal places of numbers that are stored as integers.</param>
internal sealed class NumberBlock<T>(Func<ReadOnlySpan<T>> values, Func<int, bool>? isMissing, int scale = 0) : ColumnBlock
    where T : struct, INumberBase<T>
{
    private readonly double _divisor = Math.Pow(10, scale);

    public override double Number(int row) =>
        isMissing?.Invoke(row) == true ? double.NaN : double.CreateTruncating(values()[row]) / _divisor;

    public override string? Text(int row)
    {
        if (isMissing?.Invoke(row) == true)
            return null;
        var value = values()[row];
        if (scale <= 0)
            return scale == 0 ? value.ToString(null, CultureInfo.InvariantCulture) : Number(row).ToString(CultureInfo.InvariantCulture);
        var digits = T.Abs(value).ToString(null, CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(T.IsNegative(value) ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }

    public override void CopyTo(int from, int count, Span<float> rows, int stride)
    {
        var source = values().Slice(from, count);
        if (scale == 0)
        {
            for (var i = 0; i < source.Length; i++)
                rows[i * stride] = (float)double.CreateTruncating(source[i]);
        }
        else
        {
            for (var i = 0; i < source.Length; i++)
                rows[i * stride] = (float)(double.CreateTruncating(source[i]) / _divisor);
        }

        for (var i = 0; isMissing is not null && i < count; i++)
        {
            if (isMissing(from + i))
                rows[i * stride] = float.NaN;
        }
    }
}
