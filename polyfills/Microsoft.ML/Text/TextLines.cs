using System.Collections;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The lines of a file that hold rows: without blank lines, comments and the header.</summary>
internal sealed class TextLines(TextReader reader, TextLoader.Options options) : IEnumerable<string>
{
    public IEnumerator<string> GetEnumerator()
    {
        var line = First(reader, options);
        if (line is not null && options.HasHeader)
            line = Next();
        for (; line is not null; line = Next())
            yield return line;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first line that is neither blank nor a comment; only before it do lines with # count as comments.</summary>
    public static string? First(TextReader reader, TextLoader.Options options)
    {
        var line = Read(reader, options, skipHash: true);
        while (line is not null && (line.Length == 0 || line[0] == '#' || IsComment(line)))
            line = Read(reader, options, skipHash: true);
        return line;
    }

    private static bool IsComment(string line) => line.StartsWith("//", StringComparison.Ordinal);

    private string? Next()
    {
        var line = Read(reader, options, skipHash: false);
        while (line is not null && (line.Length == 0 || IsComment(line)))
            line = Read(reader, options, skipHash: false);
        return line;
    }

    private static string? Read(TextReader reader, TextLoader.Options options, bool skipHash)
    {
        var line = reader.ReadLine();
        if (string.IsNullOrEmpty(line) || !options.ReadMultilines || IsComment(line) || (skipHash && line[0] == '#'))
            return line;
        var splitter = new FieldSplitter(options);
        if (!splitter.EndsInQuotes(line))
            return line;
        var text = new StringBuilder(line);
        do
        {
            text.Append('\n').Append(reader.ReadLine()
                ?? throw new FormatException($"The file ends within a quoted field, which began in the line '{line}'."));
        }
        while (splitter.EndsInQuotes(text.ToString()));
        return text.ToString();
    }
}
