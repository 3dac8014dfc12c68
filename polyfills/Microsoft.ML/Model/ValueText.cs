using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Values as text that gives the very value back.</summary>
internal static class ValueText
{
    public static string Of<T>(T value) => value switch
    {
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        DateTime or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    public static T Parse<T>(string text)
    {
        try
        {
            return ParseAs<T>(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new FormatException($"'{ModelLoaders.Shown(text)}' in the model is no {typeof(T).Name}.", e);
        }
    }

    private static T ParseAs<T>(string text) => (T)(typeof(T) switch
    {
        var type when type == typeof(ReadOnlyMemory<char>) => (object)text.AsMemory(),
        var type when type == typeof(TimeSpan) => TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture),
        var type when type == typeof(DateTime) =>
            DateTime.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        var type when type == typeof(DateTimeOffset) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture),
        var type => Convert.ChangeType(text, type, CultureInfo.InvariantCulture),
    });
}
