using System.Globalization;
using Latent.Contracts;
using Latent.Data.Files;
using Latent.Data.Rows;
using nietras.SeparatedValues;

namespace Latent.Data.Tables;

/// <summary>Reads rows of a table of separated values.</summary>
internal sealed class CsvSource : RowSource
{
    /// <summary>The largest number of columns of a table.</summary>
    public const int MaxColumns = 100_000;

    /// <summary>The largest number of characters of a kept text.</summary>
    public const int LongestField = 1 << 20;

    /// <summary>The largest number of characters that are kept of a batch's rows: batches of long texts have fewer rows.</summary>
    public const int MaxKept = 1 << 20;

    private readonly string _source;
    private Stream _file;
    private TextInput _text;
    private SepReader _reader;
    private readonly RecordRange? _range;
    private readonly char _decimal;
    private readonly int _fields;
    private readonly int[] _columns;
    private readonly int[] _keep;
    private readonly int? _label;
    private readonly bool _labelIsTruth;
    private readonly string[]? _header;
    private readonly FloatPrecision? _precision;
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _labels = new Dictionary<string, string>(
        StringComparer.Ordinal
    ).GetAlternateLookup<ReadOnlySpan<char>>();

    private long _row;
    private long _line;
    private long _nextLine = 1;
    private bool _pending;

    /// <summary>Opens a table.</summary>
    /// <param name="input">A file, plain or compressed, or "-" for standard input.</param>
    /// <param name="options">How the table is read.</param>
    /// <param name="modelColumns">The columns that a model requires by name; null if it names none.</param>
    /// <param name="length">Number of columns that the model takes; null when training, where the table decides.</param>
    /// <param name="shard">The part of the rows that is read.</param>
    /// <param name="batchSize">Rows of a batch, between which shards are cut.</param>
    /// <exception cref="LatentException">The table can't be read as requested.</exception>
    public CsvSource(string input, TableOptions options, IReadOnlyList<string>? modelColumns, int? length, Shard shard, int batchSize)
    {
        _source = InputFile.NameOf(input);
        var stream = InputFile.Unpack(input, out _file);
        try
        {
            _text = new TextInput(stream, _source, options.Encoding);
            _decimal = options.DecimalComma ? ',' : '.';
            var separator = SeparatorChoice.Choose(_text.PeekRecord(), options, modelColumns, length);
            if (options.Separator is null && separator != ',')
                Note = $"{_source} is read as values separated by {SeparatorChoice.NameOf(separator)}.";
            _reader = Records(separator, _text);
            if (!ReadRecord())
                throw new LatentException($"{_source} is empty; it must be a table.");
            _fields = _reader.Current.ColCount;
            if (_fields > MaxColumns)
                throw new LatentException($"{_source} has {_fields:N0} columns; at most {MaxColumns:N0} are read.");
            if (BadQuote(_reader.Current) is { } bad)
                throw new LatentException(bad);
            var first = Enumerable.Range(0, _fields).Select(i => Text(_reader.Current[i].Span).Trim()).ToArray();
            if (HeaderChoice.IsHeader(_source, first, options, modelColumns, length, _decimal))
                _header = first;
            else
                _pending = true;
            var choice = new ColumnChoice(_source, _header, _fields);
            (_columns, _keep, _label) = choice.Choose(options, modelColumns, length);
            _labelIsTruth = options.LabelIsTruth;
            _precision = length is null ? new FloatPrecision(_columns.Length) : null;
            if (!shard.IsWhole)
            {
                var characters = stream == _file ? (long)(_file.Length * _text.CharactersPerByte) : CountCharacters(input, options);
                _reader.Dispose();
                _text.Dispose();
                stream = InputFile.Unpack(input, out _file);
                _text = new TextInput(stream, _source, options.Encoding);
                var (from, to) = RecordRange.Edges(shard, characters);
                _range = new RecordRange(_text, _header is not null, from, to, batchSize);
                _reader = Records(separator, _range);
                (_pending, _line, _nextLine) = (false, 0, 1);
            }
        }
        catch
        {
            _reader?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    public override int RowLength => _columns.Length;

    public override IReadOnlyList<string> KeptNames => [.. _keep.Select(NameOf)];

    public override IReadOnlyList<string>? ColumnNames => _header is null ? null : [.. _columns.Select(NameOf)];

    public override string? Note { get; }

    public override double? Progress => _file is FileStream { Length: > 0 } ? (double)_file.Position / _file.Length : null;

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        var kept = 0;
        while (batch.Consumed < batch.Capacity && kept < MaxKept)
        {
            if ((_row & 1023) == 0)
                cancellation.ThrowIfCancellationRequested();
            if (!_pending && !ReadRecord())
                break;
            _pending = false;
            var row = _row++ + (_range?.FirstRow ?? 0);
            batch.Consumed++;
            if (ReadRow(_reader.Current, batch, ref kept) is { } problem)
                batch.Skipped.Add(new SkippedInput($"{_source}:{Line}", problem));
            else
                batch.Positions[batch.Count++] = row;
        }

        return batch.Consumed > 0;
    }

    public override void CheckPrecision() => _precision?.Check(_source, i => $"'{Short(NameOf(_columns[i]))}'");

    public override void Dispose()
    {
        _reader.Dispose();
        _text.Dispose();
    }

    private static SepReader Records(char separator, TextReader text) =>
        Sep.New(separator).Reader(o => o with { HasHeader = false, DisableColCountCheck = true }).From(text);

    // The length of a compressed file's content is known only when it has been read.
    private long CountCharacters(string input, TableOptions options)
    {
        using var text = new TextInput(InputFile.Unpack(input, out _), _source, options.Encoding);
        return text.CountCharacters();
    }

    // Blank lines are no records.
    private bool ReadRecord()
    {
        try
        {
            do
            {
                if (!_reader.MoveNext())
                    return false;
                // For a last record that doesn't end, Sep reports another first line.
                (_line, _nextLine) = (_nextLine, _reader.Current.LineNumberToExcl);
            } while (_reader.Current is { ColCount: 1, Span.IsEmpty: true });
            return true;
        }
        catch (NotSupportedException e)
        {
            throw new LatentException(
                $"{_source} has a record after row {_row} that is longer than any that is read; a quote may be missing its partner.",
                e
            );
        }
    }

    private string? ReadRow(SepReader.Row row, RowBatch batch, ref int kept)
    {
        var quoted = row.Span.Contains('"');
        if (quoted && BadQuote(row) is { } bad)
            return bad;
        if (row.ColCount != _fields)
            return $"{Place}, has {Fields(row.ColCount)}; the first line has {_fields}.";
        var index = batch.Count;
        var values = batch.Row(index);
        for (var i = 0; i < _columns.Length; i++)
        {
            var field = row[_columns[i]].Span;
            if (quoted && field.StartsWith('"'))
                field = field[1..^1];
            if (!Number.TryParse(field, _decimal, out var value) || !float.IsFinite(values[i] = (float)value))
                return $"{Place}, column {Short(NameOf(_columns[i]))}, has '{Short(field.ToString())}'; it must be a {(double.IsFinite(value) && field.Length > 0 && Number.Is(field, _decimal) ? "number that a 32-bit float holds" : "finite number")}.";
            _precision?.Add(i, value);
        }

        if (_label is { } column)
        {
            var text = row[column].Span;
            text = (quoted && text.StartsWith('"') ? Text(text) : text).Trim();
            if (_labelIsTruth && Truth.Of(text) is null)
                return $"{Place}, column {Short(NameOf(column))}, has the label '{Short(text.ToString())}'; it must be 0 or 1, or false or true.";
            batch.Labels[index] = Label(text);
        }

        var texts = batch.Kept[index] = _keep.Length == 0 ? [] : new string[_keep.Length];
        for (var i = 0; i < _keep.Length; i++)
        {
            var text = row[_keep[i]].Span;
            if (text.Length > LongestField)
                return $"{Place}, column {Short(NameOf(_keep[i]))}, has a field of over {LongestField:N0} characters, which is more than is kept.";
            texts[i] = Text(text);
            kept += text.Length;
        }

        _precision?.EndRow();
        return null;
    }

    // A quote in the wrong place may have swallowed lines, whichever column it is in.
    private string? BadQuote(SepReader.Row row)
    {
        for (var i = 0; i < row.ColCount; i++)
        {
            var field = row[i].Span;
            var first = field.IndexOf('"');
            if (first < 0)
                continue;
            var inner = field.Length >= 2 && first == 0 && field[^1] == '"' ? field[1..^1] : "\"";
            for (var quote = inner.IndexOf('"'); quote >= 0; quote = inner.IndexOf('"'))
            {
                if (quote + 1 >= inner.Length || inner[quote + 1] != '"')
                {
                    var last = row.LineNumberToExcl - 1 + Line - _line;
                    var more = last <= Line ? "" : $", in a record that goes on to line {last}";
                    return $"{Place}, has a quote in the wrong place{more}: '{Short(field.ToString())}'; a field with quotes must be quoted whole and its quotes doubled.";
                }

                inner = inner[(quote + 2)..];
            }
        }

        return null;
    }

    // There are few different labels, as a rule.
    private string Label(ReadOnlySpan<char> text)
    {
        if (_labels.TryGetValue(text, out var known))
            return known;
        var label = text.ToString();
        if (_labels.Dictionary.Count < 10_000)
            _labels[text] = label;
        return label;
    }

    private static string Text(ReadOnlySpan<char> field) =>
        field is ['"', .., '"'] ? field[1..^1].ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : field.ToString();

    private string Place => $"{_source}, line {Line}";

    private long Line => _line + (_range?.FirstLine - 1 ?? 0);

    private string NameOf(int column) => _header?[column] ?? column.ToString(CultureInfo.InvariantCulture);

    private static string Fields(int count) => count == 1 ? "1 field" : $"{count} fields";

    /// <summary>Shortens a field for messages.</summary>
    public static string Short(string text) =>
        string.Concat((text.Length <= 40 ? text : text[..40] + "…").Select(c => char.IsControl(c) ? ' ' : c));
}
