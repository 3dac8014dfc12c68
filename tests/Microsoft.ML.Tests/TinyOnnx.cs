using System.Text;

namespace Latent.ML.Tests;

/// <summary>Writes small ONNX graphs byte by byte, so that these tests need no model file.</summary>
internal static class TinyOnnx
{
    private const int Float16 = 10;

    /// <summary>
    /// output [batch, columns] = input [batch, rows] times weights [rows, columns]; twice = output + output; and, where it has a name, half
    /// = output in 16 bits.
    /// </summary>
    public static byte[] MatMul(int rows, int columns, float[] weights, string input = "input", string output = "output",
        string twice = "twice", string? half = null)
    {
        var graph = Message(
            Field(1, Node("MatMul", [input, "W"], [output])),
            Field(1, Node("Add", [output, output], [twice])),
            half is null ? [] : Field(1, Node("Cast", [output], [half], Message(Field(1, "to"), Field(3, Float16), Field(20, 2)))),
            Field(2, "g"),
            Field(5, Message([.. new[] { rows, columns }.Select(d => Field(1, d)), Field(2, 1), Field(8, "W"), Field(9, Bytes(weights))])),
            Field(11, Value(input, rows)),
            Field(12, Value(output, columns)),
            Field(12, Value(twice, columns)),
            half is null ? [] : Field(12, Value(half, columns, Float16)));
        return Message(Field(1, 8), Field(7, graph), Field(8, Message(Field(2, 17))));
    }

    private static byte[] Node(string op, string[] inputs, string[] outputs, byte[]? attribute = null) =>
        Message([.. inputs.Select(name => Field(1, name)), .. outputs.Select(name => Field(2, name)), Field(4, op),
            attribute is null ? [] : Field(5, attribute)]);

    // [batch, size], of float unless another kind is given
    private static byte[] Value(string name, int size, int kind = 1) => Message(Field(1, name), Field(2, Message(Field(1, Message(
        Field(1, kind), Field(2, Message(Field(1, Message(Field(2, "batch"))), Field(1, Message(Field(1, size))))))))));

    private static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    private static byte[] Field(int number, long value) => [.. Varint(number << 3), .. Varint(value)];

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Bytes(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value > 127; value >>= 7)
            yield return (byte)(value | 128);
        yield return (byte)value;
    }
}
