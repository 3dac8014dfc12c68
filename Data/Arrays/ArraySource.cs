using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Arrays;

/// <summary>
/// Reads rows of an array, NumPy's NPY or MNIST's IDX, plain or compressed: the first axis counts them, the others make a row.
/// </summary>
internal sealed class ArraySource : RowSource
{
    // Deflate packs no more than 1032 bytes into one, and Zstandard 128 KiB into the four of a block, so that a header can't ask for memory
    // that its file couldn't fill.
    private const long MaxGzipRatio = 1032;
    private const long MaxZstandardRatio = (128 << 10) / 4;

    // Eight axes of 31 bits are more than 128 bits hold.
    private const long Limit = 1L << 60;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly ArrayHeader _header;
    private readonly byte[] _buffer;
    private readonly bool _packed;
    private readonly long _from;
    private readonly long _to;
    private long _row;

    /// <summary>Opens an array.</summary>
    /// <param name="path">A file, whose first bytes decide its format.</param>
    /// <param name="shard">The part of the rows that is read.</param>
    /// <param name="batchSize">Rows of a batch, between which shards are cut.</param>
    /// <exception cref="LatentException">The file can't be read, or its length differs from its header.</exception>
    public ArraySource(string path, Shard shard, int batchSize)
    {
        _path = path;
        _stream = InputFile.Unpack(path, out var file);
        try
        {
            _packed = _stream != file;
            _header = ArrayHeader.Read(_stream, path);
            var rowBytes = _header
                .Shape[1..]
                .Aggregate((Int128)_header.Type.Size, (product, axis) => product > Limit ? product : product * axis);
            var expected = rowBytes * _header.Shape[0];
            var there =
                !_packed ? file.Length - file.Position
                : _stream is GzipInput ? MaxGzipRatio * file.Length
                : MaxZstandardRatio * file.Length;
            if (expected > there)
            {
                throw new LatentException(
                    $"{path} is truncated: its header promises {expected} bytes of values ({_header.Text}), and {(_packed ? "its file is too short for so many" : $"{there} follow")}."
                );
            }

            if (!_packed && expected < there)
            {
                throw new LatentException(
                    $"{path} is longer than its header says: {expected} bytes of values ({_header.Text}), and {there} follow."
                );
            }

            if (rowBytes > 1 << 30)
            {
                throw new LatentException(
                    $"{path} has rows of {rowBytes:N0} bytes ({_header.Text}); rows of at most {1 << 30:N0} are read."
                );
            }

            _buffer = new byte[(int)rowBytes];
            (_from, _to) = shard.Range(_header.Shape[0], batchSize);
            if (_packed)
            {
                for (; _row < _from; _row++)
                    Fill();
            }
            else
            {
                _stream.Position += _from * _buffer.Length;
                _row = _from;
            }
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Gets the sizes of the axes; the first counts rows.</summary>
    public IReadOnlyList<long> Shape => _header.Shape;

    public override int RowLength => _buffer.Length / _header.Type.Size;

    public override long? Count => _to - _from;

    public override double? Progress => _to == _from ? 1 : (double)(_row - _from) / (_to - _from);

    /// <summary>Tells by a file's name whether it is an array that can be read here.</summary>
    public static bool IsArray(string path)
    {
        var name = InputFile.WithoutPacking(path);
        return name.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("-ubyte", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".idx", StringComparison.OrdinalIgnoreCase);
    }

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        for (; batch.Consumed < batch.Capacity && _row < _to; _row++)
        {
            cancellation.ThrowIfCancellationRequested();
            Fill();
            var row = batch.Row(batch.Count);
            _header.Type.Convert(_buffer, row);
            batch.Consumed++;
            var bad = row.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
            if (bad >= 0)
            {
                var what = float.IsNaN(row[bad]) ? "NaN" : "infinite, or more than a 32-bit float holds";
                batch.Skipped.Add(
                    new SkippedInput(
                        $"{_path}[{_row}]",
                        $"{_path} has a value that is {what}, in row {_row}, column {bad} (both counted from 0); every value must be finite."
                    )
                );
                continue;
            }

            batch.Positions[batch.Count] = _row;
            batch.Kept[batch.Count++] = [];
        }

        if (_packed && _row == _header.Shape[0] && batch.Consumed == 0 && ReadByte() >= 0)
            throw new LatentException($"{_path} is longer than its header says ({_header.Text}).");
        return batch.Consumed > 0;
    }

    public override void Dispose() => _stream.Dispose();

    private int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return ReadAtLeast(one) == 0 ? -1 : one[0];
    }

    private void Fill()
    {
        if (ReadAtLeast(_buffer) < _buffer.Length)
            throw new LatentException($"{_path} is truncated: it ends within row {_row}.");
    }

    private int ReadAtLeast(Span<byte> bytes)
    {
        try
        {
            return _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (InputFile.IsRefusal(e))
        {
            throw new LatentException($"{_path} cannot be read beyond row {_row}: {FileError.Reason(e)}.", e);
        }
    }
}
