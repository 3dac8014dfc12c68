using System.IO.Compression;
using Latent.Data.Rows;
using Parquet;
using Parquet.Schema;

namespace Latent.Data.Columns;

/// <summary>Writes a Parquet file, compressed with Zstandard.</summary>
internal sealed class ParquetSink : ColumnarSink
{
    private readonly DataField[] _fields;
    private readonly ParquetWriter _writer;

    /// <inheritdoc cref="ColumnarSink(string, IReadOnlyList{string}, IReadOnlyList{ResultColumn}, bool)"/>
    public ParquetSink(string path, IReadOnlyList<string> kept, IReadOnlyList<ResultColumn> results, bool numbered)
        : base(path, kept, results, numbered)
    {
        _fields =
        [
            .. RowName is null ? [] : (DataField[])[new DataField(RowName, typeof(long), isNullable: false)],
            .. kept.Select(name => new DataField(name, typeof(string), isNullable: false)),
            .. results.Select(column => new DataField(column.Name, TypeOf(column.Kind), isNullable: false)),
        ];
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_fields), Output, options).GetAwaiter().GetResult();
    }

    protected override void WritePart(ReadOnlyMemory<long> positions)
    {
        using var group = _writer.CreateRowGroup();
        var field = 0;
        if (RowName is not null)
            group.WriteAsync(_fields[field++], positions).GetAwaiter().GetResult();
        for (var i = 0; i < KeptNames.Count; i++)
            group.WriteAsync(_fields[field++], Kept(i)).GetAwaiter().GetResult();
        for (var i = 0; i < Results.Length; i++)
        {
            var to = _fields[field++];
            (
                Results[i].Kind switch
                {
                    ResultKind.Text => group.WriteAsync(to, Texts(i)),
                    ResultKind.Boolean => group.WriteAsync(to, Booleans(i)),
                    _ => group.WriteAsync(to, Numbers(i)),
                }
            )
                .GetAwaiter()
                .GetResult();
        }
    }

    protected override void End() => _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static Type TypeOf(ResultKind kind) =>
        kind switch
        {
            ResultKind.Text => typeof(string),
            ResultKind.Boolean => typeof(bool),
            _ => typeof(float),
        };
}
