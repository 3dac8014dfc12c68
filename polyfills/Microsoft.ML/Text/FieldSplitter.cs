using System.Buffers;
using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits a line into its fields.</summary>
internal sealed class FieldSplitter(TextLoader.Options options)
{
    private readonly SearchValues<char> _separators = SearchValues.Create(options.Separators);
    private readonly bool _spaceSeparates = options.Separators.Contains(' ');
    private readonly List<ReadOnlyMemory<char>> _fields = [];

    /// <summary>The fields, in a list that the next line overwrites.</summary>
    public IReadOnlyList<ReadOnlyMemory<char>> Split(string line)
    {
        Scan(options.TrimWhitespace ? line.AsMemory().TrimEnd() : line.AsMemory(), options.AllowQuoting);
        if (options.AllowSparse)
            SpreadSparse();
        return _fields;
    }

    /// <summary>Whether the last field has an opening quote without a closing one.</summary>
    public bool EndsInQuotes(string line) => Scan(line.AsMemory(), quoting: true);

    private bool Scan(ReadOnlyMemory<char> line, bool quoting)
    {
        _fields.Clear();
        var span = line.Span;
        for (var start = 0; ; start++)
        {
            while (!_spaceSeparates && start < span.Length && span[start] == ' ')
                start++;
            var unclosed = false;
            if (quoting && start < span.Length && span[start] == '"')
            {
                _fields.Add(Quoted(span, ref start, out unclosed));
            }
            else
            {
                var length = span[start..].IndexOfAny(_separators);
                var end = length < 0 ? span.Length : start + length;
                _fields.Add(options.TrimWhitespace ? line[start..end].TrimEnd() : line[start..end]);
                start = end;
            }

            if (start >= span.Length)
                return unclosed;
        }
    }

    // From the opening quote to the separator or the end; text between closing quote and separator spoils the field.
    private ReadOnlyMemory<char> Quoted(ReadOnlySpan<char> span, ref int place, out bool unclosed)
    {
        var text = new StringBuilder();
        unclosed = true;
        for (place++; place < span.Length; place++)
        {
            if (span[place] == options.EscapeChar && place + 1 < span.Length && span[place + 1] == '"')
            {
                text.Append(span[++place]);
            }
            else if (span[place] == '"')
            {
                unclosed = false;
                place++;
                break;
            }
            else
            {
                text.Append(span[place]);
            }
        }

        var spoiled = unclosed;
        for (; place < span.Length && !_separators.Contains(span[place]); place++)
            spoiled |= span[place] != ' ';
        return spoiled ? ReadOnlyMemory<char>.Empty : text.ToString().AsMemory();
    }

    // a, b, 10, 2:x, 7:y stands for a, b and ten fields of which the third is x and the eighth is y.
    private void SpreadSparse()
    {
        var first = _fields.FindIndex(field => Index(field) >= 0);
        if (first < 0)
            return;
        var items = _fields.GetRange(first, _fields.Count - first);
        var dense = first - 1;
        var count = (options.InputSize ?? 0) - first;
        if (options.InputSize is not null)
            dense = first;
        else if (first == 0 || !int.TryParse(_fields[dense].Span, CultureInfo.InvariantCulture, out count))
            return;
        _fields.RemoveRange(dense, _fields.Count - dense);
        _fields.AddRange(Enumerable.Repeat(ReadOnlyMemory<char>.Empty, count));
        foreach (var item in items)
        {
            var index = Index(item);
            if (index < 0 || index >= count)
                return;
            _fields[dense + index] = item[(item.Span.IndexOf(':') + 1)..];
        }
    }

    private static int Index(ReadOnlyMemory<char> field) =>
        field.Span.IndexOf(':') is > 0 and var colon
            && int.TryParse(field.Span[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1;
}
