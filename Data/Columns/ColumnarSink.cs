using Latent.Contracts;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Columns;

/// <summary>
/// Writes a table that is stored column by column: row positions (64-bit), kept columns (texts), results (32-bit floats, booleans, texts).
/// </summary>
internal abstract class ColumnarSink : RowSink
{
    private const int MaxRows = 1 << 16;
    private const int MaxBytes = 64 << 20;

    // Texts are held several times while they are packed.
    private const int MaxLetters = 4 << 20;

    private readonly OutputFile _file;
    private readonly long[] _positions;
    private readonly string[][] _texts;
    private readonly float[][] _numbers;
    private readonly bool[][] _booleans;
    private int _rows;
    private int _letters;

    /// <summary>Begins a table.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="kept">Names of the kept columns.</param>
    /// <param name="results">The columns of results.</param>
    /// <param name="numbered">Whether each row begins with its position in the input, counted from 0.</param>
    /// <exception cref="LatentException">Two columns would have the same name.</exception>
    protected ColumnarSink(string path, IReadOnlyList<string> kept, IReadOnlyList<ResultColumn> results, bool numbered)
    {
        string[] names = [.. kept, .. results.Select(column => column.Name)];
        RefuseSameNames(path, kept, results);
        RowName =
            !numbered ? null
            : names.Contains("row") ? "row_number"
            : "row";
        (KeptNames, Results) = (kept, [.. results]);
        var room = Math.Clamp(MaxBytes / (sizeof(float) * Math.Max(1, results.Count)), 1, MaxRows);
        _positions = new long[room];
        _texts =
        [
            .. kept.Select(_ => new string[room]),
            .. results.Select(column => new string[column.Kind == ResultKind.Text ? room : 0]),
        ];
        _numbers = [.. results.Select(column => new float[column.Kind is ResultKind.Number or ResultKind.Whole ? room : 0])];
        _booleans = [.. results.Select(column => new bool[column.Kind == ResultKind.Boolean ? room : 0])];
        _file = new OutputFile(path);
    }

    /// <summary>Gets the name of the column of row positions; null if there is none.</summary>
    protected string? RowName { get; }

    protected IReadOnlyList<string> KeptNames { get; }

    protected ResultColumn[] Results { get; }

    protected Stream Output => _file.Stream;

    public override void Write(RowBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            _positions[_rows] = batch.Positions[row];
            for (var j = 0; j < KeptNames.Count; j++)
                Add(j, batch.Kept[row][j]);
            for (var j = 0; j < Results.Length; j++)
            {
                var (kind, index) = (Results[j].Kind, Results[j].Index);
                if (kind == ResultKind.Text)
                    Add(KeptNames.Count + j, batch.Texts(row)[index]);
                else if (kind == ResultKind.Boolean)
                    _booleans[j][_rows] = batch.Result(row)[index] != 0;
                else
                    _numbers[j][_rows] = batch.Result(row)[index];
            }

            _rows++;
            if (_rows == _positions.Length || _letters > MaxLetters)
                Flush();
        }

        void Add(int column, string text)
        {
            _texts[column][_rows] = text;
            _letters += text.Length;
        }
    }

    public override void Complete()
    {
        Flush();
        End();
        _file.Complete();
    }

    public override void Dispose() => _file.Dispose();

    /// <summary>Writes rows as a separate part.</summary>
    /// <param name="positions">The positions of the rows.</param>
    protected abstract void WritePart(ReadOnlyMemory<long> positions);

    /// <summary>Writes what follows the last part.</summary>
    protected abstract void End();

    /// <summary>Gets the values of a kept column in the part that is written.</summary>
    protected ArraySegment<string> Kept(int column) => new(_texts[column], 0, _rows);

    /// <summary>Gets the values of a column of results that are texts.</summary>
    protected ArraySegment<string> Texts(int result) => new(_texts[KeptNames.Count + result], 0, _rows);

    /// <summary>Gets the values of a column of results that are numbers.</summary>
    protected ReadOnlyMemory<float> Numbers(int result) => _numbers[result].AsMemory(0, _rows);

    /// <summary>Gets the values of a column of results that are true or false.</summary>
    protected ReadOnlyMemory<bool> Booleans(int result) => _booleans[result].AsMemory(0, _rows);

    private void Flush()
    {
        if (_rows > 0)
            WritePart(_positions.AsMemory(0, _rows));
        foreach (var texts in _texts)
            texts.AsSpan(0, Math.Min(_rows, texts.Length)).Clear();
        _rows = _letters = 0;
    }
}
