using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Latent.Benchmarks;

/// <summary>The five reference models against PyTorch eager, in alternating rounds, each measurement in a process of its own.</summary>
internal static class TrainBenchmark
{
    /// <summary>Name of the hidden command that measures one model and prints it as JSON.</summary>
    public const string OneModel = "train-one";

    public static void Run(Markdown report, double seconds, int rounds, int threads)
    {
        var script = Peer.Find();
        // A section each, so that writing the one leaves the other.
        report.Heading("Training").Text($"Samples/s of whole training steps, {seconds} s a measurement, {rounds} rounds, {threads} threads, {Engine.Name}. Ratios are ours to PyTorch eager's, round by round: median (least to greatest).");
        if (script is null)
            report.Text("PyTorch is not compared: it needs ../shared/peers/torch_train.py and Debian's python3-torch with libopenblas0-openmp.");
        var rows = new List<string[]>();
        var (shipped, tuned) = (new List<double>(), new List<double>());
        foreach (var name in ReferenceModels.Names)
        {
            var (ours, plain, best, placements) = (new List<TrainingSpeed>(), new List<double>(), new List<double>(), new List<Placement>());
            for (var round = 0; round < rounds; round++)
            {
                Console.Error.WriteLine($"{name}: round {round + 1} of {rounds}");
                placements.Add(Placement.Measure(threads));
                // The order alternates, so that a machine that slows down favours nobody.
                if (round % 2 == 0)
                    ours.Add(Ours(name, seconds, threads));
                if (script is not null)
                {
                    plain.Add(Peer.Measure(script, name, seconds, threads, tuned: false));
                    best.Add(Peer.Measure(script, name, seconds, threads, tuned: true));
                }

                if (round % 2 == 1)
                    ours.Add(Ours(name, seconds, threads));
            }

            var speed = ours.Select(o => o.SamplesPerSecond).ToList();
            rows.Add([
                name, Number(Figures.Median(speed)), script is null ? "-" : Number(Figures.Median(plain)), script is null ? "-" : Number(Figures.Median(best)),
                Ratio(speed, plain, shipped), Ratio(speed, best, tuned),
                Number(Figures.Median([.. ours.Select(o => o.BytesPerStep)])), Number(ours.Max(o => o.PeakMegabytes)), $"{ours.Sum(o => o.Generation2)}",
                string.Join(", ", placements.Select(p => p.Describe()))]);
        }

        report.Table(["model", "ours", "as shipped", "tuned", "ratio as shipped", "ratio tuned", "bytes/step", "peak MB", "gen-2", "placement"], rows);
        if (script is not null)
        {
            report.Text($"geometric mean, as shipped: {Geometric(shipped)}").Text($"geometric mean, tuned: {Geometric(tuned)}");
        }
    }

    private static TrainingSpeed Ours(string name, double seconds, int threads)
    {
        // `dotnet run` starts the program's own executable, `dotnet FILE.dll` the shared host, which wants the assembly's name first.
        string[] assembly = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Assembly.GetExecutingAssembly().Location] : [];
        string[] arguments = [.. assembly, OneModel, name, "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--threads", $"{threads}"];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<TrainingSpeed>(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!
            : throw new InvalidOperationException($"Measuring {name} ended with exit code {process.ExitCode}.");
    }

    private static string Ratio(List<double> ours, List<double> theirs, List<double> medians)
    {
        if (theirs.Count == 0)
            return "-";
        var ratios = ours.Zip(theirs, (a, b) => a / b).ToList();
        medians.Add(Figures.Median(ratios));
        return FormattableString.Invariant($"{Figures.Median(ratios):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})");
    }

    private static string Geometric(List<double> ratios) => Math.Exp(ratios.Average(Math.Log)).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
