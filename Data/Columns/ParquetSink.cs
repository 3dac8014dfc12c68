using System.IO.Compression;
using System.Text;
using Latent.Data.Rows;
using Parquet;
using Parquet.Schema;

namespace Latent.Data.Columns;

/// <summary>Writes a Parquet file, compressed with Zstandard.</summary>
internal sealed class ParquetSink : ColumnarSink
{
    // A page's head and the footer hold the smallest and the largest text of a column, whole.
    private const int LongestBound = 1024;

    private readonly DataField[] _fields;

    // Of the same names, for long texts.
    private readonly DataField[] _bytes;
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
        _bytes = [.. _fields.Select(field => new DataField(field.Name, typeof(byte[]), isNullable: false))];
        _ = new ParquetSchema(_bytes);
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
            WriteTexts(group, field++, Kept(i)).GetAwaiter().GetResult();
        for (var i = 0; i < Results.Length; i++)
        {
            (
                Results[i].Kind switch
                {
                    ResultKind.Text => WriteTexts(group, field, Texts(i)),
                    ResultKind.Boolean => group.WriteAsync(_fields[field], Booleans(i)),
                    _ => group.WriteAsync(_fields[field], Numbers(i)),
                }
            )
                .GetAwaiter()
                .GetResult();
            field++;
        }
    }

    protected override void End() => _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    // As bytes, texts have neither bounds nor a dictionary.
    private Task WriteTexts(ParquetRowGroupWriter group, int field, ArraySegment<string> texts) =>
        texts.Any(text => text.Length > LongestBound)
            ? group.WriteAsync<ReadOnlyMemory<byte>>(
                _bytes[field],
                texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text)).ToArray()
            )
            : group.WriteAsync(_fields[field], texts);

    private static Type TypeOf(ResultKind kind) =>
        kind switch
        {
            ResultKind.Text => typeof(string),
            ResultKind.Boolean => typeof(bool),
            _ => typeof(float),
        };
}
