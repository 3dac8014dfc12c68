using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Latent.Contracts;

namespace Latent.Scorer.Inputs;

/// <summary>Rows of a table.</summary>
internal sealed class CsvSource : RowSource
{
    private const int LongestField = 1 << 20;

    private readonly string _source;
    private readonly Stream? _file;
    private readonly CsvParser _parser;
    private readonly int _fields;
    private readonly int[] _columns;
    private readonly int[] _keep;
    private readonly int? _label;
    private readonly string[]? _header;
    private readonly long _from;
    private readonly long _to;
    private long _row;
    private long _line;
    private bool _pending;
    private string? _badField;

    public CsvSource(string input, CsvOptions options, IReadOnlyList<string>? modelColumns, int length, Shard shard, int batchSize)
    {
        _source = input == "-" ? "standard input" : input;
        _to = long.MaxValue;
        if (!shard.IsWhole)
        {
            using var all = new CsvSource(input, options, modelColumns, length, Shard.Whole, batchSize);
            (_from, _to) = shard.Range(all.CountRows(), batchSize);
        }
        (_file, var reader) = Open(input);
        _parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = options.Separator is null,
            DetectDelimiterValues = [",", ";", "\t", "|"],
            Delimiter = options.Separator ?? ",",
            WhiteSpaceChars = [],
            MaxFieldSize = LongestField,
            BadDataFound = bad => _badField ??= bad.Field,
        });
        try
        {
            if (!ReadRecord())
                throw new LatentException($"{_source} is empty; it must be a table.");
            if (_badField is not null)
                throw new LatentException(BadQuote(_badField));
            _fields = _parser.Count;
            if (options.Header ?? LooksLikeNames(modelColumns))
                _header = [.. Enumerable.Range(0, _fields).Select(i => _parser[i].Trim())];
            else
                _pending = true;
            var choice = new ColumnChoice(_source, _header, _fields);
            _keep = options.Keep is null ? [] : choice.Parse(options.Keep);
            _label = options.Label is null ? null : choice.Find(options.Label);
            _columns = Columns(choice, options, modelColumns, length);
        }
        catch
        {
            _parser.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<string> KeptNames => [.. _keep.Select(NameOf)];

    public override IReadOnlyList<string>? ColumnNames => _header is null ? null : [.. _columns.Select(NameOf)];

    public override double? Progress => _file is { CanSeek: true, Length: > 0 } ? (double)_file.Position / _file.Length : null;

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        while (batch.Consumed < batch.Capacity && _row < _to)
        {
            if ((_row & 1023) == 0)
                cancellation.ThrowIfCancellationRequested();
            if (!_pending && !ReadRecord())
                break;
            _pending = false;
            var row = _row++;
            if (row < _from)
                continue;
            batch.Consumed++;
            var problem = ReadRow(batch);
            // A quote in the wrong place is the cause of whatever else is wrong.
            if (_badField is not null)
                problem = BadQuote(_badField);
            if (problem is not null)
            {
                batch.Skipped.Add(new SkippedInput($"{_source}:{_line}", problem));
                continue;
            }
            batch.Positions[batch.Count++] = row;
        }
        return batch.Consumed > 0;
    }

    public override void Dispose() => _parser.Dispose();

    private long CountRows()
    {
        var rows = _pending ? 1L : 0;
        while (ReadRecord())
            rows++;
        return rows;
    }

    private bool ReadRecord()
    {
        _badField = null;
        // Row counts records and blank lines; RawRow also counts the lines that records go on to.
        var further = _parser.RawRow - _parser.Row;
        try
        {
            if (!_parser.Read())
                return false;
            _line = further + _parser.Row;
            if (_parser.RawRow > _line)
                FindBadQuotes();
            return true;
        }
        catch (MaxFieldSizeException e)
        {
            throw new LatentException($"{_source}, line {further + _parser.Row}, has a field of over {LongestField} characters; a quote may be missing its partner.", e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new LatentException($"{_source} cannot be read beyond line {_parser.RawRow}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    // The parser tells of a bad quote when its field is asked for, and takes an unclosed one for closed where the file ends in a quote; either
    // has swallowed the lines that the record goes on to, whichever column it is in.
    private void FindBadQuotes()
    {
        for (var i = 0; i < _parser.Count; i++)
            _ = _parser[i];
        if (_parser.RawRecord.Count(c => c == '"') % 2 == 1)
            _badField ??= _parser[_parser.Count - 1];
    }

    private string BadQuote(string field)
    {
        var more = _parser.RawRow == _line ? "" : $", in a record that goes on to line {_parser.RawRow}";
        return $"{_source}, line {_line}, has a quote in the wrong place{more}: '{Short(field)}'; a field with quotes must be quoted whole and its quotes doubled.";
    }

    private string? ReadRow(RowBatch batch)
    {
        if (_parser.Count != _fields)
            return $"{_source}, line {_line}, has {Fields(_parser.Count)}; the first line has {_fields}.";
        var index = batch.Count;
        var values = batch.Row(index);
        for (var i = 0; i < _columns.Length; i++)
        {
            var field = _parser[_columns[i]];
            if (!float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
                return $"{_source}, line {_line}, column {NameOf(_columns[i])}, has '{Short(field)}'; it must be a finite number.";
        }
        if (_label is { } label)
        {
            var text = _parser[label].Trim();
            if (Truth(text) is not { } truth)
                return $"{_source}, line {_line}, column {NameOf(label)}, has the label '{Short(text)}'; it must be 0 or 1, or false or true.";
            batch.IsAnomaly[index] = truth;
        }
        batch.Kept[index] = new string[_keep.Length];
        for (var i = 0; i < _keep.Length; i++)
            batch.Kept[index][i] = _parser[_keep[i]];
        return null;
    }

    private int[] Columns(ColumnChoice choice, CsvOptions options, IReadOnlyList<string>? modelColumns, int length)
    {
        int[] columns;
        if (options.Columns is not null)
            columns = choice.Parse(options.Columns);
        else if (modelColumns is not null && _header is not null)
            columns = [.. modelColumns.Select(choice.Find)];
        else
            columns = [.. Enumerable.Range(0, _fields).Where(i => !_keep.Contains(i) && i != _label)];
        return columns.Length == length ? columns : throw new LatentException(
            $"{_source} has {columns.Length} columns to read, but the model takes {length}; --columns says which, --keep and --label leave some out.");
    }

    private bool LooksLikeNames(IReadOnlyList<string>? modelColumns)
    {
        var fields = Enumerable.Range(0, _fields).Select(i => _parser[i].Trim()).ToArray();
        return (modelColumns is not null && modelColumns.All(name => fields.Contains(name.Trim())))
            || !fields.Any(f => float.TryParse(f, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
    }

    private static (Stream File, TextReader Reader) Open(string input)
    {
        try
        {
            var file = input == "-" ? Console.OpenStandardInput() : new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            Stream stream = input.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            return (file, new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"{input} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static bool? Truth(string text) => text.ToLowerInvariant() switch
    {
        "1" or "true" or "1.0" => true,
        "0" or "false" or "0.0" => false,
        _ => null,
    };

    private string NameOf(int column) => _header?[column] ?? column.ToString(CultureInfo.InvariantCulture);

    private static string Fields(int count) => count == 1 ? "1 field" : $"{count} fields";

    private static string Short(string text) => text.Length <= 40 ? text.ReplaceLineEndings(" ") : text[..40].ReplaceLineEndings(" ") + "…";
}
