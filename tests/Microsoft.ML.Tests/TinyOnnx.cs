using System.Text;

namespace Latent.ML.Tests;

/// <summary>Writes small ONNX graphs byte by byte, so that these tests need no model file.</summary>
internal static class TinyOnnx
{
    /// <summary>output [batch, columns] = input [batch, rows] times weights [rows, columns]; and twice = output + output.</summary>
    public static byte[] MatMul(int rows, int columns, float[] weights, string input = "input", string output = "output",
        string twice = "twice")
    {
        var graph = Message(
            Field(1, Node("MatMul", [input, "W"], [output])),
            Field(1, Node("Add", [output, output], [twice])),
            Field(2, "g"),
            Field(5, Message([.. new[] { rows, columns }.Select(d => Field(1, d)), Field(2, 1), Field(8, "W"), Field(9, Bytes(weights))])),
            Field(11, Value(input, rows)),
            Field(12, Value(output, columns)),
            Field(12, Value(twice, columns)));
        return Message(Field(1, 8), Field(7, graph), Field(8, Message(Field(2, 17))));
    }

    private static byte[] Node(string op, string[] inputs, string[] outputs) =>
        Message([.. inputs.Select(name => Field(1, name)), .. outputs.Select(name => Field(2, name)), Field(4, op)]);

    // float [batch, size]
    private static byte[] Value(string name, int size) => Message(Field(1, name), Field(2, Message(Field(1, Message(
        Field(1, 1), Field(2, Message(Field(1, Message(Field(2, "batch"))), Field(1, Message(Field(1, size))))))))));

    private static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    private static byte[] Field(int number, long value) => [(byte)(number << 3), .. Varint(value)];

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
