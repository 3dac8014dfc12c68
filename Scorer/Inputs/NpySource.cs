using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Latent.Contracts;

namespace Latent.Scorer.Inputs;

/// <summary>Rows of a NumPy array file: the first axis counts them, the others make a row.</summary>
internal sealed partial class NpySource : RowSource
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly string _type;
    private readonly byte[] _buffer;
    private readonly int _rowLength;
    private readonly long _from;
    private readonly long _to;
    private long _row;

    public NpySource(string path, int length, Shard shard, int batchSize)
    {
        _path = path;
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            (_type, var shape) = ReadHeader();
            var values = shape.Skip(1).Aggregate((Int128)1, (a, b) => a * b);
            if (values != length)
                throw new LatentException($"{path} has rows of {values} values, but the model takes {length}.");
            _rowLength = length * Size(_type);
            var expected = (Int128)shape[0] * _rowLength;
            if (expected != _file.Length - _file.Position)
                throw new LatentException($"{path} is not whole: its header promises {expected} bytes of values, and {_file.Length - _file.Position} follow.");
            (_from, _to) = shard.Range(shape[0], batchSize);
            _row = _from;
            _file.Position += _from * _rowLength;
            _buffer = new byte[_rowLength];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            throw new LatentException($"{path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
        catch
        {
            _file?.Dispose();
            throw;
        }
    }

    public override double? Progress => _to == _from ? 1 : (double)(_row - _from) / (_to - _from);

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        for (; batch.Consumed < batch.Capacity && _row < _to; _row++)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadRow();
            var row = batch.Row(batch.Count);
            Convert(row);
            batch.Consumed++;
            var bad = row.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
            if (bad >= 0)
            {
                batch.Skipped.Add(new SkippedInput($"{_path}[{_row}]", $"{_path}, row {_row}, value {bad}, is not a finite number."));
                continue;
            }
            batch.Positions[batch.Count] = _row;
            batch.Kept[batch.Count++] = [];
        }
        return batch.Consumed > 0;
    }

    public override void Dispose() => _file.Dispose();

    private void Convert(Span<float> row)
    {
        switch (_type)
        {
            case "<f4":
                MemoryMarshal.Cast<byte, float>(_buffer).CopyTo(row);
                break;
            case "<f8":
                Cast(MemoryMarshal.Cast<byte, double>(_buffer), row);
                break;
            case "<f2":
                Cast(MemoryMarshal.Cast<byte, Half>(_buffer), row);
                break;
            case "|u1":
                Cast<byte>(_buffer, row);
                break;
            case "<u2":
                Cast(MemoryMarshal.Cast<byte, ushort>(_buffer), row);
                break;
            case "<i4":
                Cast(MemoryMarshal.Cast<byte, int>(_buffer), row);
                break;
            default:
                Cast(MemoryMarshal.Cast<byte, long>(_buffer), row);
                break;
        }

        static void Cast<T>(ReadOnlySpan<T> from, Span<float> to)
            where T : struct, System.Numerics.INumberBase<T>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = float.CreateTruncating(from[i]);
        }
    }

    private void ReadRow()
    {
        try
        {
            if (_file.ReadAtLeast(_buffer, _rowLength, throwOnEndOfStream: false) < _rowLength)
                throw new LatentException($"{_path} ends within row {_row}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"{_path} cannot be read beyond row {_row}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private (string Type, long[] Shape) ReadHeader()
    {
        Span<byte> start = stackalloc byte[10];
        if (_file.ReadAtLeast(start, 10, throwOnEndOfStream: false) < 10 || start[0] != 0x93 || !start[1..].StartsWith("NUMPY"u8))
            throw new LatentException($"{_path} is not a NumPy array file.");
        int length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (start[6] >= 2)
        {
            Span<byte> rest = stackalloc byte[2];
            if (_file.ReadAtLeast(rest, 2, throwOnEndOfStream: false) < 2 || rest[1] != 0 || rest[0] > 15)
                throw new LatentException($"{_path} has a header of over 1 MiB, or none.");
            length |= rest[0] << 16;
        }
        var bytes = new byte[length];
        if (_file.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length)
            throw new LatentException($"{_path} ends within its header.");
        var header = Encoding.UTF8.GetString(bytes);
        var type = TypePattern().Match(header).Groups[1].Value;
        if (type is not ("<f4" or "<f8" or "<f2" or "|u1" or "<u2" or "<i4" or "<i8"))
            throw new LatentException($"{_path} has values of type '{type}'; they must be <f2, <f4, <f8, |u1, <u2, <i4 or <i8.");
        if (!FlatPattern().IsMatch(header))
            throw new LatentException($"{_path} is in Fortran order; it must be in C order.");
        var numbers = ShapePattern().Match(header).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shape = new long[numbers.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            if (!long.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]) || shape[i] > 1L << 48)
                throw new LatentException($"{_path} has a shape that cannot be: {Strip(header)}.");
        }
        return shape.Length is > 0 and <= 8 ? (type, shape) : throw new LatentException($"{_path} has no shape of rows: {Strip(header)}.");
    }

    private static int Size(string type) => type[2] - '0';

    private static string Strip(string header) => header.Length > 200 ? header[..200].Trim() : header.Trim();

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,8})'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*False")]
    private static partial Regex FlatPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9,\s]{0,200})\)")]
    private static partial Regex ShapePattern();
}
