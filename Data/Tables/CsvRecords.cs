using System.Globalization;
using Latent.Contracts;
using Latent.Data.Files;
using Latent.Data.Rows;
using nietras.SeparatedValues;

namespace Latent.Data.Tables;

/// <summary>Reads the records of a table of separated values, and where each of them is.</summary>
internal sealed class CsvRecords : IDisposable
{
    private readonly string _input;
    private readonly string? _encoding;
    private readonly char _separator;
    private readonly bool _packed;
    private Stream _file;
    private TextInput _text;
    private SepReader _reader;
    private RecordRange? _range;
    private long _rows;
    private long _line;
    private long _nextLine = 1;
    private bool _pending;

    /// <summary>Opens a table and reads its header, if it has one.</summary>
    /// <param name="input">A file, plain or compressed, or "-" for standard input.</param>
    /// <param name="options">How the table is read.</param>
    /// <param name="modelColumns">The columns that a model requires by name; null if it names none.</param>
    /// <param name="length">Number of columns that the model takes; null when training, where the table decides.</param>
    /// <exception cref="LatentException">The table can't be read as requested.</exception>
    public CsvRecords(string input, TableOptions options, IReadOnlyList<string>? modelColumns, int? length)
    {
        (_input, _encoding, Source) = (input, options.Encoding, InputFile.NameOf(input));
        var stream = InputFile.Unpack(input, out _file);
        _packed = stream != _file;
        try
        {
            _text = new TextInput(stream, Source, _encoding);
            Decimal = options.DecimalComma ? ',' : '.';
            _separator = SeparatorChoice.Choose(_text.PeekRecord(), options, modelColumns, length);
            if (options.Separator is null && _separator != ',')
                Note = $"{Source} is read as values separated by {SeparatorChoice.NameOf(_separator)}.";
            _reader = Records(_text);
            if (!ReadRecord())
                throw new LatentException($"{Source} is empty; it must be a table.");
            Fields = _reader.Current.ColCount;
            if (Fields > CsvSource.MaxColumns)
                throw new LatentException($"{Source} has {Fields:N0} columns; at most {CsvSource.MaxColumns:N0} are read.");
            if (BadQuote(_reader.Current) is { } bad)
                throw new LatentException(bad);
            var first = Enumerable.Range(0, Fields).Select(i => Text(_reader.Current[i].Span).Trim()).ToArray();
            if (HeaderChoice.IsHeader(Source, first, options, modelColumns, length, Decimal))
                Header = first;
            else
                _pending = true;
        }
        catch
        {
            _reader?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Gets the table's name in messages.</summary>
    public string Source { get; }

    /// <summary>Gets the decimal separator of its numbers.</summary>
    public char Decimal { get; }

    /// <summary>Gets the number of fields of the first record, which every record must have.</summary>
    public int Fields { get; }

    /// <summary>Gets the names of the columns, without blanks around them; null if the first record is a row.</summary>
    public string[]? Header { get; }

    /// <inheritdoc cref="RowSource.Note"/>
    public string? Note { get; }

    /// <inheritdoc cref="RowSource.Progress"/>
    public double? Progress => _file is FileStream { Length: > 0 } ? (double)_file.Position / _file.Length : null;

    /// <summary>Gets the current record.</summary>
    public SepReader.Row Current => _reader.Current;

    /// <summary>Gets the position of the current record among the table's rows, counted from 0.</summary>
    public long Row => _rows - 1 + (_range?.FirstRow ?? 0);

    /// <summary>Gets the line of the current record, counted from 1.</summary>
    public long Line => _line + (_range?.FirstLine - 1 ?? 0);

    /// <summary>Gets where the current record is, for messages.</summary>
    public string Place => $"{Source}, line {Line}";

    /// <summary>Limits what is read to a part of the rows; before the first of them is read.</summary>
    /// <param name="shard">The part.</param>
    /// <param name="batchSize">Rows of a batch, between which shards are cut.</param>
    public void Cut(Shard shard, int batchSize)
    {
        if (shard.IsWhole)
            return;
        var characters = _packed ? CountCharacters() : (long)(_file.Length * _text.CharactersPerByte);
        Dispose();
        _text = new TextInput(InputFile.Unpack(_input, out _file), Source, _encoding);
        var (from, to) = RecordRange.Edges(shard, characters);
        _range = new RecordRange(_text, Header is not null, from, to, batchSize);
        _reader = Records(_range);
        (_pending, _line, _nextLine) = (false, 0, 1);
    }

    /// <summary>Reads the next record that is a row, whether or not it is a valid one.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next()
    {
        if (!_pending && !ReadRecord())
            return false;
        _pending = false;
        _rows++;
        return true;
    }

    /// <summary>Tells why the current record is no row, in one sentence; null if it is one.</summary>
    /// <param name="quoted">Whether the record has quotes.</param>
    public string? Problem(out bool quoted)
    {
        var row = _reader.Current;
        quoted = row.Span.Contains('"');
        if (quoted && BadQuote(row) is { } bad)
            return bad;
        return row.ColCount == Fields ? null : $"{Place}, has {Count(row.ColCount)}; the first line has {Fields}.";
    }

    /// <summary>Gets a column's name; its position if the table names none.</summary>
    public string NameOf(int column) => Header?[column] ?? column.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gets the text of a field, without the quotes around it.</summary>
    public static string Text(ReadOnlySpan<char> field) =>
        field is ['"', .., '"'] ? field[1..^1].ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : field.ToString();

    public void Dispose()
    {
        _reader.Dispose();
        _text.Dispose();
    }

    private SepReader Records(TextReader text) =>
        Sep.New(_separator).Reader(o => o with { HasHeader = false, DisableColCountCheck = true }).From(text);

    // The length of a compressed file's content is known only when it has been read.
    private long CountCharacters()
    {
        using var text = new TextInput(InputFile.Unpack(_input, out _), Source, _encoding);
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
                $"{Source} has a record after row {_rows} that is longer than any that is read; a quote may be missing its partner.",
                e
            );
        }
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
                    return $"{Place}, has a quote in the wrong place{more}: '{CsvSource.Short(field.ToString())}'; a field with quotes must be quoted whole and its quotes doubled.";
                }

                inner = inner[(quote + 2)..];
            }
        }

        return null;
    }

    private static string Count(int fields) => fields == 1 ? "1 field" : $"{fields} fields";
}
