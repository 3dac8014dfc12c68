using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Latent.Data.Rows;

namespace Latent.Data.Columns;

/// <summary>Writes an uncompressed Arrow IPC file.</summary>
internal sealed class ArrowSink : ColumnarSink
{
    private readonly Schema _schema;
    private readonly ArrowFileWriter _writer;

    /// <inheritdoc cref="ColumnarSink(string, IReadOnlyList{string}, IReadOnlyList{ResultColumn}, bool)"/>
    public ArrowSink(string path, IReadOnlyList<string> kept, IReadOnlyList<ResultColumn> results, bool numbered)
        : base(path, kept, results, numbered)
    {
        Field[] fields =
        [
            .. RowName is null ? [] : (Field[])[new Field(RowName, Int64Type.Default, nullable: false)],
            .. kept.Select(name => new Field(name, StringType.Default, nullable: false)),
            .. results.Select(column => new Field(column.Name, TypeOf(column.Kind), nullable: false)),
        ];
        _schema = new Schema(fields, null);
        _writer = new ArrowFileWriter(Output, _schema, leaveOpen: true);
        _writer.WriteStart();
    }

    protected override void WritePart(ReadOnlyMemory<long> positions)
    {
        IArrowArray[] columns =
        [
            .. RowName is null ? [] : (IArrowArray[])[new Int64Array(Bytes(positions.Span), ArrowBuffer.Empty, positions.Length, 0, 0)],
            .. KeptNames.Select((_, i) => Strings(Kept(i))),
            .. Results.Select((column, i) => Values(column.Kind, i)),
        ];
        using var batch = new RecordBatch(_schema, columns, positions.Length);
        _writer.WriteRecordBatch(batch);
    }

    protected override void End() => _writer.WriteEnd();

    private IArrowArray Values(ResultKind kind, int result) =>
        kind switch
        {
            ResultKind.Text => Strings(Texts(result)),
            ResultKind.Boolean => new BooleanArray.Builder().AppendRange(Booleans(result).ToArray()).Build(),
            _ => new FloatArray(Bytes(Numbers(result).Span), ArrowBuffer.Empty, Numbers(result).Length, 0, 0),
        };

    private static StringArray Strings(ArraySegment<string> texts) => new StringArray.Builder().AppendRange(texts).Build();

    private static IArrowType TypeOf(ResultKind kind) =>
        kind switch
        {
            ResultKind.Text => StringType.Default,
            ResultKind.Boolean => BooleanType.Default,
            _ => FloatType.Default,
        };

    private static ArrowBuffer Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged => new(MemoryMarshal.AsBytes(values).ToArray());
}
