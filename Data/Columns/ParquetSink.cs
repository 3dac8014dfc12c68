using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace Latent.Data.Columns;

/// <summary>Writes a Parquet file, compressed with Zstandard.</summary>
internal sealed class ParquetSink : ColumnarSink
{
    private readonly DataField[] _fields;
    private readonly ParquetWriter _writer;

    /// <inheritdoc cref="ColumnarSink(string, IReadOnlyList{string}, IReadOnlyList{string}, bool)"/>
    public ParquetSink(string path, IReadOnlyList<string> kept, IReadOnlyList<string> results, bool numbered)
        : base(path, kept, results, numbered)
    {
        _fields =
        [
            .. RowName is null ? [] : (DataField[])[new DataField(RowName, typeof(long), isNullable: false)],
            .. kept.Select(name => new DataField(name, typeof(string), isNullable: false)),
            .. results.Select(name => new DataField(name, typeof(float), isNullable: false)),
        ];
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_fields), Output, options).GetAwaiter().GetResult();
    }

    protected override void WritePart(
        ReadOnlyMemory<long> positions,
        IReadOnlyList<ArraySegment<string>> kept,
        IReadOnlyList<ReadOnlyMemory<float>> results
    )
    {
        using var group = _writer.CreateRowGroup();
        var field = 0;
        if (RowName is not null)
            group.WriteAsync(_fields[field++], positions).GetAwaiter().GetResult();
        foreach (var texts in kept)
            group.WriteAsync(_fields[field++], texts).GetAwaiter().GetResult();
        foreach (var values in results)
            group.WriteAsync(_fields[field++], values).GetAwaiter().GetResult();
    }

    protected override void End() => _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
