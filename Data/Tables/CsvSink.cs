using System.Buffers;
using System.Globalization;
using System.Text;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Tables;

/// <summary>
/// Writes comma-separated values in UTF-8, with a header; numbers have as many digits as they need to be read back unchanged.
/// </summary>
internal sealed class CsvSink : RowSink
{
    private const int BufferSize = 1 << 16;
    private const int LongestNumber = 32;
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");

    private readonly OutputFile _file;
    private readonly ResultColumn[] _results;
    private readonly bool _numbered;
    private readonly bool _excelSafe;
    private byte[] _buffer = new byte[BufferSize];
    private int _used;

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
        RefuseSameNames(path, kept, results);
        _file = new OutputFile(path, bufferSize: 1, pack: true);
        if (!hasHeader)
            return;
        string[] all = [.. kept, .. results.Select(column => column.Name)];
        if (numbered)
            Add(all.Contains("row") ? "row_number" : "row");
        foreach (var name in all)
            Add(Safe(name));
        EndRow();
    }

    public override void Write(RowBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (_numbered)
                Add(batch.Positions[i]);
            foreach (var kept in batch.Kept[i])
                Add(Safe(kept));
            var numbers = batch.Result(i);
            var texts = batch.Texts(i);
            foreach (var (_, kind, index) in _results)
            {
                if (kind == ResultKind.Text)
                    Add(Safe(texts[index]));
                else if (kind == ResultKind.Boolean)
                    Add(numbers[index] != 0 ? "true" : "false");
                // Floats of ten millions and more would have exponents; what is no whole number, such as NaN, stays what it is.
                else if (kind == ResultKind.Whole && (long)numbers[index] == numbers[index])
                    Add((long)numbers[index]);
                else
                    Add(numbers[index]);
            }

            EndRow();
        }

        if (_file.IsStandardOutput)
            Flush();
    }

    public override void Complete()
    {
        Flush();
        _file.Complete();
    }

    public override void Dispose() => _file.Dispose();

    private string Safe(string text) =>
        _excelSafe && text.Length > 0 && "=+-@\t\r".Contains(text[0]) && !Number.Is(text, '.') ? '\'' + text : text;

    private void Add<T>(T number)
        where T : IUtf8SpanFormattable
    {
        Reserve(LongestNumber);
        number.TryFormat(_buffer.AsSpan(_used), out var written, default, CultureInfo.InvariantCulture);
        _used += written;
        _buffer[_used++] = (byte)',';
    }

    private void Add(string text)
    {
        var isQuoted = text.AsSpan().IndexOfAny(s_quoted) >= 0;
        if (isQuoted)
            text = text.Replace("\"", "\"\"", StringComparison.Ordinal);
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length) + 3);
        if (isQuoted)
            _buffer[_used++] = (byte)'"';
        _used += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_used));
        if (isQuoted)
            _buffer[_used++] = (byte)'"';
        _buffer[_used++] = (byte)',';
    }

    // In place of the last field's comma, which is never written out before.
    private void EndRow() => _buffer[_used - 1] = (byte)'\n';

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _used >= bytes)
            return;
        Flush();
        if (_buffer.Length < bytes)
            _buffer = new byte[bytes];
    }

    private void Flush()
    {
        _file.Stream.Write(_buffer.AsSpan(0, _used));
        _used = 0;
        if (_file.IsStandardOutput)
            _file.Stream.Flush();
    }
}
