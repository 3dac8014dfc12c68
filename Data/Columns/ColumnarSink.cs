using Latent.Contracts;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Columns;

/// <summary>
/// Writes a table that is stored column by column: row positions (64-bit), kept columns (texts), results (32-bit floats).
/// </summary>
internal abstract class ColumnarSink : RowSink
{
    private const int MaxRows = 1 << 16;
    private const int MaxBytes = 64 << 20;

    private readonly OutputFile _file;
    private readonly long[] _positions;
    private readonly string[][] _kept;
    private readonly float[][] _results;
    private int _rows;
    private int _letters;

    /// <summary>Begins a table.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="kept">Names of the kept columns.</param>
    /// <param name="results">Names of the results.</param>
    /// <param name="numbered">Whether each row begins with its position in the input, counted from 0.</param>
    /// <exception cref="LatentException">Two columns would have the same name.</exception>
    protected ColumnarSink(string path, IReadOnlyList<string> kept, IReadOnlyList<string> results, bool numbered)
    {
        string[] names = [.. kept, .. results];
        if (names.CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
        {
            throw new LatentException(
                $"{path} would have two columns named '{twice}'; in Parquet and Arrow each needs its own name, so leave it out of what is kept, or write CSV."
            );
        }

        RowName =
            !numbered ? null
            : names.Contains("row") ? "row_number"
            : "row";
        (KeptNames, ResultNames) = (kept, results);
        var room = Math.Clamp(MaxBytes / (sizeof(float) * Math.Max(1, results.Count)), 1, MaxRows);
        _positions = new long[room];
        _kept = [.. kept.Select(_ => new string[room])];
        _results = [.. results.Select(_ => new float[room])];
        _file = new OutputFile(path);
    }

    /// <summary>Gets the name of the column of row positions; null if there is none.</summary>
    protected string? RowName { get; }

    protected IReadOnlyList<string> KeptNames { get; }

    protected IReadOnlyList<string> ResultNames { get; }

    protected Stream Output => _file.Stream;

    public override void Write(RowBatch batch)
    {
        for (var from = 0; from < batch.Count; )
        {
            var count = Math.Min(batch.Count - from, _positions.Length - _rows);
            batch.Positions.AsSpan(from, count).CopyTo(_positions.AsSpan(_rows));
            for (var i = 0; i < count; i++)
            {
                var result = batch.Result(from + i);
                for (var j = 0; j < _results.Length; j++)
                    _results[j][_rows + i] = result[j];
                for (var j = 0; j < _kept.Length; j++)
                {
                    _kept[j][_rows + i] = batch.Kept[from + i][j];
                    _letters += _kept[j][_rows + i].Length;
                }
            }

            (from, _rows) = (from + count, _rows + count);
            if (_rows == _positions.Length || _letters > MaxBytes / sizeof(char))
                Flush();
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
    protected abstract void WritePart(
        ReadOnlyMemory<long> positions,
        IReadOnlyList<ArraySegment<string>> kept,
        IReadOnlyList<ReadOnlyMemory<float>> results
    );

    /// <summary>Writes what follows the last part.</summary>
    protected abstract void End();

    private void Flush()
    {
        if (_rows > 0)
        {
            ArraySegment<string>[] kept = [.. _kept.Select(column => new ArraySegment<string>(column, 0, _rows))];
            WritePart(_positions.AsMemory(0, _rows), kept, [.. _results.Select(column => column.AsMemory(0, _rows))]);
        }

        _rows = _letters = 0;
    }
}
