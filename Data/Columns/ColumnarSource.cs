using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Latent.Data.Tables;

namespace Latent.Data.Columns;

/// <summary>Reads rows of a table that is stored column by column; one part of it is in memory at a time.</summary>
internal sealed class ColumnarSource : RowSource
{
    // Values that are turned from columns into rows at once stay in the processor's cache.
    private const int RowsAtOnce = 128;

    private readonly string _source;
    private readonly ColumnarTable _table;
    private readonly int[] _columns;
    private readonly int[] _keep;
    private readonly int? _label;
    private readonly bool _labelIsTruth;
    private readonly int[] _read;
    private readonly CellParser? _cells;
    private readonly FloatPrecision? _precision;
    private readonly long _from;
    private readonly long _to;
    private long _row;

    private int _part = -1;
    private long _partFrom;
    private long _partTo;
    private ColumnBlock[] _values = [];
    private ColumnBlock[] _texts = [];
    private ColumnBlock? _labels;

    /// <summary>Begins to read a table, which is closed together with this source.</summary>
    /// <param name="source">Name of the table in messages.</param>
    /// <param name="open">Opens the table.</param>
    /// <param name="options">How the table is read; options for text files are refused.</param>
    /// <param name="modelColumns">The columns that a model requires by name; null if it names none.</param>
    /// <param name="length">Number of columns that the model takes; null when training, where the table decides.</param>
    /// <param name="shard">The part of the rows that is read.</param>
    /// <param name="batchSize">Rows of a batch, between which shards are cut.</param>
    /// <exception cref="LatentException">The table can't be read as requested.</exception>
    public ColumnarSource(
        string source,
        Func<ColumnarTable> open,
        TableOptions options,
        IReadOnlyList<string>? modelColumns,
        int? length,
        Shard shard,
        int batchSize
    )
    {
        _source = source;
        if (options.Table is { } table)
            modelColumns = ColumnChoice.NamesOf(table);
        if (options.Separator is not null || options.Header is not null || options.Encoding is not null || options.DecimalComma)
            throw new LatentException($"{source} says itself how it is read; separator, header, encoding and decimal comma are for CSV.");
        _table = Guard(open);
        try
        {
            var all = _table.Columns;
            if (all.Count > CsvSource.MaxColumns)
                throw new LatentException($"{source} has {all.Count:N0} columns; at most {CsvSource.MaxColumns:N0} are read.");
            var choice = new ColumnChoice(source, [.. all.Select(column => column.Name.Trim())], all.Count);
            (_columns, _keep, _label) = choice.Choose(options, modelColumns, length, column => all[column].Kind != ColumnKind.Nested);
            _labelIsTruth = options.LabelIsTruth;
            _cells = options.Table is null ? null : new CellParser(options.Table, '.');
            ColumnNames = options.Table is null ? [.. _columns.Select(NameOf)] : ColumnChoice.NamesOf(options.Table);
            _read = [.. _columns.Concat(_keep).Concat(_label is { } label ? [label] : []).Distinct()];
            foreach (var column in _read)
                CheckKind(all[column], _columns.Contains(column));
            if (_read.Length != _read.Select(column => all[column].Name).Distinct().Count())
                throw new LatentException($"{source} has columns of one name among those that are read; each must have a name of its own.");
            string[] nested = [.. all.Where(column => column.Kind == ColumnKind.Nested).Select(column => column.Name)];
            if (nested.Length > 0 && options.Columns is null && modelColumns is null)
                Note = $"{source} has nested columns, which are left out: {string.Join(", ", nested.Take(20))}.";
            _precision = length is null ? new FloatPrecision(_columns.Length) : null;
            (_from, _to) = shard.Range(_table.Parts.Sum(), batchSize);
            _row = _from;
        }
        catch
        {
            _table.Dispose();
            throw;
        }
    }

    public override int RowLength => _columns.Length;

    public override long? Count => _to - _from;

    public override IReadOnlyList<string> KeptNames => [.. _keep.Select(NameOf)];

    public override IReadOnlyList<string>? ColumnNames { get; }

    public override string? Note { get; }

    public override double? Progress => _to == _from ? 1 : (double)(_row - _from) / (_to - _from);

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        for (var kept = 0; batch.Consumed < batch.Capacity && _row < _to && kept < CsvSource.MaxKept; )
        {
            cancellation.ThrowIfCancellationRequested();
            kept += Guard(() =>
            {
                while (_row >= _partTo)
                    NextPart();
                return ReadRows(batch, (int)Math.Min(batch.Capacity - batch.Consumed, Math.Min(_to, _partTo) - _row));
            });
        }

        return batch.Consumed > 0;
    }

    public override void CheckPrecision() => _precision?.Check(_source, i => $"'{CsvSource.Short(NameOf(_columns[i]))}'");

    public override void Dispose() => _table.Dispose();

    // The contents of earlier parts aren't read.
    private void NextPart()
    {
        _part++;
        (_partFrom, _partTo) = (_partTo, _partTo + _table.Parts[_part]);
        if (_row >= _partTo)
            return;
        var blocks = _table.Read(_part, _read);
        _values = [.. _columns.Select(Find)];
        _texts = [.. _keep.Select(Find)];
        _labels = _label is { } label ? Find(label) : null;

        ColumnBlock Find(int column) => blocks[Array.IndexOf(_read, column)];
    }

    private int ReadRows(RowBatch batch, int count)
    {
        var (first, from, length, kept) = (batch.Count, (int)(_row - _partFrom), _columns.Length, 0);
        var rows = batch.RowsFrom(first, count);
        for (var start = 0; start < count; start += RowsAtOnce)
        {
            var some = Math.Min(RowsAtOnce, count - start);
            for (var i = 0; i < length; i++)
            {
                var values = rows[(start * length + i)..];
                if (_cells is null)
                    _values[i].CopyTo(from + start, some, values, length);
                else
                    CellBlock.Copy(_cells, i, _table.Columns[_columns[i]], _values[i], from + start, some, values, length);
            }
        }

        for (var i = 0; i < count && kept < CsvSource.MaxKept; i++, _row++)
        {
            batch.Consumed++;
            var values = rows.Slice(i * length, length);
            // What can't be a cell is infinite.
            var bad = _cells is null
                ? values.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue)
                : values.IndexOfAny(float.PositiveInfinity, float.NegativeInfinity);
            if ((bad >= 0 ? Problem(from + i, bad) : ReadTexts(from + i, batch, ref kept)) is { } problem)
            {
                batch.Skipped.Add(new SkippedInput($"{_source}[{_row}]", problem));
                continue;
            }

            if (batch.Count < first + i)
                values.CopyTo(batch.Row(batch.Count));
            for (var j = 0; j < length && batch.Unseen is not null; j++)
            {
                if (_cells!.HasLevels(j) && values[j] == TableDescription.Unseen && _values[j].Text(from + i) is { } word)
                {
                    batch.Unseen[(batch.Count, j)] = word.Trim();
                    kept += word.Length;
                }
            }

            for (var j = 0; j < length && _precision is not null; j++)
            {
                if (_cells?.HasLevels(j) != true)
                    _precision.Add(j, _values[j].Number(from + i));
            }

            batch.Positions[batch.Count++] = _row;
        }

        return kept;
    }

    private string Problem(int row, int bad)
    {
        var what = _values[bad].Text(row) is { } text ? $"'{CsvSource.Short(text)}'" : "null";
        if (_cells is not null)
            return $"{Place(_columns[bad])}, has {what}; it must be {_cells.Wanted(bad, _values[bad].Text(row))}.";
        var wanted = double.IsFinite(_values[bad].Number(row)) ? "number that a 32-bit float holds" : "finite number";
        return $"{Place(_columns[bad])}, has {what}; it must be a {wanted}.";
    }

    private string? ReadTexts(int row, RowBatch batch, ref int kept)
    {
        if (_labels is not null)
        {
            var label = (_labels.Text(row) ?? "").Trim();
            if (_labelIsTruth && Truth.Of(label) is null)
                return $"{Place(_label!.Value)}, has the label '{CsvSource.Short(label)}'; it must be 0 or 1, or false or true.";
            batch.Labels[batch.Count] = label;
        }

        var texts = batch.Kept[batch.Count] = _keep.Length == 0 ? [] : new string[_keep.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = _texts[i].Text(row) ?? "";
            if (texts[i].Length > CsvSource.LongestField)
                return $"{Place(_keep[i])}, has a text of over {CsvSource.LongestField:N0} characters, which is more than is kept.";
            kept += texts[i].Length;
        }

        return null;
    }

    private void CheckKind(Column column, bool isValue)
    {
        var what = $"{_source}, column {CsvSource.Short(column.Name)}, is of type {column.Type}";
        if (isValue && _cells is null && column.Kind != ColumnKind.Number)
            throw new LatentException($"{what}; a column of a row must hold numbers, and --columns or data.columns leaves others out.");
        if (column.Kind is ColumnKind.Nested or ColumnKind.Unreadable)
            throw new LatentException($"{what}; what is read, kept, or a label must be numbers, texts or times.");
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (LatentException or OperationCanceledException))
        {
            throw ColumnarTable.Damaged(_source, _part < 0 ? null : $"{_table.PartName} {_part}", e);
        }
    }

    private string Place(int column) => $"{_source}, row {_row} (counted from 0), column {CsvSource.Short(NameOf(column))}";

    private string NameOf(int column) => _table.Columns[column].Name;
}
