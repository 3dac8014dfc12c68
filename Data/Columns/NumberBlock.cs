using System.Globalization;
using System.Numerics;

namespace Latent.Data.Columns;

/// <summary>Numbers of one type, as they lie in memory.</summary>
/// <param name="values">The numbers; where one is missing, any.</param>
/// <param name="isMissing">Whether a row has none; null where all have one.</param>
/// <param name="scale">Decimal places that whole numbers stand for.</param>
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
