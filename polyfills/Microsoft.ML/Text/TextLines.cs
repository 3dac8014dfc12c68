using System.Collections;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The lines of a file that hold rows, with their numbers: without blank lines, comments and the header.</summary>
internal sealed class TextLines(TextReader reader, TextLoader.Options options) : IEnumerable<(string Text, long Number)>
{
    private long _read;

    public IEnumerator<(string Text, long Number)> GetEnumerator()
    {
        var line = First();
        if (line is not null && options.StartsWithHeader)
            line = Next();
        for (; line is not null; line = Next())
            yield return line.Value;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first line that is neither blank nor a comment; only before it do lines with # count as comments.</summary>
    public (string Text, long Number)? First()
    {
        var line = Read(skipHash: true);
        while (line is { Text: var text } && (text.Length == 0 || text[0] == '#' || IsComment(text)))
            line = Read(skipHash: true);
        return line;
    }

    private static bool IsComment(string line) => line.StartsWith("//", StringComparison.Ordinal);

    private (string Text, long Number)? Next()
    {
        var line = Read(skipHash: false);
        while (line is { Text: var text } && (text.Length == 0 || IsComment(text)))
            line = Read(skipHash: false);
        return line;
    }

    private (string Text, long Number)? Read(bool skipHash)
    {
        var line = ReadLine();
        var number = _read;
        if (line is null)
            return null;
        if (line.Length == 0 || !options.ReadMultilines || IsComment(line) || (skipHash && line[0] == '#'))
            return (line, number);
        var splitter = new FieldSplitter(options);
        if (!splitter.EndsInQuotes(line))
            return (line, number);
        var text = new StringBuilder(line);
        do
        {
            text.Append('\n').Append(ReadLine()
                ?? throw new FormatException($"The file ends within a quoted field, which began in line {number}, '{line}'."));
        }
        while (splitter.EndsInQuotes(text.ToString()));
        return (text.ToString(), number);
    }

    private string? ReadLine()
    {
        _read++;
        return reader.ReadLine();
    }
}
