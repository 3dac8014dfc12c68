using System.Text.RegularExpressions;

namespace Microsoft.ML.Data;

/// <summary>The comment at the head of a text file that says how it is loaded.</summary>
internal static partial class TextDescription
{
    private const string Begin = "#@ TextLoader{";
    private const string End = "#@ }";

    private static readonly (string Code, DataKind Kind)[] s_kinds =
    [
        ("I1", DataKind.SByte), ("U1", DataKind.Byte), ("I2", DataKind.Int16), ("U2", DataKind.UInt16), ("I4", DataKind.Int32),
        ("U4", DataKind.UInt32), ("I8", DataKind.Int64), ("U8", DataKind.UInt64), ("R4", DataKind.Single), ("R8", DataKind.Double),
        ("TX", DataKind.String), ("BL", DataKind.Boolean),
        ("TS", DataKind.TimeSpan), ("DT", DataKind.DateTime), ("DZ", DataKind.DateTimeOffset),
    ];

    private static readonly (string Code, char Separator)[] s_separators =
        [("space", ' '), ("tab", '\t'), ("comma", ','), ("semicolon", ';'), ("bar", '|')];

    public static void Write(TextWriter writer, IEnumerable<DataViewSchema.Column> columns, char separator, bool header)
    {
        writer.WriteLine(Begin);
        if (header)
            writer.WriteLine("#@   header+");
        writer.WriteLine($"#@   sep={s_separators.FirstOrDefault(pair => pair.Separator == separator).Code ?? separator.ToString()}");
        var next = 0;
        foreach (var column in columns)
        {
            var kind = KnownTypes.KindOf(column.Type.ItemType().RawType)!.Value;
            var key = column.Type.ItemType() is KeyDataViewType { Count: var count } ? $"[{count}]" : "";
            var size = column.Type.ValueCount();
            var range = column.Type is not VectorDataViewType ? $"{next}" : size > 0 ? $"{next}-{next + size - 1}" : $"{next}-**";
            writer.WriteLine($"#@   col={column.Name}:{s_kinds.First(pair => pair.Kind == kind).Code}{key}:{range}");
            next += size;
        }

        writer.WriteLine(End);
    }

    /// <summary>The options that a file describes itself with; null where it has no description.</summary>
    public static TextLoader.Options? Read(IMultiStreamSource source)
    {
        using var reader = source.OpenTextReader(0);
        if (reader.ReadLine()?.Trim() != Begin)
            return null;
        var options = new TextLoader.Options();
        var columns = new List<TextLoader.Column>();
        while (reader.ReadLine() is { } line && line.Trim() != End)
        {
            var text = line.TrimStart('#', '@', ' ');
            if (text == "header+")
                options.HasHeader = true;
            else if (text.StartsWith("sep=", StringComparison.Ordinal) && text.Length > 4)
                options.Separators = [s_separators
                    .FirstOrDefault(pair => pair.Code == text[4..], (Code: text, Separator: text[4])).Separator];
            else if (Parse(Column().Match(text)) is { } column)
                columns.Add(column);
            else
                throw new FormatException($"'{line}' in the file's description of itself is none of header+, sep= and col=name:kind:range.");
        }

        options.Columns = [.. columns];
        return options;
    }

    [GeneratedRegex(@"^col=(.+):([A-Z][A-Z0-9])(?:\[(\d{1,19})\])?:(\d{1,9})(?:-(\d{1,9}|\*\*?))?$")]
    private static partial Regex Column();

    private static TextLoader.Column? Parse(Match match)
    {
        if (!match.Success || s_kinds.All(pair => pair.Code != match.Groups[2].Value) || match.Groups[3].Value is "0")
            return null;
        var first = int.Parse(match.Groups[4].Value);
        var range = match.Groups[5].Value switch
        {
            "" => new TextLoader.Range(first),
            "*" => new TextLoader.Range(first, null),
            "**" => new TextLoader.Range { Min = first, VariableEnd = true },
            var last => new TextLoader.Range(first, int.Parse(last)) { ForceVector = true },
        };
        return new(match.Groups[1].Value, s_kinds.First(pair => pair.Code == match.Groups[2].Value).Kind, [range],
            match.Groups[3].Success ? new KeyCount(ulong.Parse(match.Groups[3].Value)) : null);
    }
}
