using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Latent.Benchmarks;

/// <summary>How the time of a step grows with batch size, width and threads.</summary>
internal static class GrowthBenchmark
{
    private const int WarmUp = 3;
    private const int Rounds = 3;

    public static void Run(Markdown report, double seconds, int threads)
    {
        report
            .Heading("How cost grows")
            .Text(
                "Milliseconds per training step of 784-width-20-width-784 (ReLU, squared error, Adam), the minimum of all steps in three rounds. The exponent relates the time to the size, from the previous row to this one: 0 is constant, 1 linear, 2 quadratic."
            );
        var counts = new[] { 1, 2, threads }.Distinct().Where(c => c <= threads).ToArray();
        Table("batch size, at width 400", [1, 4, 16, 64, 256, 1024, 4096], (n, count) => Step(n, 400, count));
        Table("width, at batch 128", [64, 128, 256, 512, 1024, 2048, 4096], (n, count) => Step(128, n, count));
        report.Text(
            "Small batches do not scale linearly because Adam reads and writes every weight, its gradient and two moments whatever the batch size; small widths do not because the cost of the input's 784 values and of synchronizing the threads remains. The time for batches of thousands of rows grows faster than linearly: with 4,096 rows, a single tensor as wide as the input takes 13 MB, and a step goes over several of them, which no longer fit into the processor's caches. Large widths grow with exponent 1 as long as the layers to and from the input dominate: no layer connects two wide ones."
        );

        void Table(string what, int[] sizes, Func<int, int, double> measure)
        {
            // Rounds lie apart, because a virtual processor can be slow for the whole of one measurement.
            var rounds = Enumerable
                .Range(0, Rounds)
                .Select(_ => sizes.Select(n => counts.Select(c => measure(n, c)).ToArray()).ToArray())
                .ToArray();
            var times = sizes.Select((_, i) => counts.Select((_, c) => rounds.Min(r => r[i][c])).ToArray()).ToArray();
            report.Table(
                [what, .. counts.SelectMany(c => (string[])[$"{c} thread{(c > 1 ? "s" : "")}, ms", "exponent"])],
                sizes.Select(
                    (n, i) =>
                        (string[])
                            [
                                $"{n}",
                                .. counts.SelectMany(
                                    (_, c) =>
                                        (string[])
                                            [
                                                times[i][c].ToString("0.000", CultureInfo.InvariantCulture),
                                                i == 0
                                                    ? ""
                                                    : (
                                                        Math.Log(times[i][c] / times[i - 1][c]) / Math.Log((double)n / sizes[i - 1])
                                                    ).ToString("0.00", CultureInfo.InvariantCulture),
                                            ]
                                ),
                            ]
                )
            );
        }

        double Step(int batch, int width, int count)
        {
            set_num_threads(count);
            using var model = Sequential(Linear(784, width), ReLU(), Linear(width, 20), Linear(20, width), ReLU(), Linear(width, 784));
            using var optimizer = optim.Adam(model.parameters());
            using var x = rand(batch, 784);
            var (best, clock) = (double.MaxValue, Stopwatch.StartNew());
            for (var i = 0; i <= WarmUp || clock.Elapsed.TotalSeconds < seconds; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                functional.mse_loss(model.call(x), x).backward();
                optimizer.step();
                best = i < WarmUp ? best : Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return best;
        }
    }
}
