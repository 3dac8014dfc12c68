using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Latent.Benchmarks;

/// <summary>PyTorch eager on the same model, in a process of its own.</summary>
internal static class Peer
{
    private const string Python = "/usr/bin/python3";

    // What GemmBenchmark does with ours: the best call of each moment of 10 ms or three calls, and the median of these.
    private const string Products = """
        import json, sys, time, torch
        torch.set_num_threads(int(sys.argv[1]))
        def rate(flops, act):
            act()
            rates, end = [], time.perf_counter() + float(sys.argv[2])
            while not rates or time.perf_counter() < end:
                best, calls, moment = float("inf"), 0, time.perf_counter() + 0.01
                while calls < 3 or time.perf_counter() < moment:
                    start = time.perf_counter()
                    act()
                    best, calls = min(best, time.perf_counter() - start), calls + 1
                rates.append(flops / best / 1e9)
            return sorted(rates)[len(rates) // 2]
        figures = []
        with torch.no_grad():
            for m, n, k, ta, tb in json.loads(sys.argv[3]):
                a = torch.rand(k, m).t() if ta else torch.rand(m, k)
                b = torch.rand(n, k).t() if tb else torch.rand(k, n)
                figures.append(rate(2 * m * n * k, lambda: torch.mm(a, b)))
            for batch, channels, size, filters, kernel, stride, padding in json.loads(sys.argv[4]):
                x, w = torch.rand(batch, channels, size, size), torch.rand(filters, channels, kernel, kernel)
                out = (size + 2 * padding - kernel) // stride + 1
                figures.append(rate(2 * batch * filters * out * out * channels * kernel * kernel, lambda: torch.conv2d(x, w, None, stride, padding)))
        print(json.dumps(figures))
        """;

    private static readonly Lazy<bool> s_installed = new(() => File.Exists(Python) && Run("-c", "import torch") is not null);

    /// <summary>Whether python3-torch is there.</summary>
    public static bool Installed => s_installed.Value;

    /// <summary>The peer's script, or null where it or python3-torch is missing.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "shared", "peers", "torch_train.py");
            if (File.Exists(script))
                return Installed ? script : null;
        }

        return null;
    }

    /// <summary>Samples a second.</summary>
    public static double Measure(string script, string model, double seconds, int threads, bool tuned)
    {
        string[] arguments =
        [
            script,
            "--models",
            model,
            "--seconds",
            seconds.ToString(CultureInfo.InvariantCulture),
            "--threads",
            $"{threads}",
            .. tuned ? (string[])["--tuned"] : [],
        ];
        var line =
            Run(arguments)
            ?? throw new InvalidOperationException($"{Python} {string.Join(' ', arguments)} failed; run it by hand to see why.");
        using var json = JsonDocument.Parse(line.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        return json.RootElement.GetProperty("samples_per_s").GetDouble();
    }

    /// <summary>
    /// GFLOP/s of matrix products (m, n, k, A transposed, B transposed) and of convolutions (batch, channels, size, filters, kernel,
    /// stride, padding).
    /// </summary>
    public static double[] Multiply(IEnumerable<object[]> products, IEnumerable<int[]> convolutions, double seconds, int threads)
    {
        var figures =
            Run(
                "-c",
                Products,
                $"{threads}",
                seconds.ToString(CultureInfo.InvariantCulture),
                JsonSerializer.Serialize(products),
                JsonSerializer.Serialize(convolutions)
            )
            ?? throw new InvalidOperationException(
                $"PyTorch's matrix products failed; run {Python} -c \"import torch\" by hand to see why."
            );
        return JsonSerializer.Deserialize<double[]>(figures)!;
    }

    private static string? Run(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors.Wait();
        return process.ExitCode == 0 ? output : null;
    }
}
