using System.Buffers;
using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits lines into their fields; the next line overwrites those of the line before.</summary>
internal sealed class FieldSplitter(TextLoader.Options options)
{
    private readonly SearchValues<char> _separators = SearchValues.Create(options.Separators);
    private readonly bool _spaceSeparates = options.Separators.Contains(' ');
    private readonly List<ReadOnlyMemory<char>> _dense = [];
    private readonly Dictionary<int, ReadOnlyMemory<char>> _sparse = [];
    private int? _sparseSize;
    private int _lastIndex;

    /// <summary>How many fields the line has, those included that a sparse line leaves out.</summary>
    public int Count => _sparseSize is { } size ? _dense.Count + size
        : options.AllowSparse ? Math.Max(_dense.Count, options.InputSize ?? 0) : _dense.Count;

    /// <summary>A field, which is empty where the line has none.</summary>
    public ReadOnlyMemory<char> this[int index] => index < _dense.Count ? _dense[index] : _sparse.GetValueOrDefault(index);

    public void Split(string line) =>
        Scan(options.TrimWhitespace ? line.AsMemory().TrimEnd() : line.AsMemory(), options.AllowQuoting, options.AllowSparse);

    /// <summary>Whether the last field has an opening quote without a closing one.</summary>
    public bool EndsInQuotes(string line) => Scan(line.AsMemory(), quoting: true, sparse: false);

    private bool Scan(ReadOnlyMemory<char> line, bool quoting, bool sparse)
    {
        _dense.Clear();
        _sparse.Clear();
        (_sparseSize, _lastIndex) = (null, -1);
        var span = line.Span;
        for (var start = 0; ; start++)
        {
            SkipSpaces(span, ref start);
            var index = -1;
            if (sparse && StartsItem(span, ref start, out index))
                SkipSpaces(span, ref start);
            var unclosed = false;
            ReadOnlyMemory<char> field;
            if (quoting && start < span.Length && span[start] == '"')
            {
                field = Quoted(span, ref start, out unclosed);
            }
            else
            {
                var length = span[start..].IndexOfAny(_separators);
                var end = length < 0 ? span.Length : start + length;
                field = line[start..end];
                start = end;
            }

            if (!Add(index, field) || start >= span.Length)
                return unclosed;
        }
    }

    private void SkipSpaces(ReadOnlySpan<char> span, ref int place)
    {
        while (!_spaceSeparates && place < span.Length && span[place] == ' ')
            place++;
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

    // Up to nine digits and a colon, outside quotes.
    private static bool StartsItem(ReadOnlySpan<char> span, ref int place, out int index)
    {
        index = -1;
        var end = place;
        while (end < span.Length && end < place + 9 && char.IsAsciiDigit(span[end]))
            end++;
        if (end == place || end == span.Length || span[end] != ':')
            return false;
        index = int.Parse(span[place..end], NumberStyles.None, CultureInfo.InvariantCulture);
        place = end + 1;
        return true;
    }

    // a, b, 10, 2:x, 7:y stands for a, b and ten fields of which the third is x and the eighth is y.
    // An item out of order or beyond the size, or a field after items, ends the line: false.
    private bool Add(int index, ReadOnlyMemory<char> field)
    {
        if (index < 0)
        {
            if (_sparseSize is null)
                _dense.Add(field);
            return _sparseSize is null;
        }

        _sparseSize ??= SparseSize();
        if (_sparseSize is null || index >= _sparseSize || index <= _lastIndex)
            return false;
        _lastIndex = index;
        _sparse[_dense.Count + index] = field;
        return true;
    }

    // How many fields items spread over: what InputSize leaves, or what the field before the first item says.
    private int? SparseSize()
    {
        if (options.InputSize is > 0)
            return options.InputSize - _dense.Count;
        if (_dense.Count == 0 || !int.TryParse(_dense[^1].Span, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size == 0)
            return null;
        _dense.RemoveAt(_dense.Count - 1);
        return Math.Min(size, int.MaxValue - 1 - _dense.Count);
    }
}
