using Latent.Contracts.Tables;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Latent.Tests;

/// <summary>What a table's graph says when ONNX Runtime is asked directly, and values of columns of any type.</summary>
internal static class TableRows
{
    /// <summary>Runs a graph on rows of cells, whose words are texts that no level is where they are unseen.</summary>
    public static float[][] Raw(LatentBundle bundle, string graph, string output, float[][] cells)
    {
        var table = bundle.Manifest.Input.Table!;
        var (numbers, categories) = (table.Numbers(), table.Categories());
        using var session = new InferenceSession(Path.Combine(bundle.Name, graph + ".onnx"));
        var inputs = new List<NamedOnnxValue>();
        if (numbers.Count > 0)
        {
            var values = new DenseTensor<float>(
                cells.SelectMany(row => numbers.Select(i => row[i])).ToArray(),
                [cells.Length, numbers.Count]
            );
            inputs.Add(NamedOnnxValue.CreateFromTensor(categories.Count > 0 ? "numbers" : "input", values));
        }

        if (categories.Count > 0)
        {
            var words = cells.SelectMany(row => categories.Select(i => Word(table.Columns[i], row[i]))).ToArray();
            inputs.Add(NamedOnnxValue.CreateFromTensor("categories", new DenseTensor<string>(words, [cells.Length, categories.Count])));
        }

        using var results = session.Run(inputs, [output]);
        var found = results[0].AsEnumerable<float>().ToArray();
        return [.. found.Chunk(found.Length / cells.Length)];
    }

    /// <summary>Reads a column.</summary>
    public static T[] Values<T>(IDataView data, string column)
    {
        var result = new List<T>();
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var getter = cursor.GetGetter<T>(data.Schema[column]);
        while (cursor.MoveNext())
        {
            var value = default(T)!;
            getter(ref value);
            result.Add(value);
        }

        return [.. result];
    }

    public static string[] Texts(IDataView data, string column) =>
        [.. Values<ReadOnlyMemory<char>>(data, column).Select(text => text.ToString())];

    public static void AssertClose(IEnumerable<float[]> expected, IEnumerable<float[]> actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.Count(), actual.Count());
        foreach (var (row, (expectedRow, actualRow)) in expected.Zip(actual).Index())
        {
            Assert.Equal(expectedRow.Length, actualRow.Length);
            foreach (var (e, a) in expectedRow.Zip(actualRow))
                Assert.True(e == a || Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e)), $"row {row}: {e} against {a}");
        }
    }

    private static string Word(TableColumn column, float cell) =>
        cell == TableDescription.Missing ? ""
        : cell == TableDescription.Unseen ? "of no vocabulary"
        : column.Levels![(int)cell];
}
