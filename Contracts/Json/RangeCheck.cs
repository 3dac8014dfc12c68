using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Latent.Contracts.Json;

/// <summary>Checks every number of a value against the Range attribute of its property.</summary>
internal static class RangeCheck
{
    public static void Check(object value, string path, string source)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetValue(value) is not { } member)
                continue;
            var name = (path.Length == 0 ? "" : path + ".") + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var range = property.GetCustomAttribute<RangeAttribute>();
            if (range?.IsValid(member) == false && member is not WidthConverter.OfInput)
                throw new LatentException(FormattableString.Invariant($"{name} is {member}; it must be {Text(range)} ({source})."));
            if (member is IList list)
            {
                for (var i = 0; i < list.Count; i++)
                {
                    if (IsOurs(list[i]))
                        Check(list[i]!, $"{name}[{i}]", source);
                }
            }
            else if (IsOurs(member))
            {
                Check(member, name, source);
            }
        }
    }

    private static bool IsOurs(object? value) => value is not null and not Enum && value.GetType().Assembly == typeof(RangeCheck).Assembly;

    private static string Text(RangeAttribute range)
    {
        var low = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
        var high = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        var min = FormattableString.Invariant($"{(range.MinimumIsExclusive ? "above" : "at least")} {low}");
        return high is int.MaxValue or double.MaxValue
            ? min
            : FormattableString.Invariant($"{min} and {(range.MaximumIsExclusive ? "below" : "at most")} {high}");
    }
}
