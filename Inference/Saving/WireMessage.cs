using System.Text;
using Latent.Contracts;

namespace Latent.Inference.Saving;

/// <summary>
/// Represents a protobuf message as its fields in order, and keeps unknown ones: enough to rename the tensors of a graph without the whole
/// of ONNX's schema.
/// </summary>
internal sealed class WireMessage
{
    private const int Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5;

    /// <summary>Gets the field numbers with their wire type and payload, without tag or length.</summary>
    public List<(int Number, int WireType, ReadOnlyMemory<byte> Payload)> Fields { get; } = [];

    /// <summary>Reads a message.</summary>
    /// <exception cref="LatentException">The bytes are not a protobuf message.</exception>
    public static WireMessage Parse(ReadOnlyMemory<byte> bytes)
    {
        var message = new WireMessage();
        var position = 0;
        while (position < bytes.Length)
        {
            var tag = ReadVarint(bytes.Span, ref position);
            var start = position;
            var length = 0ul;
            switch ((int)(tag & 7))
            {
                case Varint:
                    ReadVarint(bytes.Span, ref position);
                    length = (ulong)(position - start);
                    break;
                case Fixed64:
                    length = 8;
                    break;
                case Bytes:
                    length = ReadVarint(bytes.Span, ref position);
                    start = position;
                    break;
                case Fixed32:
                    length = 4;
                    break;
                default:
                    throw Damaged();
            }

            if (length > (ulong)(bytes.Length - start) || tag >> 3 is 0 or > int.MaxValue)
                throw Damaged();
            message.Fields.Add(((int)(tag >> 3), (int)(tag & 7), bytes.Slice(start, (int)length)));
            position = start + (int)length;
        }

        return message;
    }

    /// <summary>Gets the messages of a repeated field.</summary>
    public IEnumerable<WireMessage> Messages(int number) => Payloads(number).Select(Parse);

    /// <summary>Gets the strings of a repeated field.</summary>
    public IEnumerable<string> Strings(int number) => Payloads(number).Select(p => Encoding.UTF8.GetString(p.Span));

    /// <summary>Gets the signed integers of a repeated field, packed or not.</summary>
    public IEnumerable<long> Numbers(int number)
    {
        foreach (var (_, _, payload) in Fields.Where(f => f.Number == number && f.WireType is (Varint or Bytes)))
        {
            for (var position = 0; position < payload.Length; )
                yield return (long)ReadVarint(payload.Span, ref position);
        }
    }

    public WireMessage Add(int number, string text)
    {
        Fields.Add((number, Bytes, Encoding.UTF8.GetBytes(text)));
        return this;
    }

    public WireMessage Add(int number, byte[] bytes)
    {
        Fields.Add((number, Bytes, bytes));
        return this;
    }

    public WireMessage Add(int number, int value)
    {
        using var stream = new MemoryStream();
        WriteVarint(stream, (ulong)value);
        Fields.Add((number, Varint, stream.ToArray()));
        return this;
    }

    public WireMessage Add(int number, WireMessage message)
    {
        Fields.Add((number, Bytes, message.ToArray()));
        return this;
    }

    /// <summary>Changes every payload of a length-delimited field.</summary>
    public void Replace(int number, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> change)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Number == number && Fields[i].WireType == Bytes)
                Fields[i] = Fields[i] with { Payload = change(Fields[i].Payload) };
        }
    }

    /// <summary>Changes the strings of a field; empty ones, which mean "absent" in ONNX, stay.</summary>
    public void ReplaceStrings(int number, Func<string, string> change) =>
        Replace(number, p => p.Length == 0 ? p : Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(p.Span))));

    /// <summary>Changes the messages of a field.</summary>
    public void ReplaceMessages(int number, Action<WireMessage> change) =>
        Replace(
            number,
            p =>
            {
                var message = Parse(p);
                change(message);
                return message.ToArray();
            }
        );

    public byte[] ToArray()
    {
        using var stream = new MemoryStream();
        foreach (var (number, wireType, payload) in Fields)
        {
            WriteVarint(stream, ((ulong)number << 3) | (uint)wireType);
            if (wireType == Bytes)
                WriteVarint(stream, (ulong)payload.Length);
            stream.Write(payload.Span);
        }

        return stream.ToArray();
    }

    private IEnumerable<ReadOnlyMemory<byte>> Payloads(int number) =>
        Fields.Where(f => f.Number == number && f.WireType == Bytes).Select(f => f.Payload);

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int position)
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position >= bytes.Length)
                throw Damaged();
            var next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Damaged();
    }

    private static void WriteVarint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }

    private static LatentException Damaged() => new("An ONNX graph is damaged: it is not a whole protobuf message.");
}
