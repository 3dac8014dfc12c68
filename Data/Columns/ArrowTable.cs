using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Latent.Data.Files;

namespace Latent.Data.Columns;

/// <summary>Reads an Arrow IPC file or stream by record batches, of which the package reads all columns.</summary>
internal sealed class ArrowTable : ColumnarTable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly ArrowStreamReader _reader;
    private readonly ArrowAllocator _allocator = new();
    private readonly List<ArrowMessage> _messages;
    private readonly int[] _batches;
    private readonly Column[] _columns;
    private int _next;

    /// <summary>Opens a file.</summary>
    public ArrowTable(string path)
    {
        _path = path;
        _stream = InputFile.Open(path);
        try
        {
            var isFile = _stream.ReadByte() == 'A';
            _messages = isFile ? ArrowMessages.OfFile(_stream) : ArrowMessages.OfStream(_stream);
            _batches = [.. Enumerable.Range(0, _messages.Count).Where(i => !_messages[i].IsDictionary)];
            Parts = [.. _batches.Select(i => _messages[i].Rows)];
            _stream.Position = 0;
            var codecs = new CompressionCodecFactory();
            _reader = isFile
                ? new ArrowFileReader(_stream, _allocator, codecs)
                : new ArrowStreamReader(_stream, _allocator, codecs, leaveOpen: false);
            _columns = [.. _reader.Schema.FieldsList.Select(ArrowBlocks.Describe)];
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public override string PartName => "record batch";

    public override IReadOnlyList<Column> Columns => _columns;

    public override IReadOnlyList<long> Parts { get; }

    public override ColumnBlock[] Read(int part, int[] columns)
    {
        var batch = ReadBatch(part);
        if (batch.Length != Parts[part] || batch.ColumnCount != _columns.Length)
        {
            throw new InvalidDataException(
                $"it has {batch.ColumnCount} columns of {batch.Length} rows, not {_columns.Length} of {Parts[part]}"
            );
        }

        return
        [
            .. columns.Select(column =>
                batch.Column(column) is var array && array.Length == batch.Length
                    ? ArrowBlocks.Of(array)
                    : throw new InvalidDataException($"column {_columns[column].Name} has {array.Length} of {batch.Length} rows")
            ),
        ];
    }

    public override void Dispose() => _stream.Dispose();

    // In a stream, the dictionaries on the way there are read, each run of them with the batch after it.
    private RecordBatch ReadBatch(int part)
    {
        if (_reader is ArrowFileReader file)
        {
            MakeRoom(part, _messages.Where(message => message.IsDictionary).Append(_messages[_batches[part]]));
            return file.ReadRecordBatchAsync(part).AsTask().GetAwaiter().GetResult();
        }

        while (true)
        {
            while (_next < _batches[part] && !_messages[_next].IsDictionary)
                _next++;
            var first = _next;
            while (_messages[_next].IsDictionary)
                _next++;
            MakeRoom(part, _messages[first..(_next + 1)]);
            _stream.Position = _messages[first].At;
            var batch = _reader.ReadNextRecordBatch();
            if (_next++ == _batches[part])
                return batch;
        }
    }

    private void MakeRoom(int part, IEnumerable<ArrowMessage> messages)
    {
        var bytes = messages.Aggregate(Int128.Zero, (sum, message) => sum + message.Body);
        if (bytes > MaxBytes)
            throw TooLarge(_path, PartName, Parts[part], (long)bytes);
        _allocator.Left = Math.Min(MaxBytes, (1 << 16) + (long)bytes * MaxRatio);
    }
}
