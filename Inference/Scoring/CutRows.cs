using Latent.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>Represents the tensors of a <see cref="TableCut"/>: a batch of rows, whose words are codes and units.</summary>
internal sealed class CutRows : IBoundRows
{
    private readonly RowTensors _tensors;
    private readonly TableCut _cut;
    private readonly Memory<float> _rows;
    private readonly Memory<float> _numbers;
    private readonly Memory<float> _codes;
    private readonly Memory<float>[] _columns;
    private readonly Memory<float> _words;
    private readonly Memory<float> _units;
    private readonly float[] _nearest;

    // The first unit of each column of words, and of each word of the rows the unit that is 1, all counted from the first unit of words.
    private readonly int[] _firsts;
    private readonly int[] _places;

    /// <summary>Makes the tensors.</summary>
    /// <param name="tensors">What knows the cells.</param>
    /// <param name="cut">The graph.</param>
    /// <param name="rows">The rows, whose values may change.</param>
    public CutRows(RowTensors tensors, TableCut cut, Memory<float> rows)
    {
        (_tensors, _cut, _rows) = (tensors, cut, rows);
        var layout = cut.Layout;
        var count = rows.Length / layout.Columns;
        _columns = new Memory<float>[layout.Categories.Length];
        _firsts = new int[_columns.Length];
        for (var i = 1; i < _firsts.Length; i++)
            _firsts[i] = _firsts[i - 1] + layout.CategoryWidths[i - 1];
        _places = new int[count * _columns.Length];
        for (var i = 0; i < _places.Length; i++)
            _places[i] = _firsts[i % _firsts.Length];
        Names = [.. cut.Inputs];
        Values = new OrtValue[Names.Length];
        foreach (var (i, name) in Names.Index())
        {
            Values[i] = name switch
            {
                TensorNames.Numbers => Make(layout.Numbers.Length, out _numbers),
                TableCut.Words => Make(layout.Width - layout.WordsFrom, out _words),
                TableCut.Codes => Make(_columns.Length, out _codes),
                _ => Make(1, out _columns[TableCut.ColumnOf(name)]),
            };
        }

        OutputNames = cut.UnitsOutput is null ? [] : [cut.UnitsOutput];
        Outputs = cut.UnitsOutput is null ? [] : [Make(layout.Width, out _units)];
        _nearest = new float[count * (cut.Nearest?.Neighbors ?? 0)];

        OrtValue Make(int width, out Memory<float> values)
        {
            values = AlignedBuffer.Create(count * width);
            return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, [count, width]);
        }
    }

    public string[] Names { get; }

    public OrtValue[] Values { get; }

    /// <summary>Gets the names of outputs that <see cref="Finish"/> reads.</summary>
    public string[] OutputNames { get; }

    /// <summary>Gets their tensors.</summary>
    public OrtValue[] Outputs { get; }

    public void Fill()
    {
        var next = 0;
        if (!_numbers.IsEmpty)
        {
            var numbers = _numbers.Span;
            for (var rows = _rows.Span; !rows.IsEmpty; rows = rows[_cut.Layout.Columns..])
            {
                foreach (var column in _tensors.Numbers)
                    numbers[next++] = rows[column];
            }
        }

        for (var i = 0; i < _columns.Length; i++)
            FillWords(i, _cut.Layout.Categories[i]);
    }

    /// <summary>Adds to scores what the graph lacks, after a run.</summary>
    /// <param name="scores">The scores, [rows].</param>
    public void Finish(Span<float> scores) => _cut.Nearest?.Add(_units.Span, _places, scores, _nearest);

    public void Dispose()
    {
        foreach (var value in Values.Concat(Outputs))
            value.Dispose();
    }

    private void FillWords(int word, int column)
    {
        var rows = _rows.Span;
        var codes = _codes.Span;
        var each = _columns[word].Span;
        var words = _words.Span;
        var width = _cut.Layout.Width - _cut.Layout.WordsFrom;
        for (var row = 0; !rows.IsEmpty; row++, rows = rows[_cut.Layout.Columns..])
        {
            var cell = rows[column];
            ref var place = ref _places[(row * _columns.Length) + word];
            var last = place;
            place = _firsts[word] + _tensors.Word(word, row, cell);
            if (!codes.IsEmpty)
                codes[(row * _columns.Length) + word] = cell;
            if (!each.IsEmpty)
                each[row] = cell;
            if (!words.IsEmpty)
                (words[(row * width) + last], words[(row * width) + place]) = (0, 1);
        }
    }
}
