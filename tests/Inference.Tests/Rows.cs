using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Tests;

/// <summary>Rows for tests, and what a graph says of them when ONNX Runtime is asked directly.</summary>
internal static class Rows
{
    public static float[][] Table(int count) => Make(count, 6, r => (float)(r.NextDouble() * 60 - 20));

    public static float[][] Pixels(int count) => Make(count, 64, r => r.Next(256));

    public static float[][] Colours(int count) => Make(count, 192, r => r.Next(256));

    public static float[][] Codes(int count, int length) => Make(count, length, r => (float)(r.NextDouble() * 4 - 2));

    public static float[][] Raw(string bundle, string graph, string output, float[][] rows, int batch = int.MaxValue)
    {
        using var session = new InferenceSession(Path.Combine(bundle, graph + ".onnx"));
        var (name, shape) = session.InputMetadata.Select(i => (i.Key, i.Value.Dimensions)).Single();
        var results = new List<float[]>();
        foreach (var portion in rows.Chunk(batch))
        {
            long[] dimensions = [portion.Length, .. shape.Skip(1).Select(n => (long)n)];
            using var input = OrtValue.CreateTensorValueFromMemory([.. portion.SelectMany(r => r)], dimensions);
            using var options = new RunOptions();
            using var outputs = session.Run(options, new Dictionary<string, OrtValue> { [name] = input }, [output]);
            var values = outputs[0].GetTensorDataAsSpan<float>().ToArray();
            results.AddRange(values.Chunk(values.Length / portion.Length));
        }

        return [.. results];
    }

    public static float[][] Vectors(IDataView data, string column)
    {
        var result = new List<float[]>();
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var getter = cursor.GetGetter<Microsoft.ML.Data.VBuffer<float>>(data.Schema[column]);
        var value = default(Microsoft.ML.Data.VBuffer<float>);
        while (cursor.MoveNext())
        {
            getter(ref value);
            result.Add([.. value.DenseValues()]);
        }

        return [.. result];
    }

    public static float[] Scalars(IDataView data, string column)
    {
        var result = new List<float>();
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var getter = cursor.GetGetter<float>(data.Schema[column]);
        var value = 0f;
        while (cursor.MoveNext())
        {
            getter(ref value);
            result.Add(value);
        }

        return [.. result];
    }

    private static float[][] Make(int count, int length, Func<Random, float> value)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => value(random)).ToArray())];
    }
}
