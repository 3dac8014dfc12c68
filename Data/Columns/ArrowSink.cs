using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Latent.Data.Columns;

/// <summary>Writes an uncompressed Arrow IPC file.</summary>
internal sealed class ArrowSink : ColumnarSink
{
    private readonly Schema _schema;
    private readonly ArrowFileWriter _writer;

    /// <inheritdoc cref="ColumnarSink(string, IReadOnlyList{string}, IReadOnlyList{string}, bool)"/>
    public ArrowSink(string path, IReadOnlyList<string> kept, IReadOnlyList<string> results, bool numbered)
        : base(path, kept, results, numbered)
    {
        Field[] fields =
        [
            .. RowName is null ? [] : (Field[])[new Field(RowName, Int64Type.Default, nullable: false)],
            .. kept.Select(name => new Field(name, StringType.Default, nullable: false)),
            .. results.Select(name => new Field(name, FloatType.Default, nullable: false)),
        ];
        _schema = new Schema(fields, null);
        _writer = new ArrowFileWriter(Output, _schema, leaveOpen: true);
        _writer.WriteStart();
    }

    protected override void WritePart(
        ReadOnlyMemory<long> positions,
        IReadOnlyList<ArraySegment<string>> kept,
        IReadOnlyList<ReadOnlyMemory<float>> results
    )
    {
        IArrowArray[] columns =
        [
            .. RowName is null ? [] : (IArrowArray[])[new Int64Array(Bytes(positions.Span), ArrowBuffer.Empty, positions.Length, 0, 0)],
            .. kept.Select(texts => new StringArray.Builder().AppendRange(texts).Build()),
            .. results.Select(values => new FloatArray(Bytes(values.Span), ArrowBuffer.Empty, values.Length, 0, 0)),
        ];
        using var batch = new RecordBatch(_schema, columns, positions.Length);
        _writer.WriteRecordBatch(batch);
    }

    protected override void End() => _writer.WriteEnd();

    private static ArrowBuffer Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => new(MemoryMarshal.AsBytes(values).ToArray());
}
