using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Latent.Benchmarks;

/// <summary>
/// The matrix product and the convolutions at the shapes that small autoencoders have, against the processor's peak of fused multiply-adds
/// and against PyTorch.
/// </summary>
internal static class GemmBenchmark
{
    private static readonly (string What, int M, int N, int K, bool TransposeA, bool TransposeB)[] s_products =
    [
        ("square", 1024, 1024, 1024, false, false),
        ("square, A transposed", 1024, 1024, 1024, true, false),
        ("square, B transposed", 1024, 1024, 1024, false, true),
        ("mlp-vae, 784 to 500", 100, 500, 784, false, true),
        ("mlp-vae, input gradient", 100, 784, 500, false, false),
        ("mlp-vae, weight gradient", 500, 784, 100, true, false),
        ("iwae, 784 to 200", 20, 200, 784, false, true),
        ("iwae, weight gradient", 200, 784, 20, true, false),
        ("deep-ae, 4096 to 256", 80, 256, 4096, false, true),
        ("deep-ae, input gradient", 80, 4096, 256, false, false),
        ("deep-ae, weight gradient", 256, 4096, 80, true, false),
    ];

    private static readonly (string What, int Batch, int In, int Size, int Out, int Kernel, int Stride, int Padding)[] s_convolutions =
    [
        ("conv-ae, 32 to 64", 80, 32, 31, 64, 3, 1, 0),
        ("conv-ae, 64 to 128", 80, 64, 14, 128, 3, 1, 0),
        ("conv-vae, 16 to 32", 32, 16, 32, 32, 3, 2, 1),
    ];

    public static void Run(Markdown report, double seconds, int threads)
    {
        report
            .Heading("Matrix products")
            .Text(
                $"GFLOP/s, {Engine.Name}: medians over intervals of 10 ms or three calls, each represented by its fastest call. Peak is the speed of independent fused multiply-adds right before and after each interval, because a virtual processor's speed changes from one second to the next; *at best* is the speed of the best interval relative to the peak of the best interval, which is what the product reaches when least disturbed. PyTorch is measured in the same way, in a separate process."
            );
        var counts = threads > 1 ? (int[])[1, threads] : [1];
        var torch = counts.ToDictionary(
            c => c,
            c =>
                !Peer.Installed
                    ? null
                    : Peer.Multiply(
                        s_products.Select(p => (object[])[p.M, p.N, p.K, p.TransposeA, p.TransposeB]),
                        s_convolutions.Select(c => (int[])[c.Batch, c.In, c.Size, c.Out, c.Kernel, c.Stride, c.Padding]),
                        seconds,
                        c
                    )
        );
        if (!Peer.Installed)
            report.Text("PyTorch is not included: it needs Debian's python3-torch with libopenblas0-openmp.");
        var rows = new List<string[]>();
        var peaks = counts.ToDictionary(c => c, _ => new List<double>());
        foreach (var (what, m, n, k, transposeA, transposeB) in s_products)
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var a = transposeA ? rand(k, m).t() : rand(m, k);
            var b = transposeB ? rand(n, k).t() : rand(k, n);
            rows.Add([
                what,
                $"{m}x{n}x{k}{(transposeA ? " TN" : transposeB ? " NT" : "")}",
                .. counts.SelectMany(c => Measure(c, 2.0 * m * n * k, () => mm(a, b).Dispose())),
            ]);
        }

        foreach (var (what, batch, channels, size, filters, kernel, stride, padding) in s_convolutions)
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var (x, w) = (rand(batch, channels, size, size), rand(filters, channels, kernel, kernel));
            var output = (size + 2 * padding - kernel) / stride + 1;
            rows.Add([
                what,
                $"{batch}x{channels}x{size}x{size}, {kernel}x{kernel}/{stride}",
                .. counts.SelectMany(c =>
                    Measure(
                        c,
                        2.0 * batch * filters * output * output * channels * kernel * kernel,
                        () => nn.functional.conv2d(x, w, strides: [stride, stride], padding: [padding, padding]).Dispose()
                    )
                ),
            ]);
        }

        report.Table(
            [
                "product",
                "shape",
                .. counts.SelectMany(c => (string[])[$"GFLOP/s, {c} thread{(c > 1 ? "s" : "")}", "of peak", "at best", "PyTorch"]),
            ],
            rows
        );
        report.Text(
            "Peak: "
                + string.Join(
                    ", ",
                    peaks.Select(p =>
                        FormattableString.Invariant($"{Statistics.Median(p.Value):0} GFLOP/s on {p.Key} thread{(p.Key > 1 ? "s" : "")}")
                    )
                )
                + "."
        );

        static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);

        static string Share(double value) => value.ToString("0%", CultureInfo.InvariantCulture);

        string[] Measure(int count, double flops, Action action)
        {
            set_num_threads(count);
            action();
            var (rates, shares, around, clock) = (new List<double>(), new List<double>(), new List<double>(), Stopwatch.StartNew());
            using var peak = new Peak(count);
            around.Add(peak.Now());
            do
            {
                var (best, moment) = (double.MaxValue, Stopwatch.StartNew());
                // The peak is the best of as many runs, too: a long product that was disturbed in its only call would be held against its
                // kernel.
                for (var calls = 0; calls < 3 || moment.ElapsedMilliseconds < 10; calls++)
                {
                    var start = Stopwatch.GetTimestamp();
                    action();
                    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
                }

                var after = peak.Now();
                rates.Add(flops / best);
                shares.Add(flops / best / Math.Max(around[^1], after));
                around.Add(after);
            } while (clock.Elapsed.TotalSeconds < seconds);

            peaks[count].AddRange(around);
            return
            [
                Number(Statistics.Median(rates)),
                Share(Statistics.Median(shares)),
                Share(rates.Max() / around.Max()),
                torch[count] is { } others ? Number(others[rows.Count]) : "-",
            ];
        }
    }
}
