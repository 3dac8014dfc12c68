using Latent.Contracts;
using Latent.Contracts.Tables;
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

    private readonly CsvRecords _records;
    private readonly int[] _columns;
    private readonly int[] _keep;
    private readonly int? _label;
    private readonly bool _labelIsTruth;
    private readonly CellParser? _cells;
    private readonly FloatPrecision? _precision;
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _labels = new Dictionary<string, string>(
        StringComparer.Ordinal
    ).GetAlternateLookup<ReadOnlySpan<char>>();

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
        if (options.Table is { } table)
            modelColumns = table.HasHeader ? ColumnChoice.NamesOf(table) : null;
        _records = new CsvRecords(input, options, modelColumns, length);
        try
        {
            var choice = new ColumnChoice(_records.Source, _records.Header, _records.Fields);
            (_columns, _keep, _label) = choice.Choose(options, modelColumns, length);
            _labelIsTruth = options.LabelIsTruth;
            _cells = options.Table is null ? null : new CellParser(options.Table, _records.Decimal);
            _precision = length is null ? new FloatPrecision(_columns.Length) : null;
            ColumnNames =
                options.Table is not null ? ColumnChoice.NamesOf(options.Table)
                : _records.Header is not null ? [.. _columns.Select(_records.NameOf)]
                : null;
            _records.Cut(shard, batchSize);
        }
        catch
        {
            _records.Dispose();
            throw;
        }
    }

    public override int RowLength => _columns.Length;

    public override IReadOnlyList<string> KeptNames => [.. _keep.Select(_records.NameOf)];

    public override IReadOnlyList<string>? ColumnNames { get; }

    public override string? Note => _records.Note;

    public override double? Progress => _records.Progress;

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        var kept = 0;
        while (batch.Consumed < batch.Capacity && kept < MaxKept)
        {
            if ((batch.Consumed & 1023) == 0)
                cancellation.ThrowIfCancellationRequested();
            if (!_records.Next())
                break;
            batch.Consumed++;
            if (ReadRow(batch, ref kept) is { } problem)
                batch.Skipped.Add(new SkippedInput($"{_records.Source}:{_records.Line}", problem));
            else
                batch.Positions[batch.Count++] = _records.Row;
        }

        return batch.Consumed > 0;
    }

    public override void CheckPrecision() => _precision?.Check(_records.Source, i => $"'{Short(_records.NameOf(_columns[i]))}'");

    public override void Dispose() => _records.Dispose();

    private string? ReadRow(RowBatch batch, ref int kept)
    {
        if (_records.Problem(out var quoted) is { } bad)
            return bad;
        var row = _records.Current;
        var index = batch.Count;
        if ((_cells is null ? ReadNumbers(row, quoted, batch.Row(index)) : ReadCells(_cells, row, quoted, batch, ref kept)) is { } problem)
            return problem;

        if (_label is { } column)
        {
            var text = row[column].Span;
            text = (quoted && text.StartsWith('"') ? CsvRecords.Text(text) : text).Trim();
            if (_labelIsTruth && Truth.Of(text) is null)
                return $"{Place(column)}, has the label '{Short(text.ToString())}'; it must be 0 or 1, or false or true.";
            batch.Labels[index] = Label(text);
        }

        var texts = batch.Kept[index] = _keep.Length == 0 ? [] : new string[_keep.Length];
        for (var i = 0; i < _keep.Length; i++)
        {
            var text = row[_keep[i]].Span;
            if (text.Length > LongestField)
                return $"{Place(_keep[i])}, has a field of over {LongestField:N0} characters, which is more than is kept.";
            texts[i] = CsvRecords.Text(text);
            kept += text.Length;
        }

        return null;
    }

    private string? ReadNumbers(SepReader.Row row, bool quoted, Span<float> values)
    {
        var point = _records.Decimal;
        for (var i = 0; i < _columns.Length; i++)
        {
            var field = row[_columns[i]].Span;
            if (quoted && field.StartsWith('"'))
                field = field[1..^1];
            if (!Number.TryParse(field, point, out var value) || !float.IsFinite(values[i] = (float)value))
                return $"{Place(_columns[i])}, has '{Short(field.ToString())}'; it must be a {(double.IsFinite(value) && field.Length > 0 && Number.Is(field, point) ? "number that a 32-bit float holds" : "finite number")}.";
            _precision?.Add(i, value);
        }

        return null;
    }

    private string? ReadCells(CellParser cells, SepReader.Row row, bool quoted, RowBatch batch, ref int kept)
    {
        var values = batch.Row(batch.Count);
        for (var i = 0; i < _columns.Length; i++)
        {
            var field = row[_columns[i]].Span;
            if (quoted && field.StartsWith('"'))
            {
                field = field[1..^1];
                if (field.Contains('"'))
                    field = field.ToString().Replace("\"\"", "\"", StringComparison.Ordinal);
            }

            if (!cells.TryParse(i, field, out values[i], out var number))
                return $"{Place(_columns[i])}, has '{Short(field.ToString())}'; it must be {cells.Wanted(i, field)}.";
            if (batch.Unseen is not null && cells.HasLevels(i) && values[i] == TableDescription.Unseen)
            {
                batch.Unseen[(batch.Count, i)] = field.Trim().ToString();
                kept += field.Length;
            }

            _precision?.Add(i, number);
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

    private string Place(int column) => $"{_records.Place}, column {Short(_records.NameOf(column))}";

    /// <summary>Shortens a field for messages.</summary>
    public static string Short(string text) =>
        string.Concat((text.Length <= 40 ? text : text[..40] + "…").Select(c => char.IsControl(c) ? ' ' : c));
}
