using System.Diagnostics;
using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Benchmarks;

/// <summary>
/// Encoding rows in memory: ApplyOnnxModel, raw runs in batches, and our transform, in one process, in alternating order.
/// </summary>
internal static class ScoreBenchmark
{
    private const int Features = 784;
    private const int Rows = 20_000;
    private static readonly int[] s_batches = [1, 64, 256, 1024];

    public static void Run(Markdown report, double seconds, int rounds)
    {
        OnnxRuntimeTelemetry.SwitchOff();
        report
            .Heading("Scoring")
            .Text(
                $"Rows/s when encoding {Rows:N0} rows of {Features} values in memory, {Engine.MLNet}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}; median of {rounds} rounds in alternating order, with a pause before each measurement because ONNX Runtime's threads spin after a run. \"Reading alone\" drains the column without a graph, on one thread; raw Run reads an array instead."
            );
        var folder = Directory.CreateTempSubdirectory("latent-bench-").FullName;
        try
        {
            var table = new[] { ("gemm", "784-16"), ("mlp", "784-256-128-16"), ("conv", "two convolutions of 28x28, 16") }
                .Select(graph => Measure(folder, graph.Item1, graph.Item2, seconds, rounds))
                .ToList();
            report.Table(
                [
                    "graph",
                    "ApplyOnnxModel",
                    .. s_batches.Select(b => $"raw Run, batch {b}"),
                    "reading alone",
                    "Encode",
                    "to ApplyOnnxModel",
                    "to raw Run at 256",
                ],
                table
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Measure(string folder, string name, string title, double seconds, int rounds)
    {
        var path = BenchmarkBundle.Create(folder, name);
        var ml = new MLContext(seed: 1);
        var random = new Random(1);
        var values = new float[Rows * Features];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Next(256);
        var rows = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, Rows).Select(i => new Row { Input = values[(i * Features)..((i + 1) * Features)] }).ToList()
        );
        using var bundle = LatentBundle.Load(path);
        using var session = new InferenceSession(Path.Combine(path, BundleFile.NameOf(BundleRole.Encoder)));
        int[] shape = [1, .. bundle.Manifest.Input.Shape];
        var theirs = ml
            .Transforms.ApplyOnnxModel(
                [TensorNames.LatentMean],
                [TensorNames.Input],
                Path.Combine(path, BundleFile.NameOf(BundleRole.Encoder)),
                new Dictionary<string, int[]> { [TensorNames.Input] = shape, [TensorNames.LatentMean] = [1, 16] },
                gpuDeviceId: null,
                fallbackToCpu: false
            )
            .Fit(rows)
            .Transform(rows);
        var ours = ml.Latent().Encode(bundle, "Code", TensorNames.Input).Fit(rows).Transform(rows);
        var runs = new List<Func<long>> { () => Drain(theirs, TensorNames.LatentMean) };
        runs.AddRange(s_batches.Select(batch => (Func<long>)(() => Raw(session, values, shape, batch))));
        runs.Add(() => Drain(rows, TensorNames.Input));
        runs.Add(() => Drain(ours, "Code"));
        var speeds = runs.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds + 1; round++)
        {
            var order = Enumerable.Range(0, runs.Count);
            foreach (var which in round % 2 == 0 ? order : order.Reverse())
            {
                Thread.Sleep(40);
                var (done, clock) = (0L, Stopwatch.StartNew());
                // The first round is long and not counted: the JIT compiles what is hot again for as long as that.
                while (clock.Elapsed.TotalSeconds < (round == 0 ? seconds / 2 : seconds / 10))
                    done += runs[which]();
                if (round > 0)
                    speeds[which].Add(done / clock.Elapsed.TotalSeconds);
            }
        }

        var medians = speeds.Select(Statistics.Median).ToList();
        return
        [
            title,
            .. medians.Select(m => m.ToString("N0", CultureInfo.InvariantCulture)),
            Ratio(medians[^1], medians[0]),
            Ratio(medians[^1], medians[1 + Array.IndexOf(s_batches, 256)]),
        ];
    }

    private static long Drain(IDataView view, string column)
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema[column]);
        VBuffer<float> buffer = default;
        var count = 0L;
        while (cursor.MoveNext())
        {
            getter(ref buffer);
            count++;
        }

        return count;
    }

    private static long Raw(InferenceSession session, float[] values, int[] shape, int batch)
    {
        using var options = new RunOptions();
        for (var first = 0; first < Rows; first += batch)
        {
            var count = Math.Min(batch, Rows - first);
            using var input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                values.AsMemory(first * Features, count * Features),
                [count, .. shape.Skip(1).Select(s => (long)s)]
            );
            using var output = session.Run(options, [TensorNames.Input], [input], [TensorNames.LatentMean]);
        }

        return Rows;
    }

    private static string Ratio(double a, double b) => (a / b).ToString("0.00", CultureInfo.InvariantCulture);

    private sealed class Row
    {
        [VectorType(Features), ColumnName(TensorNames.Input)]
        public float[] Input { get; set; } = [];
    }
}
