using Microsoft.ML;

namespace Latent.Inference.Pipeline;

/// <summary>Represents data with the computed columns added; a cursor reads a batch ahead and runs the graph on it.</summary>
internal sealed class BatchView : IDataView
{
    private readonly IDataView _input;
    private readonly Mapping _mapping;

    private BatchView(IDataView input, Mapping mapping)
    {
        _input = input;
        _mapping = mapping;
        Schema = mapping.OutputSchema(input.Schema);
    }

    /// <summary>
    /// Adds a mapping's columns. Mappings of the same columns through the same bundle, one after the other, become one run of one graph.
    /// </summary>
    public static BatchView Create(IDataView input, Mapping mapping) =>
        input is BatchView { _mapping: var first } view
        && mapping.InputColumns(view.Schema).All(column => column.Index < view._input.Schema.Count)
        && (first.Bundle, first.Input, first.ReadsCodes, first.BatchSize, first.IsSaved)
            == (mapping.Bundle, mapping.Input, mapping.ReadsCodes, mapping.BatchSize, mapping.IsSaved)
            ? new BatchView(view._input, first with { Outputs = [.. first.Outputs, .. mapping.Outputs] })
            : new BatchView(input, mapping);

    public bool CanShuffle => _input.CanShuffle;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Active(columnsNeeded);
        return Wrap(_input.GetRowCursor(InputColumns(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = Active(columnsNeeded);
        return [.. _input.GetRowCursorSet(InputColumns(active), n, rand).Select(cursor => Wrap(cursor, active))];
    }

    private bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columns)
            active[column.Index] = true;
        return active;
    }

    private IEnumerable<DataViewSchema.Column> InputColumns(bool[] active)
    {
        var ours = active.AsSpan(_input.Schema.Count).Contains(true);
        var inputs = ours ? _mapping.InputColumns(_input.Schema).Select(c => c.Index).ToHashSet() : [];
        return [.. _input.Schema.Where(c => active[c.Index] || inputs.Contains(c.Index))];
    }

    private DataViewRowCursor Wrap(DataViewRowCursor cursor, bool[] active)
    {
        try
        {
            return active.AsSpan(_input.Schema.Count).Contains(true)
                ? new BatchCursor(cursor, _mapping, Schema, active)
                : new PassingCursor(cursor, Schema, active);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}
