using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Latent.Benchmarks;

/// <summary>
/// The reference models on both engines, and with PyTorch eager where it is installed: a process for each measurement, in alternating
/// order.
/// </summary>
internal static class TrainBenchmark
{
    /// <summary>Name of the hidden command that measures one model and prints it as JSON.</summary>
    public const string OneModel = "train-one";

    public static void Run(Markdown report, double seconds, int rounds, int threads)
    {
        var script = Peer.Find();
        report
            .Heading("Training")
            .Text(
                $"Samples/s for complete training steps, medians of {rounds} rounds of {seconds} s on {threads} threads: one process per model and engine, in alternating order. "
                    + "Ratios are computed per round: median (least to greatest)."
            );
        if (script is null)
        {
            report.Text(
                "PyTorch is not included: it needs ../shared/peers/torch_train.py and Debian's python3-torch with libopenblas0-openmp."
            );
        }

        var rows = new List<string[]>();
        var ratios = new List<double>();
        foreach (var name in ReferenceModels.Names)
        {
            var hasPeer = script is not null && ReferenceModels.HasPeer(name);
            var (managed, libtorch, shipped, tuned) = (
                new List<TrainingSpeed>(),
                new List<TrainingSpeed>(),
                new List<double>(),
                new List<double>()
            );
            var placements = new List<string>();
            Action[] measurements =
            [
                () => managed.Add(Ours(name, "Managed", seconds, threads)),
                () => libtorch.Add(Ours(name, "Libtorch", seconds, threads)),
                .. hasPeer
                    ? (Action[])
                        [
                            () => shipped.Add(Peer.Measure(script!, name, seconds, threads, tuned: false)),
                            () => tuned.Add(Peer.Measure(script!, name, seconds, threads, tuned: true)),
                        ]
                    : [],
            ];
            for (var round = 0; round < rounds; round++)
            {
                Console.Error.WriteLine($"{name}: round {round + 1} of {rounds}");
                placements.Add(Placement.Measure(threads).Describe());
                // A machine that slows down during a round then favours each of them in turn.
                foreach (var measure in round % 2 == 0 ? measurements : measurements.Reverse())
                    measure();
            }

            var ratio = managed.Zip(libtorch, (a, b) => a.SamplesPerSecond / b.SamplesPerSecond).ToList();
            ratios.Add(Statistics.Median(ratio));
            string[] peers =
                script is null ? []
                : hasPeer ? [Number(Statistics.Median(shipped)), Number(Statistics.Median(tuned))]
                : ["", ""];
            rows.Add([
                name,
                Speed(managed),
                Speed(libtorch),
                .. peers,
                FormattableString.Invariant($"{Statistics.Median(ratio):0.00} ({ratio.Min():0.00} to {ratio.Max():0.00})"),
                Peak(managed),
                Peak(libtorch),
                Bytes(managed),
                Bytes(libtorch),
                string.Join(", ", placements),
            ]);
        }

        string[] others = script is null ? [] : ["PyTorch 1.13", "PyTorch tuned"];
        report.Table(
            [
                "model",
                "managed",
                "libtorch",
                .. others,
                "managed to libtorch",
                "peak MB, managed",
                "libtorch",
                "managed bytes per step, managed",
                "libtorch",
                "placement",
            ],
            rows
        );
        report.Text(
            $"geometric mean, managed to libtorch: {Math.Exp(ratios.Average(Math.Log)).ToString("0.00", CultureInfo.InvariantCulture)}"
        );
    }

    private static TrainingSpeed Ours(string name, string engine, double seconds, int threads)
    {
        // `dotnet run` starts the program's own executable, `dotnet FILE.dll` the shared host, which wants the assembly's name first.
        string[] assembly =
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Assembly.GetExecutingAssembly().Location] : [];
        string[] arguments =
        [
            .. assembly,
            OneModel,
            name,
            "--seconds",
            seconds.ToString(CultureInfo.InvariantCulture),
            "--threads",
            $"{threads}",
            "--engine",
            engine,
        ];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<TrainingSpeed>(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!
            : throw new InvalidOperationException($"Measuring {name} ended with exit code {process.ExitCode}.");
    }

    private static string Speed(List<TrainingSpeed> speeds) => Number(Statistics.Median([.. speeds.Select(s => s.SamplesPerSecond)]));

    private static string Bytes(List<TrainingSpeed> speeds) => Number(Statistics.Median([.. speeds.Select(s => s.BytesPerStep)]));

    private static string Peak(List<TrainingSpeed> speeds) => Number(speeds.Max(s => s.PeakMegabytes));

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
