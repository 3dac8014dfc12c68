using System.Globalization;
using Latent.Contracts;

namespace Latent.Data.Tables;

/// <summary>Detects whether a table's first line has names, and requires the option if that can't be decided.</summary>
internal static class HeaderChoice
{
    /// <exception cref="LatentException">The line could be either, or must be what it isn't.</exception>
    public static bool IsHeader(
        string source,
        string[] first,
        TableOptions options,
        IReadOnlyList<string>? modelColumns,
        int? length,
        char decimalSeparator
    )
    {
        if (options.Header is { } said)
            return said;
        // Names of columns that have none are their positions, which may as well be values.
        if (options.Table is { HasHeader: false } || (options.Table is not null && length is null))
            return options.Table.HasHeader || (length is not null && IsCount(first));
        var fields = first.ToHashSet(StringComparer.Ordinal);
        var names = SeparatorChoice.Names(options).ToArray();
        if (
            (modelColumns is not null && modelColumns.All(name => fields.Contains(name.Trim())))
            || (names.Length > 0 && names.All(fields.Contains))
        )
        {
            return true;
        }

        var numbers = first.Count(field => Number.Is(field, decimalSeparator));
        if (numbers == 0)
            return true;
        if (length is null && numbers == first.Length)
        {
            throw new LatentException(
                $"{source}, line 1: every field is a number; the first line must name the columns, or data.header be false where it names none."
            );
        }

        if (options.Columns is null && modelColumns is not null && numbers == first.Length)
        {
            throw new LatentException(
                $"{source} has no line of names, by which the model's columns are found; --columns 0..{first.Length - 1} says their positions."
            );
        }
        // In any case, the model's columns are then searched for and reported as missing.
        if (options.Columns is null && modelColumns is not null)
            return true;
        if (numbers < first.Length || IsCount(first))
        {
            throw new LatentException(
                $"{source}, line 1, may be names or values; --header yes or no, or data.header in a recipe, says which."
            );
        }

        return false;
    }

    /// <summary>Tells whether a line is 0, 1, 2, …, which is what writers of tables name columns that have no name.</summary>
    public static bool IsCount(IReadOnlyList<string> first) =>
        first.Count > 2 && first.Index().All(field => field.Item == field.Index.ToString(CultureInfo.InvariantCulture));
}
