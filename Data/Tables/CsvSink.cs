using System.Text;
using Latent.Data.Files;
using Latent.Data.Rows;
using nietras.SeparatedValues;

namespace Latent.Data.Tables;

/// <summary>
/// Writes comma-separated values in UTF-8, with a header; numbers have as many digits as they need to be read back unchanged.
/// </summary>
internal sealed class CsvSink : RowSink
{
    private readonly OutputFile _file;
    private readonly SepWriter _writer;
    private readonly ResultColumn[] _results;
    private readonly bool _numbered;
    private readonly bool _excelSafe;

    /// <summary>Begins a table.</summary>
    /// <param name="path">A file, compressed if its name ends in .gz or .zst, or "-" for standard output.</param>
    /// <param name="kept">Names of the kept columns.</param>
    /// <param name="results">The columns of results.</param>
    /// <param name="numbered">Whether each row begins with its position in the input, counted from 0.</param>
    /// <param name="excelSafe">Whether an apostrophe is put before text that a spreadsheet would run as a formula.</param>
    /// <param name="hasHeader">Whether the first line has names: the second and later parts of a whole have none.</param>
    public CsvSink(
        string path,
        IReadOnlyList<string> kept,
        IReadOnlyList<ResultColumn> results,
        bool numbered,
        bool excelSafe = false,
        bool hasHeader = true
    )
    {
        _results = [.. results];
        _numbered = numbered;
        _excelSafe = excelSafe;
        _file = new OutputFile(path, bufferSize: 1, pack: true);
        var text = new StreamWriter(_file.Stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        // The header is a row like any other: two columns may have one name.
        _writer = Sep.New(',').Writer(options => options with { WriteHeader = false, Escape = true }).To(text);
        if (!hasHeader)
            return;
        string[] all = [.. kept, .. results.Select(column => column.Name)];
        using var header = _writer.NewRow();
        var column = 0;
        if (numbered)
            header[column++].Set(all.Contains("row") ? "row_number" : "row");
        foreach (var name in all)
            header[column++].Set(Safe(name));
    }

    public override void Write(RowBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            using var row = _writer.NewRow();
            var column = 0;
            if (_numbered)
                row[column++].Format(batch.Positions[i]);
            foreach (var kept in batch.Kept[i])
                row[column++].Set(Safe(kept));
            foreach (var result in _results)
            {
                switch (result.Kind)
                {
                    case ResultKind.Text:
                        row[column++].Set(Safe(batch.Texts(i)[result.Index]));
                        break;
                    case ResultKind.Boolean:
                        row[column++].Set(batch.Result(i)[result.Index] != 0 ? "true" : "false");
                        break;
                    // Floats of ten millions and more would have exponents; what is no whole number, such as NaN, stays what it is.
                    case ResultKind.Whole when batch.Result(i)[result.Index] is var whole && (long)whole == whole:
                        row[column++].Format((long)whole);
                        break;
                    default:
                        row[column++].Format(batch.Result(i)[result.Index]);
                        break;
                }
            }
        }

        if (_file.IsStandardOutput)
            _writer.Flush();
    }

    public override void Complete()
    {
        _writer.Dispose();
        _file.Complete();
    }

    public override void Dispose() => _file.Dispose();

    private string Safe(string text) =>
        _excelSafe && text.Length > 0 && "=+-@\t\r".Contains(text[0]) && !Number.Is(text, '.') ? '\'' + text : text;
}
