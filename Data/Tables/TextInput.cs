using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Data.Files;

namespace Latent.Data.Tables;

/// <summary>
/// Reads the characters of a table, and refuses bytes that are invalid in its encoding, NUL, and lines without an end, before they are
/// parsed.
/// </summary>
internal sealed class TextInput : TextReader
{
    /// <summary>The largest number of characters of a line.</summary>
    public const int LongestLine = 1 << 22;

    private const int Block = 1 << 16;
    private readonly Stream _stream;
    private readonly string _name;
    private readonly Encoding? _encoding;
    private readonly Decoder? _decoder;
    private readonly byte[] _bytes = new byte[Block];
    private char[] _chars = new char[Block + 16];
    private int _byteCount;
    private int _start;
    private int _end;
    private long _line = 1;
    private long _lineLength;
    private bool _ended;
    private bool _fresh;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The bytes, which are disposed together with this reader.</param>
    /// <param name="name">Name of the input in messages.</param>
    /// <param name="encoding">A name such as "windows-1252"; null for UTF-8, or UTF-16 if the bytes begin with its byte order mark.</param>
    /// <exception cref="LatentException">There is no such encoding.</exception>
    public TextInput(Stream stream, string name, string? encoding)
    {
        (_stream, _name) = (stream, name);
        // Read before the encoding is chosen, and decoded then.
        FillBytes();
        _fresh = true;
        _encoding =
            encoding is not null && !encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase) ? Find(encoding)
            : encoding is null && _bytes.AsSpan(0, _byteCount).StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Find("utf-16")
            : encoding is null && _bytes.AsSpan(0, _byteCount).StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Find("utf-16BE")
            : null;
        _decoder = _encoding?.GetDecoder();
        var bytes = _byteCount;
        Fill();
        CharactersPerByte = _end / Math.Max(1d, bytes - _byteCount);
        if (_end > 0 && _chars[0] == '\uFEFF')
            _start = 1;
    }

    /// <summary>Gets the number of characters per byte in the first block that was read.</summary>
    public double CharactersPerByte { get; }

    /// <summary>Reads to the end.</summary>
    /// <returns>Number of characters.</returns>
    public long CountCharacters()
    {
        var (count, buffer) = (0L, new char[Block]);
        while (Read(buffer) is > 0 and var read)
            count += read;
        return count;
    }

    /// <summary>
    /// Gets the text of the first record without its line end, and leaves it to be read; empty lines before it are skipped.
    /// </summary>
    /// <exception cref="LatentException">There is no record, or it is too long.</exception>
    public ReadOnlySpan<char> PeekRecord()
    {
        while (true)
        {
            var text = _chars.AsSpan(_start, _end - _start);
            var blank = text.IndexOfAnyExcept('\r', '\n');
            var quoted = false;
            for (var i = Math.Max(0, blank); i < text.Length && blank >= 0; i++)
            {
                if (text[i] == '"')
                    quoted = !quoted;
                else if (!quoted && text[i] is '\r' or '\n')
                    return text[blank..i];
            }

            if (_ended && blank >= 0)
                return text[blank..];
            if (_ended)
                throw new LatentException($"{_name} is empty; it must be a table.");
            if (text.Length > LongestLine)
            {
                throw new LatentException(
                    $"{_name} has a first record of over {LongestLine:N0} characters; a quote may be missing its partner, or it is no table."
                );
            }

            if (_chars.Length - _end < Block + 16)
                Array.Resize(ref _chars, 2 * _chars.Length);
            Fill();
        }
    }

    public override int Peek() => throw new NotSupportedException();

    public override int Read() => throw new NotSupportedException();

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int ReadBlock(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
            while (_end == 0 && !_ended)
                Fill();
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _chars.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override int ReadBlock(Span<char> buffer) => Read(buffer);

    protected override void Dispose(bool disposing)
    {
        _stream.Dispose();
        base.Dispose(disposing);
    }

    private void FillBytes()
    {
        try
        {
            var read = _stream.Read(_bytes.AsSpan(_byteCount));
            _ended = read == 0;
            _byteCount += read;
        }
        catch (Exception e) when (InputFile.IsRefusal(e))
        {
            throw new LatentException($"{_name} cannot be read beyond line {_line}: {FileError.Reason(e)}.", e);
        }
    }

    private void Fill()
    {
        if (!_fresh && !_ended)
            FillBytes();
        _fresh = false;
        var target = _chars.AsSpan(_end);
        var (used, made) = (0, 0);
        if (_decoder is null)
        {
            var status = Utf8.ToUtf16(
                _bytes.AsSpan(0, _byteCount),
                target,
                out used,
                out made,
                replaceInvalidSequences: false,
                isFinalBlock: _ended
            );
            if (status == OperationStatus.InvalidData)
            {
                Count(target[..made]);
                throw new LatentException(
                    $"{_name}, line {_line}, column {_lineLength + 1}, has a byte 0x{_bytes[used]:X2} that is no UTF-8; --encoding, or data.encoding in a recipe, says what it is written in."
                );
            }
        }
        else
        {
            try
            {
                _decoder.Convert(_bytes.AsSpan(0, _byteCount), target, flush: _ended, out used, out made, out _);
            }
            catch (DecoderFallbackException e)
            {
                throw new LatentException(
                    $"{_name} has bytes after line {_line} that are no {_encoding!.WebName}; --encoding, or data.encoding in a recipe, says what it is written in.",
                    e
                );
            }
        }

        _bytes.AsSpan(used, _byteCount - used).CopyTo(_bytes);
        _byteCount -= used;
        Count(target[..made]);
        _end += made;
    }

    private void Count(ReadOnlySpan<char> text)
    {
        var nul = text.IndexOf('\0');
        var whole = nul < 0 ? text : text[..nul];
        var last = whole.LastIndexOf('\n');
        if (last >= 0)
        {
            _line += whole.Count('\n');
            _lineLength = 0;
        }

        _lineLength += whole.Length - last - 1;
        if (nul >= 0)
        {
            throw new LatentException(
                $"{_name}, line {_line}, column {_lineLength + 1}, has a NUL character; a table is text without any, or --encoding says which."
            );
        }

        if (_lineLength > LongestLine)
            throw new LatentException($"{_name}, line {_line}, has over {LongestLine:N0} characters; lines of a table must be shorter.");
    }

    private static Encoding Find(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        // UTF-7 is known and refused, and some machines have code pages that are not supported.
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new LatentException($"There is no encoding '{name}'; utf-8, utf-16, iso-8859-1 and windows-1252 are some.", e);
        }
    }
}
