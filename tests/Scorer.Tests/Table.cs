using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;

namespace Latent.Tests;

/// <summary>Rows for the table bundle, and what it makes of them when it is asked directly.</summary>
internal static class Table
{
    public static float[][] Rows(int count)
    {
        var random = new Random(11);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => Enumerable.Range(0, 6).Select(_ => MathF.Round((float)(random.NextDouble() * 60 - 20), 3)).ToArray()),
        ];
    }

    public static string Csv(float[][] rows, string separator = ",", bool header = true) =>
        (header ? string.Join(separator, "a", "b", "c", "d", "e", "f") + "\n" : "")
        + string.Concat(rows.Select(r => string.Join(separator, r.Select(v => v.ToString(CultureInfo.InvariantCulture))) + "\n"));

    public static float[][] Codes(float[][] rows, int batch = 256) => Run(BundleRole.Encoder, TensorNames.LatentMean, rows, batch);

    public static float[][] Run(BundleRole graph, string tensor, float[][] rows, int batch = 256)
    {
        using var bundle = LatentBundle.Load(TestBundles.Table);
        using var runner = new GraphRunner(bundle, graph, batch, tensor);
        var results = new List<float[]>();
        foreach (var portion in rows.Chunk(batch))
        {
            for (var i = 0; i < portion.Length; i++)
                portion[i].CopyTo(runner.InputRow(i));
            runner.Run(portion.Length);
            for (var i = 0; i < portion.Length; i++)
                results.Add(runner.Output(0, i).ToArray());
        }

        return [.. results];
    }

    /// <summary>The numbers of a table from a column on, that of the row's number left out.</summary>
    public static float[][] Numbers(string csv, int from = 0, bool header = true) =>
        [
            .. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Skip(header ? 1 : 0)
                .Select(l =>
                    l.Split(',')
                        .Skip(from + (csv.StartsWith("row,", StringComparison.Ordinal) ? 1 : 0))
                        .Select(v => float.Parse(v, CultureInfo.InvariantCulture))
                        .ToArray()
                ),
        ];
}
