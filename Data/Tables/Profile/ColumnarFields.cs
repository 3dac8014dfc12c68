using Latent.Contracts;
using Latent.Data.Columns;

namespace Latent.Data.Tables.Profile;

/// <summary>Reads the fields of a table that is stored column by column; booleans are True and False.</summary>
internal sealed class ColumnarFields : FieldReader
{
    private readonly ColumnarTable _table;
    private int[] _columns = [];
    private ColumnBlock[] _blocks = [];
    private int _part = -1;
    private long _row = -1;
    private long _firstRow;
    private int _rowOfPart = -1;

    /// <summary>Opens a table.</summary>
    /// <param name="source">Name of the table in messages.</param>
    /// <param name="open">Opens the table.</param>
    /// <exception cref="LatentException">The table can't be read.</exception>
    public ColumnarFields(string source, Func<ColumnarTable> open)
    {
        Source = source;
        _table = Guard(open);
        Names = [.. _table.Columns.Select(column => column.Name.Trim())];
        if (Names.Count <= CsvSource.MaxColumns)
            return;
        _table.Dispose();
        throw new LatentException($"{source} has {Names.Count:N0} columns; at most {CsvSource.MaxColumns:N0} are read.");
    }

    public override string Source { get; }

    public override IReadOnlyList<string> Names { get; }

    public override int Count => Names.Count;

    public override string Place => $"{Source}, row {_row} (counted from 0)";

    public override string? Unreadable(int column) =>
        _table.Columns[column] is { Kind: ColumnKind.Nested or ColumnKind.Unreadable } unreadable
            ? $"its type, {unreadable.Type}, is neither of numbers nor of texts"
            : null;

    public override bool Next(int[] columns)
    {
        _columns = columns;
        _rowOfPart++;
        while (_part < 0 || _rowOfPart >= _table.Parts[_part])
        {
            if (_part + 1 == _table.Parts.Count)
                return false;
            _firstRow += _part < 0 ? 0 : _table.Parts[_part];
            _part++;
            _rowOfPart = 0;
            if (_table.Parts[_part] > 0)
                _blocks = Guard(() => _table.Read(_part, columns));
        }

        _row = _firstRow + _rowOfPart;
        return true;
    }

    public override ReadOnlySpan<char> Field(int index) => Guard(() => Text(index)).AsSpan().Trim();

    public override void Dispose() => _table.Dispose();

    private string? Text(int index)
    {
        if (!_table.Columns[_columns[index]].IsBoolean)
            return _blocks[index].Text(_rowOfPart);
        var truth = _blocks[index].Number(_rowOfPart);
        return double.IsNaN(truth) ? null : (truth != 0).ToString();
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (LatentException or OperationCanceledException))
        {
            throw ColumnarTable.Damaged(Source, _part < 0 ? null : $"{_table.PartName} {_part}", e);
        }
    }
}
