using System.Globalization;
using System.Text;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Tables;

/// <summary>Comma-separated values in UTF-8, with a header; numbers have as many digits as they need to come back the same.</summary>
internal sealed class CsvSink : RowSink
{
    private readonly OutputFile _file;
    private readonly int _results;
    private readonly bool _numbered;
    private readonly bool _excelSafe;
    private byte[] _buffer = new byte[1 << 16];
    private int _used;

    /// <summary>Begins a table.</summary>
    /// <param name="path">A file, packed where it ends in .gz or .zst, or "-" for standard output.</param>
    /// <param name="names">Names of all columns; null leaves the header out, for the second and later parts of a whole.</param>
    /// <param name="results">Number of results of a row.</param>
    /// <param name="numbered">Whether each row begins with its position in the input, counted from 0.</param>
    /// <param name="excelSafe">Whether an apostrophe is put before kept text that a spreadsheet would run as a formula.</param>
    public CsvSink(string path, IEnumerable<string>? names, int results, bool numbered, bool excelSafe = false)
    {
        _results = results;
        _numbered = numbered;
        _excelSafe = excelSafe;
        _file = new OutputFile(path, bufferSize: 1, pack: true);
        if (names is null)
            return;
        var first = true;
        string[] all = [.. names];
        if (numbered)
            all = [all.Contains("row") ? "row_number" : "row", .. all];
        foreach (var name in all)
        {
            Separate(ref first);
            Append(name);
        }
        Append((byte)'\n');
    }

    public override void Write(RowBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var first = true;
            if (_numbered)
            {
                Separate(ref first);
                Reserve(32);
                batch.Positions[row].TryFormat(_buffer.AsSpan(_used), out var digits, default, CultureInfo.InvariantCulture);
                _used += digits;
            }
            foreach (var kept in batch.Kept[row])
            {
                Separate(ref first);
                Append(kept);
            }
            foreach (var value in batch.Result(row)[.._results])
            {
                Separate(ref first);
                Reserve(32);
                value.TryFormat(_buffer.AsSpan(_used), out var written, default, CultureInfo.InvariantCulture);
                _used += written;
            }
            Append((byte)'\n');
        }
    }

    public override void Complete()
    {
        Flush();
        _file.Complete();
    }

    public override void Dispose() => _file.Dispose();

    private void Separate(ref bool first)
    {
        if (!first)
            Append((byte)',');
        first = false;
    }

    private void Append(byte value)
    {
        Reserve(1);
        _buffer[_used++] = value;
    }

    private void Append(string text)
    {
        if (_excelSafe && text.Length > 0 && "=+-@\t\r".Contains(text[0]) && !Number.Is(text, '.'))
            text = '\'' + text;
        var quoted = text.AsSpan().IndexOfAny(",\"\r\n") >= 0 || (text.Length > 0 && (text[0] == ' ' || text[^1] == ' '));
        if (quoted)
            text = $"\"{text.Replace("\"", "\"\"")}\"";
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _used += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_used));
    }

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
        _file.Stream.Write(_buffer, 0, _used);
        _used = 0;
        if (_file.IsStandardOutput)
            _file.Stream.Flush();
    }
}
